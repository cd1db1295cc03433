package api

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/backtest"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

const (
	replayAbout = "The policy in force and the other one are run over the requests that have ended, with their contents, times and answers as they were. Each line says what was and what " +
		"would have been, `limits` what such an answer cannot say. Nothing is changed. Requests that you may not read count in the sums and are left out of the lines."
	// replayDays is how far back requests are run over where nothing else is said.
	replayDays = 365
	// pageLines is how many lines a page has where nothing else is said.
	pageLines = 50
)

type replayOutput struct{ Body wire.PolicyReplay }

func (a *API) replayPolicy(ctx context.Context, in *struct{ Body wire.ReplayPolicy }) (*replayOutput, error) {
	then, err := policy.Parse([]byte(in.Body.YAML))
	if err != nil {
		return nil, policyFaults("/yaml", err)
	}
	return a.replayed(ctx, then, in.Body.Days, in.Body.Cursor, "/cursor", cmp.Or(in.Body.Limit, pageLines))
}

type replayProposalInput struct {
	ProposalPath
	Paging
	Days int `query:"days" minimum:"1" maximum:"1095" default:"365" doc:"How far back"`
}

func (a *API) replayProposal(ctx context.Context, in *replayProposalInput) (*replayOutput, error) {
	p, err := a.storedProposal(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	then, err := policy.Parse(p.Source)
	if err != nil {
		return nil, policyFaults("/yaml", err)
	}
	return a.replayed(ctx, then, in.Days, in.Cursor, "query/cursor", in.Limit)
}

func (a *API) replayed(ctx context.Context, then *policy.Policy, days int, cursor, pointer string, limit int) (*replayOutput, error) {
	number, id, named := strings.Cut(cursor, "/")
	after, err := strconv.ParseInt(number, 10, 64)
	if cursor != "" && (!named || err != nil) {
		return nil, problem.InvalidField(pointer, "is not one that a page named")
	}
	now, err := a.policyInForce(ctx)
	if err != nil {
		return nil, err
	}
	at := a.moment()
	past, err := a.Backlogs.Past(ctx, at.AddDate(0, 0, -cmp.Or(days, replayDays)), at)
	if err != nil {
		return nil, err
	}
	found, err := backtest.Run(past, now, then)
	if err != nil {
		return nil, err
	}
	body := replayOf(found)
	body.At, body.From, body.Policy, body.More = at, past.From, now.Name(), past.More
	lines := found.Lines
	if cursor != "" {
		lines = found.After(after, id)
	}
	if len(lines) > limit {
		lines = lines[:limit]
		body.Next = fmt.Sprintf("%d/%s", lines[limit-1].Number, lines[limit-1].ID)
	}
	err = a.replayLines(ctx, &body, lines)
	return &replayOutput{Body: body}, err
}

func replayOf(r backtest.Result) wire.PolicyReplay {
	wait := func(w backtest.Wait) wire.ReplayWait {
		return wire.ReplayWait{Now: inDays(w.Now), Then: inDays(w.Then), Of: w.Of}
	}
	return wire.PolicyReplay{Requests: r.Requests, Portfolios: r.Portfolios, Severities: r.Severities, Lanes: r.Lanes, Reviewed: r.Reviewed, Routes: r.Routes,
		Late: r.Late, LateNow: r.LateNow, Ranks: r.Ranks, Earlier: r.Earlier, Later: r.Later, Ranked: r.Ranked, Unranked: r.Unranked,
		Review: wait(r.Review), Backlog: wait(r.Backlog), Items: []wire.ReplayLine{}, Limits: backtest.Limits()}
}

func inDays(d time.Duration) float64 { return d.Hours() / 24 }

// replayLines leaves out the requests that the caller may not read.
func (a *API) replayLines(ctx context.Context, out *wire.PolicyReplay, lines []backtest.Line) error {
	ids := make([]string, len(lines))
	for i := range lines {
		ids[i] = lines[i].ID
	}
	titles, err := a.Store.Titles(ctx, viewOf(ctx), ids)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		title, readable := titles[l.ID]
		if !readable {
			out.Hidden++
			continue
		}
		out.Items = append(out.Items, wire.ReplayLine{ID: l.ID, Ref: pmo.Ref(l.Number), Title: title, Was: courseOf(l.Was), Now: courseOf(l.Now), Then: courseOf(l.Then),
			Rejecters: l.Rejecters, Amended: l.Amended, Words: l.Words(), Link: linksOf(l.ID).Self})
	}
	return nil
}

func courseOf(c backtest.Course) wire.ReplayCourse {
	out := wire.ReplayCourse{Portfolio: c.Portfolio, Severity: c.Severity, Lane: c.Lane, Assumed: c.Assumed, Late: c.Late, Rank: c.Rank}
	for _, s := range c.Route {
		out.Route = append(out.Route, s.Group+" ("+s.Quorum.String()+")")
	}
	if c.Review != nil {
		out.ReviewDays = new(inDays(*c.Review))
	}
	if !c.PullAt.IsZero() {
		out.PulledAt = new(c.PullAt)
	}
	return out
}
