// Package approach recommends a way of working for a request: which approach
// fits, with reasons, the runner-up, what would change the answer, and a plan
// skeleton of the right weight.
//
// It is a pure function of the answers about the work (Context) and a Policy.
// An unknown answer is a value of its own: it is never guessed, it is listed,
// and it lowers the stated confidence. The recommendation is an offer to the
// delivery team, which may choose otherwise with a reason.
//
// Sources, in our own words: the Agile Practice Guide's suitability filter and
// life-cycle grid (PMI, 2017), Boehm and Turner's five dimensions, the Stacey
// matrix, Cynefin, and the life cycles of Disciplined Agile. Numeric cuts that
// these do not give are ours, live in Policy and are labelled as such.
package approach
