// Package selection chooses what to fund: the set of most value that fits a capacity, where things share prerequisites.
//
// The problem is the Next Release Problem. Requirements have a cost and prerequisites; customers have a profit, which counts when everything
// they want, prerequisites included, is in the set; a requirement is paid for once, whoever needs it. Solve returns a set and an upper bound
// of what any set can reach. All arithmetic of the bound is in integers, so rounding cannot put it below the optimum.
//
// How: requirements that the same customers need are merged. The bound comes from the Lagrangian relaxation of the budget: at a price for
// each unit of cost, the best set is a maximum-weight closure, that is a minimum cut; Newton's method finds the price with the lowest bound
// exactly. The set comes from simulated annealing that starts at that closure, and again on what two good sets do not agree about. Customers whose
// other decision the bound excludes are decided. Branch and bound on the rest then closes the gap where the problem is small enough.
//
// The package is pure and deterministic: the same problem and the same work limit give the same answer.
package selection
