// Package approach recommends a way of working for a request: the life cycle first, then the framework where an agile one fits, with reasons,
// the runner-up, what would change the answer, and a plan skeleton of the right weight.
//
// It is a pure function of the answers about the work (Context) and of rules that the policy gives (Rules). A question nobody answered is
// never guessed: Next says which one to ask, and which approaches it can still tell apart. The recommendation is an offer to the delivery
// team, which may choose otherwise with a reason.
//
// Sources, in our own words: the Agile Practice Guide's suitability filter and life-cycle grid (PMI, 2017), Boehm and Turner's five
// dimensions (2003), the Stacey matrix, Cynefin, and the life cycles of Disciplined Agile. Numeric cuts that these do not give are ours and
// are labelled as such.
package approach
