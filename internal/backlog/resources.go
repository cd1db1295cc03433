package backlog

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// ResourceWeek is how much of a resource there is in a week, and how much of it is held by requests under way.
type ResourceWeek struct {
	From         pmo.Date
	Amount, Held float64
}

// ResourceWeeks are this week and those after it, of a resource: the least that there is on any day of each, and what is held until the plans of those that hold it end.
func ResourceWeeks(r pmo.Resource, holds []store.TeamHold, rules policy.AssignPolicy) []ResourceWeek {
	days := []pmo.Date{rules.Today}
	for _, w := range rules.Weeks {
		days = append(days, w.From)
	}
	var weeks []ResourceWeek
	for _, from := range days {
		week := ResourceWeek{From: from, Amount: r.Least(from, from.Plus(6))}
		for _, h := range holds {
			if from == rules.Today || !Ended(h.Until, rules.Today, from) {
				week.Held += pmo.ResourceNeeds(h.Resources)[r.ID]
			}
		}
		week.Held = math.Round(week.Held*1e6) / 1e6
		weeks = append(weeks, week)
	}
	return weeks
}

// resources are what of the resources is free by week, without what was taken.
func (p *Placement) resources(taken map[string]store.AssignmentPlace) []assign.Resource {
	if p.Rules.Today == "" {
		return nil
	}
	holds := slices.DeleteFunc(slices.Clone(p.Holds), func(h store.TeamHold) bool { _, ok := taken[h.RequestID]; return ok })
	var list []assign.Resource
	for _, r := range p.Resources {
		free := assign.Resource{ID: r.ID, Name: r.Name}
		for _, w := range ResourceWeeks(r, holds, p.Rules) {
			free.Weeks = append(free.Weeks, assign.ResourceWeek{From: string(w.From), Free: w.Amount - w.Held})
		}
		list = append(list, free)
	}
	return list
}

// Overdrawn are the requests for which an amount of a resource would no longer be enough, by what they hold: those of the first day on which there would be
// less than is held and less than before. Empty where there is none.
func Overdrawn(then, before pmo.Resource, holds []store.TeamHold, today pmo.Date) (day pmo.Date, over []store.TeamHold) {
	days := []pmo.Date{today}
	for _, a := range slices.Concat(then.Amounts, before.Amounts) {
		days = append(days, a.From)
		if a.Until != "" {
			days = append(days, a.Until.Plus(1))
		}
	}
	slices.Sort(days)
	for _, day := range slices.Compact(days) {
		if day < today {
			continue
		}
		held, over := 0.0, []store.TeamHold(nil)
		for _, h := range holds {
			if need := pmo.ResourceNeeds(h.Resources)[then.ID]; need > 0 && !Ended(h.Until, today, day) {
				held, over = held+need, append(over, h)
			}
		}
		if there := then.On(day); there < held-1e-9 && there < before.On(day) {
			return day, over
		}
	}
	return "", nil
}

// TooLittle says why a need of a request that has its place cannot grow to an amount, by its own hold and by what others hold: what would be free of the
// resource in the first week in which that is too little, until its plan ends. Empty where it can, or where it does not grow.
func TooLittle(need string, own store.TeamHold, holds []store.TeamHold, resources []pmo.Resource, rules policy.AssignPolicy) string {
	id, amount, ok := pmo.ResourceNeed(need)
	if !ok || amount <= pmo.ResourceNeeds(own.Resources)[id] {
		return ""
	}
	at := slices.IndexFunc(resources, func(r pmo.Resource) bool { return r.ID == id })
	if at < 0 {
		return "is no resource of the portfolio"
	}
	others := slices.DeleteFunc(slices.Clone(holds), func(h store.TeamHold) bool { return h.RequestID == own.RequestID })
	for k, week := range ResourceWeeks(resources[at], others, rules) {
		if free := week.Amount - week.Held; free < amount-1e-9 && (k == 0 || !Ended(own.Until, rules.Today, week.From)) {
			return fmt.Sprintf("is more than is free in the week from %s: %s of %s", week.From, strconv.FormatFloat(max(free, 0), 'f', -1, 64), id)
		}
	}
	return ""
}
