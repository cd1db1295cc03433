// Package forecast turns what a team finished before into when something will be finished, with its chance.
//
// The method is throughput sampling (Vacanti, Magennis): future periods are drawn with replacement from the finished
// counts of a recent window, zero days included, until the queue is done. Where it is cheap the distribution of all
// possible draws is computed exactly, far ahead by the Edgeworth series of the sum (error below half a percent of
// chance); otherwise it is estimated by seeded trials, so that the same input always gives the same answer. Dates are
// upper percentiles (P85: done by then in 85 % of futures), counts are lower ones (at least
// so many in 85 % of futures).
//
// Model is what the product forecasts with: a point forecast from several windows of throughput, corrected by how past forecasts came true
// (docs/forecasting.md). The draws are the usual method it is compared with, and what is computed exactly where a test needs it.
//
// Unknown is a value: with fewer than five periods that saw a completion the answer is "cannot forecast", never a
// number, and whatever is computed from an unknown is unknown. No chance reaches 100 % before the work is done.
//
// Times are in calendar days. Day 1 is the day after Options.Start. The package is pure: no clock, no global random
// numbers.
package forecast
