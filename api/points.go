package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

// pointStore keeps the points that stakeholders put on requests.
type pointStore interface {
	SpendPoints(ctx context.Context, sp store.Spending, entry pmo.Entry) error
	StakesOn(ctx context.Context, request string) ([]store.Stake, error)
	Stakes(ctx context.Context, portfolio, period string, v store.View) ([]store.Stake, bool, error)
	PointsSpent(ctx context.Context, portfolio string, period strategy.PointPeriod, holders []string) (map[string]int, error)
}

const (
	pointsAbout = "What others have left is not told: it would tell of confidential requests. What a request has is seen by all who may read it."
	spendAbout  = "Sets how many points of the present period you, or a group of yours, have on the request. It can be changed until the request is pulled. They come back when the request ends without being " +
		"delivered: to the present period, also when they are of an earlier one. Out of the points of a group nothing is put on a confidential request."
)

type pointsOutput struct {
	Body wire.Points
}

// points is who has which points in the present period, and where they are.
func (a *API) points(ctx context.Context, in *strategyInput) (*pointsOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	p := a.Policy.Now()
	rules := p.Points(portfolio)
	out := &pointsOutput{Body: wire.Points{Portfolio: portfolio, Name: a.portfolioName(portfolio), Policy: p.Name(), Weight: p.Scoring(portfolio).PointsWeight(),
		Budgets: []strategy.PointBudget{}, Requests: []wire.PointsRequest{}}}
	if len(rules.Holders) == 0 {
		return out, nil
	}
	period := a.pointPeriod(portfolio)
	out.Body.Period = &period
	stakes, more, err := a.Store.Stakes(ctx, portfolio, period.ID, viewOf(ctx))
	if err != nil {
		return nil, err
	}
	out.Body.Requests, out.Body.More = stakesByRequest(stakes), more
	out.Body.Budgets, err = a.budgets(ctx, portfolio, rules.Holders, stakes)
	return out, err
}

func (a *API) portfolioName(id string) string {
	for _, d := range a.Policy.Now().Document().Portfolios {
		if d.ID == id {
			return d.Name
		}
	}
	return id
}

// pointPeriod is the present one of a portfolio that has points.
func (a *API) pointPeriod(portfolio string) strategy.PointPeriod {
	p := a.Policy.Now()
	return strategy.PeriodAt(p.Points(portfolio).Kind, a.Now(), p.Calendar(portfolio).Location())
}

func stakesByRequest(stakes []store.Stake) []wire.PointsRequest {
	list := []wire.PointsRequest{}
	for _, s := range stakes {
		if n := len(list); n == 0 || list[n-1].ID != s.RequestID {
			list = append(list, wire.PointsRequest{ID: s.RequestID, Ref: pmo.Ref(s.Number), Title: s.Title, Link: linksOf(s.RequestID).Self})
		}
		last := &list[len(list)-1]
		last.Stakes = append(last.Stakes, stakeOf(s))
		if !s.Returned {
			last.Points += s.Points
		}
	}
	return list
}

func stakeOf(s store.Stake) wire.Stake {
	return wire.Stake{Holder: strategy.HolderOf(s.Holder), Period: s.Period, Points: s.Points, By: s.By, At: s.At, Returned: s.Returned}
}

// budgets are those of holders: of each what it spent on the stakes, which the caller may read, and to who may know it what is left.
func (a *API) budgets(ctx context.Context, portfolio string, holders []strategy.Allowance, stakes []store.Stake) ([]strategy.PointBudget, error) {
	actor, told := actorOf(ctx), []string{}
	mine := a.groupIDs(actor.ID)
	for _, h := range holders {
		if access.KnowsBudget(actor, h.Spender(actor.ID, mine)) {
			told = append(told, h.ID())
		}
	}
	list := []strategy.PointBudget{}
	spent := map[string]int{}
	if len(told) > 0 {
		var err error
		if spent, err = a.Store.PointsSpent(ctx, portfolio, a.pointPeriod(portfolio), told); err != nil {
			return nil, err
		}
	}
	for _, h := range holders {
		b := strategy.PointBudget{Allowance: h}
		for _, s := range stakes {
			if s.Holder == h.ID() && !s.Returned {
				b.Spent += s.Points
			}
		}
		if slices.Contains(told, h.ID()) {
			b.Left = new(max(h.Points-spent[h.ID()], 0))
		}
		list = append(list, b)
	}
	return list, nil
}

func (a *API) groupIDs(person string) []string {
	var ids []string
	for _, g := range a.Directory.GroupsOf(person) {
		ids = append(ids, g.ID)
	}
	return ids
}

type requestPointsOutput struct {
	Replayable
	Body wire.RequestPoints
}

func (a *API) requestPoints(ctx context.Context, _ *RefPath) (*requestPointsOutput, error) {
	body, err := a.pointsOn(ctx, targetOf(ctx))
	return &requestPointsOutput{Body: body}, err
}

