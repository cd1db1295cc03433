package api

import (
	"context"
	"math"
	"slices"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/wire"
)

type assignmentsInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
}

type assignmentsOutput struct {
	Body wire.AssignmentPlan
}

const assignmentsAbout = "All requests that wait for a team are planned together, and each reads its own answer of the plan while nothing it follows from changes. Reading it changes nothing. " +
	"Requests that you may not read are counted in the loads and not named."

// assignments answers the plan for what waits for a team, beside what the plain order comes to.
func (a *API) assignments(ctx context.Context, in *assignmentsInput) (*assignmentsOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	p, at := a.Policy.Now(), a.Now().UTC()
	found, err := a.Backlogs.Proposals(ctx, portfolio, p.AssignPolicyAt(portfolio, at), at)
	if err != nil {
		return nil, err
	}
	plan := found.Plan
	out := &assignmentsOutput{Body: wire.AssignmentPlan{Portfolio: portfolio, At: found.Batch.At, Batch: found.Batch.No, Digest: found.Batch.Digest, Policy: found.Batch.Policy,
		Value: plan.Value, Bound: plan.Bound, Gap: plan.Gap(), Exact: plan.Exact, Plain: plan.Plain}}
	for _, d := range p.Document().Portfolios {
		if d.ID == portfolio {
			out.Body.Name = d.Name
		}
	}
	out.Body.Teams, out.Body.Curve = teamsAfter(&found), waitCurve()
	return out, a.teamProposals(ctx, &found, &out.Body)
}

// teamProposals are the decisions that the reader may know of.
func (a *API) teamProposals(ctx context.Context, found *backlog.Proposals, out *wire.AssignmentPlan) error {
	out.Proposals = []wire.TeamProposal{}
	ids := make([]string, len(found.Plan.Decisions))
	for i, d := range found.Plan.Decisions {
		ids[i] = d.Request
	}
	titles, err := a.Store.Titles(ctx, viewOf(ctx), ids)
	if err != nil {
		return err
	}
	hide, err := a.hiding(ctx, found.Plan.Decisions)
	if err != nil {
		return err
	}
	for _, d := range found.Plan.Decisions {
		if d.Team != "" {
			out.Served++
		}
		title, readable := titles[d.Request]
		if !readable {
			out.Hidden++
			continue
		}
		line := wire.TeamProposal{ID: d.Request, Ref: d.Number, Title: title, Link: "/v1/requests/" + d.Request, Rank: d.Rank, Team: d.Team, Fit: d.Fit, RunnerUp: d.RunnerUp,
			Plain: d.Plain, Why: hide(d.Sentence), Others: reasonsOf(d.Others, hide), Later: d.Later}
		if second := d.Second; second != nil {
			line.Second = &wire.SecondProposal{Team: second.Team, Fit: second.Fit, RunnerUp: second.RunnerUp, Why: hide(second.Sentence), Others: reasonsOf(second.Others, hide)}
		}
		out.Proposals = append(out.Proposals, line)
	}
	return nil
}

// reasonsOf are why teams were not chosen.
func reasonsOf(others []assign.Candidate, hide func(string) string) []string {
	list := make([]string, len(others))
	for i, o := range others {
		list[i] = hide(o.Reason)
	}
	return list
}

// hiding takes the numbers of requests that the reader may not read out of the sentences of a plan. A request that took its place in it already is in
// no decision of those that wait, and may be named in one all the same.
func (a *API) hiding(ctx context.Context, list []assign.Decision) (func(string) string, error) {
	var named []int64
	for _, d := range list {
		named = append(named, numbersIn(d.Sentence)...)
		others := d.Others
		if second := d.Second; second != nil {
			named, others = append(named, numbersIn(second.Sentence)...), slices.Concat(others, second.Others)
		}
		for _, o := range others {
			named = append(named, numbersIn(o.Reason)...)
		}
	}
	hidden, err := a.unreadable(ctx, viewOf(ctx), named)
	return func(text string) string { return withoutNames(text, hidden) }, err
}

// teamsAfter are the teams before and after the plan, by week.
func teamsAfter(found *backlog.Proposals) []wire.TeamProposals {
	list := []wire.TeamProposals{}
	for i := range found.Teams {
		t := &found.Teams[i]
		line := wire.TeamProposals{Name: t.Name}
		for _, l := range backlog.Candidates(found.Teams[i:i+1], found.Rules) {
			line.TeamLoad = assign.TeamLoad{Team: t.ID, Ceiling: l.LoadCeiling, Reserve: found.Rules.Reserve, Carried: found.CarriedBy(t.Team), WIPBefore: t.WIP, WIPLimit: l.WIPLimit}
			if line.Ceiling == 0 {
				line.Ceiling = found.Rules.LoadCeiling
			}
		}
		for _, w := range found.Weeks(t) {
			line.Weeks = append(line.Weeks, wire.AssignmentWeek{From: w.From, Capacity: w.Capacity, Most: w.Capacity * line.Ceiling, Firm: w.Firm, Held: w.Held, Proposed: w.Proposed,
				WaitFactor: waitFactor(w)})
		}
		now := found.Weeks(t)[0]
		line.WIPAfter = line.WIPBefore + now.NewWIP
		line.Before, line.After, line.WaitFactor = share(now.Load()-now.Proposed, now.Capacity), share(now.Load(), now.Capacity), waitFactor(now)
		line.Waits = waitsOf(now.Load(), now.Capacity, line.Ceiling, t.SizeOf(found.Rules.AssumeSize))
		line.NextWait = line.Waits.Next.Wait
		list = append(list, line)
	}
	return list
}

// waitFactor is nil where work would wait without end.
func waitFactor(w backlog.TeamWeek) *float64 { return waitAt(share(w.Load(), w.Capacity)).Wait }

// waitsOf are the points of a team that holds some load of a capacity: now, after one more request of a size, and at its ceiling.
func waitsOf(load, capacity, ceiling, more float64) wire.TeamWaits {
	now := share(load, capacity)
	return wire.TeamWaits{Now: waitAt(now), Next: waitAt(share(load+more, capacity)), Ceiling: waitAt(ceiling), Pooled: finite(assign.PooledWait(2, now))}
}

// waitAt is a point of the curve.
func waitAt(load float64) wire.WaitPoint {
	return wire.WaitPoint{Load: load, Wait: finite(assign.Kingman(load, 1, 1, 1))}
}

// finite is nil for what has no end.
func finite(f float64) *float64 {
	if math.IsInf(f, 1) {
		return nil
	}
	return &f
}

// curveSteps is in how many equal steps the curve of the wait goes to full load, which is not on it: there work waits without end.
const curveSteps = 40

func waitCurve() []wire.WaitPoint {
	list := make([]wire.WaitPoint, curveSteps)
	for i := range list {
		list[i] = waitAt(float64(i) / curveSteps)
	}
	return list
}

// share is a load as a share of a capacity; all of it where there is none.
func share(load, capacity float64) float64 {
	switch {
	case load <= 0:
		return 0
	case capacity <= 0:
		return 1
	default:
		return load / capacity
	}
}
