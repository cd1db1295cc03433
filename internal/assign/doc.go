// Package assign matches waiting requests with teams and says why.
//
// Rank decides who is served, fit decides by whom: with the default policy a better ranked request is never left
// waiting so that a worse ranked one can start, and among all plans that serve the same requests the one with the
// greatest value-weighted fit is taken, less what load, lateness and switching cost. A plan is made over all waiting
// requests at once, because the best team for each request in turn is not the best plan.
//
// Load costs more the more of it a team has (loadCost), so a plan sees the load it creates and spreads it over the
// teams by what these can hold. The cost is convex: with its tangent in its place the problem is a generalised
// assignment problem, which package gap solves with a bound, and that bound holds for the problem itself. Small
// problems whose bound and plan do not meet are enumerated.
//
// Hard limits are needed skills, capacity under the sustainable-load ceiling, the team's WIP limit, a pause and a
// team's own refusal. Every team that was not chosen carries the limit that decided it, and a request without a
// team carries what would free one, and the first later week in which a team has room if work ends by its plans.
// Loads are shown for teams; nothing here ranks people.
//
// The package is pure and deterministic: the same input gives the same plan, whatever order it arrives in.
package assign
