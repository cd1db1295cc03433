// Package gap solves the generalised assignment problem: every job goes to one agent at the least total cost, each agent within its room.
//
// The bound relaxes that every job goes to exactly one agent. What is left is a knapsack for each agent, solved by dynamic programming, so the
// bound is at least as good as that of the linear relaxation (Fisher, Jaikumar and Van Wassenhove 1986). Prices of jobs are found by
// subgradient steps. Assignments are found by simulated annealing over shifts and swaps with a price on excess load, and improved by
// ejection chains. Where bound and assignment do not meet, agents that no better assignment can use are ruled out by the bound, and the rest is
// searched depth first.
//
// The package is pure and deterministic: the same problem and work give the same answer.
package gap
