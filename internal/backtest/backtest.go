// Package backtest runs a policy over requests that have ended: which portfolio, severity, lane and way through review it would have given them, how long
// the same people would have been waited for, and when the same free places would have gone to which request. It reads nothing and changes nothing.
package backtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// Request is a request as it was.
type Request struct {
	pmo.Request
	BacklogAt time.Time // when it entered the backlog, for the last time before its pull; zero: never
	Override  bool      // the PMO pulled it, whatever its rank
}

// Past is what a policy is run over.
type Past struct {
	From  time.Time
	Ended []Request // newest first
	// Rivals are requests that have not ended, as far as they waited for the same places.
	Rivals []Request
	More   int                      // requests that ended in this time and are not among Ended: they are too many
	Lead   map[string]time.Duration // by portfolio: in which 85 % are done after the pull; 0: not known
}

// Facts are what a policy derives from the content of a request.
type Facts struct {
	Portfolio string          `json:"portfolio"`
	Severity  string          `json:"severity"`
	Lane      pmo.Lane        `json:"lane"`
	Route     []pmo.RouteStep `json:"route,omitempty"` // nil: it did not come to review
}

// Course is how a request went, or would have gone.
type Course struct {
	Facts
	Review  *time.Duration // how long review took; nil: no review, or not known
	Assumed bool           // of Review, a part is the usual time of a group that was not asked, or asked for less
	Late    []string       // groups that answered after the deadline
	Rank    int            // at the moment of its pull, among those that waited then; 0: it was not pulled
	PullAt  time.Time      // zero: never
}

// Line is a request that went, or would have gone, another way.
type Line struct {
	ID     string
	Number int64
	Was    Course // as recorded
	Now    Course // by the rules in force
	Then   Course // by the rules asked about
	// Rejecters are groups that said no and would not have been asked.
	Rejecters []string
	// BacklogAt is when it entered the backlog; zero: never.
	BacklogAt time.Time
	// LeftAt is when it left the backlog without being pulled; zero: it was pulled.
	LeftAt  time.Time
	Amended bool // its content was changed after it was submitted
}

// Result is what would have been different.
type Result struct {
	Requests   int // that the policy was run over
	Portfolios int // of these in another portfolio
	Severities int
	Lanes      int
	Routes     int
	Reviewed   int // that came to review
	Late       int // with a group that would have answered after its deadline
	LateNow    int // the same by the rules in force
	Ranks      int // at another place when they were pulled
	Earlier    int // pulled earlier
	Later      int
	Review     Wait
	Backlog    Wait
	Ranked     int // pulls that were run again
	Unranked   int // pulls that were not, because they would have been too much work
	Lines      []Line
}

// Wait is a waiting time in the middle: half of the requests waited longer.
type Wait struct {
	Now  time.Duration
	Then time.Duration
	Of   int // requests for which both are known
}

// Run runs the policy in force and another one over the past.
func Run(past Past, now, then *policy.Policy) (Result, error) {
	usual := usualTimes(past.Ended)
	before, after := pulls(past, now), pulls(past, then)
	out := Result{Requests: len(past.Ended), Ranked: after.ranked, Unranked: after.skipped}
	var review, backlog pairs
	for i := range past.Ended {
		r := &past.Ended[i]
		line := Line{ID: r.ID, Number: r.Number, Was: recorded(r), BacklogAt: r.BacklogAt, Amended: r.Revision > 1}
		if !r.BacklogAt.IsZero() && r.PulledAt.IsZero() {
			line.LeftAt = r.ClosedAt
		}
		var err error
		if line.Now, err = course(r, now, usual); err != nil {
			return out, err
		}
		if line.Then, err = course(r, then, usual); err != nil {
			return out, err
		}
		before.add(&line.Now, r.ID)
		after.add(&line.Then, r.ID)
		line.Rejecters = rejecters(r, line.Then.Route)
		out.count(line)
		review.add(line.Now.Review, line.Then.Review)
		backlog.add(waited(r, line.Now), waited(r, line.Then))
		if line.differs() {
			out.Lines = append(out.Lines, line)
		}
	}
	out.Review, out.Backlog = review.middle(), backlog.middle()
	slices.SortFunc(out.Lines, func(a, b Line) int { return a.order(b.Number, b.ID) })
	return out, nil
}

// order is the place of a line beside another one: newest first. Requests that ended before they got a number come last.
func (l Line) order(number int64, id string) int {
	return cmp.Or(cmp.Compare(number, l.Number), cmp.Compare(l.ID, id))
}