// pointsOn are the points on a request, and those that the caller may put on it.
func (a *API) pointsOn(ctx context.Context, t *target) (wire.RequestPoints, error) {
	p, portfolio := a.Policy.Now(), t.Request.Portfolio
	out := wire.RequestPoints{Mine: []strategy.PointBudget{}, Weight: p.Scoring(portfolio).PointsWeight(), Closed: pointsClosed(&t.Request)}
	stakes, err := a.Store.StakesOn(ctx, t.ID)
	if err != nil {
		return out, err
	}
	out.PointsOn = pointsOf(stakes)
	rules, me := p.Points(portfolio), actorOf(ctx).ID
	if len(rules.Holders) == 0 {
		return out, nil
	}
	period := a.pointPeriod(portfolio)
	out.Period = &period
	mine := slices.DeleteFunc(rules.Of(me, a.groupIDs(me)), func(h strategy.Allowance) bool { return h.Group != "" && t.Request.Content.Confidential })
	if len(mine) == 0 || out.Closed != "" {
		return out, nil
	}
	present := slices.DeleteFunc(stakes, func(s store.Stake) bool { return s.Period != period.ID })
	out.Mine, err = a.budgets(ctx, portfolio, mine, present)
	return out, err
}

func pointsOf(stakes []store.Stake) wire.PointsOn {
	out := wire.PointsOn{Stakes: []wire.Stake{}}
	for _, s := range stakes {
		out.Stakes = append(out.Stakes, stakeOf(s))
		if !s.Returned {
			out.Points += s.Points
		}
	}
	return out
}

// shownPoints are those on a request as its page shows them. Without the database they are absent.
func (a *API) shownPoints(t *target) *wire.PointsOn {
	if t.Row == nil || len(a.Policy.Now().Points(t.Request.Portfolio).Holders) == 0 {
		return nil
	}
	return new(pointsOf(t.Row.Stakes))
}

// pointsClosed says why points on a request can no longer be changed; empty while they can.
func pointsClosed(r *pmo.Request) string {
	switch {
	case r.Closed():
		return "it has ended"
	case r.Pulled():
		return "it has been pulled, and no rank depends on points any more"
	}
	return ""
}

type spendInput struct {
	RefPath
	Keyed
	Body wire.SpendPoints
}

func (a *API) spendPoints(ctx context.Context, in *spendInput) (*requestPointsOutput, error) {
	t := targetOf(ctx)
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "points on "+t.ID, in.Body), in.Key, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.spend(ctx, t, in.Body)
	})
	if err != nil {
		return nil, err
	}
	body, err := a.pointsOn(ctx, t)
	return &requestPointsOutput{Replayable: replayed, Body: body}, err
}

func (a *API) spend(ctx context.Context, t *target, body wire.SpendPoints) error {
	if why := pointsClosed(&t.Request); why != "" {
		return problem.New(problem.MovedOn, "points on it can no longer be changed: %s", why)
	}
	portfolio, at := t.Request.Portfolio, a.moment()
	holder, err := a.spender(ctx, t, body.Group)
	if err != nil {
		return err
	}
	period := a.pointPeriod(portfolio)
	sp := store.Spending{Portfolio: portfolio, Period: period, Holder: holder.ID(), RequestID: t.ID, Points: body.Points, Allowance: holder.Points, By: actorOf(ctx).ID, At: at}
	err = a.Store.SpendPoints(ctx, sp, t.Request.Note(at, by(ctx), pmo.Entry{Event: pmo.EventPointsSpent, Key: "points/" + uuid.NewString(), Text: spentWords(holder.Holder, body.Points, period)}))
	if errors.Is(err, store.ErrFull) {
		return problem.InvalidField("/points", "is more than is left of the %d points of %s in %s", holder.Points, holder.Name(), period.ID)
	}
	return err
}

func spentWords(h strategy.Holder, points int, period strategy.PointPeriod) string {
	whose := "own points"
	if h.Group != "" {
		whose = "points of " + h.Group
	}
	if points == 0 {
		return fmt.Sprintf("took back the %s of %s", whose, period.ID)
	}
	return fmt.Sprintf("put %d %s of %s on it", points, whose, period.ID)
}

// spender is the holder whose points the caller spends.
func (a *API) spender(ctx context.Context, t *target, group string) (strategy.Allowance, error) {
	me := actorOf(ctx).ID
	mine := a.Policy.Now().Points(t.Request.Portfolio).Of(me, a.groupIDs(me))
	var chosen []strategy.Allowance
	for _, h := range mine {
		if group == h.Group || group == "" && mine[0].Group != "" {
			chosen = append(chosen, h)
		}
	}
	switch {
	case len(chosen) == 0 && group != "":
		return strategy.Allowance{}, problem.New(problem.Forbidden, "%s has no points that you may spend", group)
	case len(chosen) == 0:
		return strategy.Allowance{}, problem.New(problem.Forbidden, "the policy gives you no points in this portfolio")
	case len(chosen) > 1:
		var names []string
		for _, h := range chosen {
			names = append(names, h.Group)
		}
		return strategy.Allowance{}, problem.InvalidField("/group", "say which: %s", strings.Join(names, ", "))
	case chosen[0].Group != "" && t.Request.Content.Confidential:
		return strategy.Allowance{}, problem.InvalidField("/group", "the request is confidential: what is left of the group's points would tell its other members of it")
	}
	return chosen[0], nil
}
