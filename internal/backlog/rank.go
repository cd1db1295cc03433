package backlog

import (
	"cmp"
	"context"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// Lead is the time in which 85 % of the finished requests were done; P85 is 0 when too little is known.
type Lead struct {
	P85 time.Duration
	Of  int // finished requests it rests on
}

// leadWindow is how far back finished requests count.
const leadWindow = 365 * 24 * time.Hour

// leadTime forecasts how long a request takes from its pull until it is accepted.
func leadTime(ctx context.Context, tx *store.PortfolioTx, at time.Time) (Lead, error) {
	days, err := tx.CycleDays(ctx, at.Add(-leadWindow))
	if err != nil {
		return Lead{}, err
	}
	found := forecast.Remaining(days, 0, forecast.Options{Start: at})
	if len(days) < forecast.MinCycles || found.CannotForecast || found.P85.Beyond {
		return Lead{Of: len(days)}, nil
	}
	return Lead{P85: time.Duration(found.P85.Days) * 24 * time.Hour, Of: len(days)}, nil
}

// Items are the requests of the snapshot as the engine ranks them; dates begin in the zone.
func (s Snapshot) Items(zone *time.Location) []priority.Item {
	list := make([]priority.Item, 0, len(s.Waiting))
	for i := range s.Waiting {
		w := &s.Waiting[i]
		item := priority.Item{ID: w.ID, Number: w.Number, SubmittedAt: w.SubmittedAt, Class: priority.Class(w.Class),
			Inputs: priority.Inputs(w.Inputs), LeadP85: s.Lead.P85, PrevRank: w.PreviousRank, Points: w.Points}
		if date, err := w.WantedBy.Time(zone); err == nil {
			item.FixedDate = &date
		}
		list = append(list, item)
	}
	s.Needs.addTo(list)
	return list
}

// previousRanking rebuilds the portfolio's current ranking from what is recorded of it, for the requests that still wait. Runs before 0.8
// recorded no dates: today's are used, and a move by an amended date counts as a change of policy or near-ties.
func previousRanking(recorded store.PreviousRanking, waiting []store.Waiting, now []priority.Item, rules priority.Policy) priority.Ranking {
	r := priority.Ranking{Policy: rules, At: recorded.At}
	last, ids := 0, map[int64]string{}
	for i := range waiting {
		last = max(last, waiting[i].PreviousRank)
		if waiting[i].PreviousRank != 0 {
			ids[waiting[i].Number] = waiting[i].ID
		}
	}
	byRank := make([]int, last+1) // one more than the index in waiting, because ranks are unique
	if recorded.Policy != rules.Version {
		r.Policy = priority.Policy{Version: recorded.Policy}
	}
	known := 0
	for i := range waiting {
		if rank := waiting[i].PreviousRank; rank != 0 {
			byRank[rank] = i + 1
			known++
		}
	}
	r.Entries = make([]priority.Entry, 0, known)
	for rank, at := range byRank {
		if at == 0 {
			continue
		}
		w, item := &waiting[at-1], now[at-1]
		item.Class, item.Inputs, item.LeadP85 = priority.Class(w.PreviousClass), priority.Inputs(w.PreviousInputs), recorded.Lead
		item.Needs, item.Points = nil, w.PreviousPoints
		for _, number := range w.PreviousNeeds {
			item.Needs = append(item.Needs, cmp.Or(ids[number], pmo.Ref(number))) // what has left the backlog is named by its number
		}
		if recorded.Model != "" && item.Class == priority.FixedDate {
			item.FixedDate = w.PreviousDate
		}
		r.Entries = append(r.Entries, priority.Entry{Item: item, Rank: rank})
	}
	return r
}

func limits(p *policy.Policy, portfolio string) priority.Limits {
	l := p.Limits(portfolio)
	out := priority.Limits{Portfolio: &l.WIP, Classes: map[priority.Class]priority.ClassLimit{}}
	for class, limit := range l.Classes {
		if class == pmo.ClassExpedite {
			out.Expedite = limit.Max
			continue
		}
		out.Classes[priority.Class(class)] = priority.ClassLimit{Max: limit.Max, Reserved: limit.Reserved}
	}
	return out
}