// After are the lines that come after the one of a request.
func (r *Result) After(number int64, id string) []Line {
	i, found := slices.BinarySearchFunc(r.Lines, id, func(l Line, id string) int { return l.order(number, id) })
	if found {
		i++
	}
	return r.Lines[i:]
}

// recorded is how a request went.
func recorded(r *Request) Course {
	c := Course{Facts: Facts{Portfolio: r.Portfolio, Severity: r.Severity, Lane: r.Lane}, PullAt: r.PulledAt}
	if r.Route != nil {
		c.Route = r.Route.Steps
		c.Review, _ = reviewTime(r, r.Route.Steps, nil)
	}
	for _, q := range reviews(r) {
		if q.answeredAfter(q.DueAt) {
			c.Late = append(c.Late, q.Group)
		}
	}
	return c
}

// course is how a request would have gone by a policy, without its place in the backlog.
func course(r *Request, p *policy.Policy, usual map[string]time.Duration) (Course, error) {
	a := p.Admit(r.Content, nil)
	c := Course{Facts: Facts{Portfolio: a.Portfolio, Severity: a.Severity, Lane: a.Lane}}
	if r.Route == nil {
		return c, nil
	}
	route, err := p.Route(pmo.RouteInput{ID: r.ID, Portfolio: a.Portfolio, Lane: a.Lane, Severity: a.Severity, Requester: r.Requester, Content: r.Content})
	if err != nil {
		return c, fmt.Errorf("run the policy over %s: %w", pmo.Ref(r.Number), err)
	}
	c.Route = route.Steps
	c.Review, c.Assumed = reviewTime(r, route.Steps, usual)
	for _, q := range reviews(r) {
		asked := slices.ContainsFunc(route.Steps, func(s pmo.RouteStep) bool { return s.Group == q.Group })
		if asked && q.answeredAfter(p.ReviewDue(q.Group, a.Portfolio, q.OpenedAt)) {
			c.Late = append(c.Late, q.Group)
		}
	}
	return c, nil
}

func (out *Result) count(l Line) {
	add := func(n *int, holds bool) {
		if holds {
			*n++
		}
	}
	add(&out.Portfolios, l.Then.Portfolio != l.Was.Portfolio)
	add(&out.Severities, l.Then.Severity != l.Was.Severity)
	add(&out.Lanes, l.Then.Lane != l.Was.Lane)
	add(&out.Routes, !sameRoute(l.Then.Route, l.Was.Route))
	add(&out.Reviewed, l.Was.Route != nil)
	add(&out.Late, len(l.Then.Late) > 0)
	add(&out.LateNow, len(l.Now.Late) > 0)
	add(&out.Ranks, l.Then.Rank != l.Now.Rank)
	add(&out.Earlier, sooner(l.Then.PullAt, l.Now.PullAt))
	add(&out.Later, sooner(l.Now.PullAt, l.Then.PullAt))
}

// sooner reports whether a pull comes before another; never comes last.
func sooner(a, b time.Time) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }

// differs reports whether the rules asked about lead elsewhere than what was, or than the rules in force. Ranks and pulls are compared with the
// rules in force alone: both are computed in the same way.
func (l Line) differs() bool {
	return l.Then.Portfolio != l.Was.Portfolio || l.Then.Lane != l.Was.Lane || l.Then.Severity != l.Was.Severity || !sameRoute(l.Then.Route, l.Was.Route) ||
		!slices.Equal(l.Then.Late, l.Now.Late) || l.Then.Rank != l.Now.Rank || !l.Then.PullAt.Equal(l.Now.PullAt)
}

func sameRoute(a, b []pmo.RouteStep) bool { return slices.Equal(a, b) }

// waited is how long a request was, or would have been, in the backlog.
func waited(r *Request, c Course) *time.Duration {
	if r.BacklogAt.IsZero() || c.PullAt.IsZero() {
		return nil
	}
	return new(c.PullAt.Sub(r.BacklogAt))
}

// pairs are waiting times by the two policies, of the requests for which both are known.
type pairs struct{ now, then []time.Duration }

func (p *pairs) add(now, then *time.Duration) {
	if now != nil && then != nil {
		p.now, p.then = append(p.now, *now), append(p.then, *then)
	}
}

func (p *pairs) middle() Wait {
	return Wait{Now: median(p.now), Then: median(p.then), Of: len(p.now)}
}

func median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}
