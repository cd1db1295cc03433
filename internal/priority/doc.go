// Package priority turns the inputs of waiting requests and a policy into
// scores, ranks and explanations, and decides which ranked requests are pulled
// into the free slots of a portfolio.
//
// Every function here is pure: the caller passes the time, nothing is read,
// written or drawn at random, and the order of the items does not matter. Inputs are stored with every entry, so a
// ranking can be recomputed, compared with the one before it (Diff) and put
// into words later (Explain) without the system it came from.
//
// The default model is WSJF: cost of delay divided by job size (SAFe), with
// class of service (Kanban) deciding between lanes. Without a money scale its
// scores are ordinal: they order one list and cannot be compared across lists.
package priority
