package activities

import (
	"context"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// mostNoRoom is how much accepted work a run proposes to move at most: each has long texts. The next run goes on.
const mostNoRoom = 50

// roomRules are what the policy says of what the portfolio's teams can hold.
func roomRules(p *policy.Policy, portfolio string) store.RoomRules {
	rules, days := p.AssignPolicy(), p.ForecastDays(portfolio)
	return store.RoomRules{Policy: p.Version(), WIPLimit: rules.WIPLimit, LoadCeiling: rules.LoadCeiling, Weekdays: days.Works, Holidays: days.Holidays}
}

// noRoom says of accepted work for which its teams have no room any more which team could take it and by when that would be done. It plans outside the
// portfolio's lock: what changes meanwhile is planned again by the search that follows once both sides let the work move.
func (a *Activities) noRoom(ctx context.Context, p *policy.Policy, in contract.RankInput, lost []backlog.NoRoom) ([]contract.NoRoom, error) {
	if len(lost) == 0 {
		return nil, nil
	}
	ids, from := make([]string, len(lost)), make(map[string]string, len(lost))
	for i := range lost {
		ids[i], from[lost[i].RequestID] = lost[i].RequestID, lost[i].Team
	}
	var read backlog.Placement
	var rows []store.Row
	err := a.Store.ReadPortfolio(ctx, in.Portfolio, func(tx *store.PortfolioTx) (err error) {
		if read, err = backlog.ReadPlacement(ctx, tx, p.AssignPolicyAt(in.Portfolio, in.At), nil); err != nil {
			return err
		}
		rows, err = tx.RowsOf(ctx, ids)
		return err
	})
	if err != nil {
		return nil, err
	}
	plan, decisions, err := read.Moves(rows, from, in.At)
	if err != nil {
		return nil, err
	}
	list := make([]contract.NoRoom, 0, len(lost))
	for _, l := range lost {
		n := pmo.NoRoom{Team: l.Team, Why: pmo.Truncate(l.Why, reasonBytes), At: in.At}
		if d, planned := decisions[l.RequestID]; planned {
			if n.Next, n.Move, err = a.move(ctx, in, &plan, d); err != nil {
				return nil, err
			}
		}
		list = append(list, contract.NoRoom{RequestID: l.RequestID, NoRoom: n})
	}
	return list, nil
}

// move is the team that could take the work, the first one where two are needed, and what that would bring.
func (a *Activities) move(ctx context.Context, in contract.RankInput, plan *backlog.Proposals, d assign.Decision) (team, says string, err error) {
	teams, days, placed := backlog.StartOf(d)
	var finished pmo.Date
	if placed {
		found, err := a.forecasts.Begun(ctx, in.Portfolio, plan.TeamsOf(teams), days, in.At)
		if err != nil {
			return "", "", err
		}
		if !found.CannotForecast {
			finished = found.P85.Day()
		}
	}
	return teams.Team, pmo.Truncate(plan.MoveText(d, finished), reasonBytes), nil
}
