// Package simulate plays the next weeks of a portfolio many times and says what came out: what is delivered and of what value, how long requests
// wait, how loaded the teams are. It answers what another policy or other teams would change.
//
// A run begins with what there is now: the backlog, what waits for a team and what teams work on. Requests arrive as in the past: the counts of
// weeks and the requests themselves are drawn again from those that came (bootstrap, Efron 1979). Finished work that was imported from another tool adds weeks to the counts. They are ranked and pulled by package priority
// and given to teams by package assign, under the same limits as real ones. A team works on a request for as many days as one of its finished
// requests took, drawn again; days off and absences slow it down. A request that needs two teams begins where both have room, and ends with the slower
// part; both are loaded until then.
//
// The order is made anew each week and when something urgent arrives. Free places are filled every day; what arrived since the order was made comes
// last, where a team has room for nothing before it.
//
// Both sides of a comparison get the same arrivals and the same draws (common random numbers, Law and Kelton), so that what differs is due to the
// policy or the teams. The seed follows from the inputs: the same question has the same answer, whatever order its inputs come in. How many runs
// there are follows from the work they take, counted and not timed.
//
// Results are about the portfolio and its teams. Nothing here says what a person will do.
package simulate
