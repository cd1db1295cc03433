package backlog

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/simulate"
	"leanpmo/internal/store"
)

const (
	// simulatedBacklog is how many of those that wait are simulated: the best ranked.
	simulatedBacklog = 500
	// simulatedPast is how many of the past requests arrivals are drawn from: the newest.
	simulatedPast = 1000
	// simulatedImports is how much imported work the numbers of arrivals are drawn from: the newest.
	simulatedImports = 5000
	// arrivalWindow is how far back arrivals and finished requests count.
	arrivalWindow = 365 * 24 * time.Hour
	// reviewWindow is how long before that a request may have been submitted.
	reviewWindow = 90 * 24 * time.Hour
)

// Simulation is what the next weeks of a portfolio are simulated from.
type Simulation struct {
	Portfolio string
	Teams     []store.TeamLoad
	Resources []pmo.Resource
	// LeftOut is how many more wait than are simulated.
	LeftOut int
	// Input is without the weeks, the scenarios and the resources.
	Input simulate.Input
}

// Simulation reads it. Dates begin in the zone.
func (r Reader) Simulation(ctx context.Context, portfolio string, at time.Time, zone *time.Location) (Simulation, error) {
	s := Simulation{Portfolio: portfolio, Input: simulate.Input{At: at.In(zone)}}
	err := r.Store.ReadPortfolio(ctx, portfolio, func(tx *store.PortfolioTx) error {
		read, err := Read(ctx, tx, portfolio, at)
		if err != nil {
			return err
		}
		if err := s.readBacklog(ctx, tx, read, zone); err != nil {
			return err
		}
		if err := s.readWork(ctx, tx, zone); err != nil {
			return err
		}
		return s.readPast(ctx, tx, read.Lead, zone)
	})
	return s, err
}

func (s *Simulation) readBacklog(ctx context.Context, tx *store.PortfolioTx, read Snapshot, zone *time.Location) error {
	rows, err := tx.BacklogRows(ctx, simulatedBacklog)
	if err != nil {
		return err
	}
	items := map[string]priority.Item{}
	for _, item := range read.Items(zone) {
		items[item.ID] = item
	}
	s.LeftOut = len(read.Waiting) - len(rows)
	for _, row := range rows {
		item, ok := items[row.ID]
		if !ok {
			continue
		}
		r := simulated(row, item, row.StageSince)
		for _, p := range read.Needs.graph.Pending(row.ID) {
			r.Pending = append(r.Pending, p.ID)
		}
		s.Input.Backlog = append(s.Input.Backlog, r)
	}
	return nil
}

func (s *Simulation) readWork(ctx context.Context, tx *store.PortfolioTx, zone *time.Location) error {
	var err error
	if s.Teams, err = tx.Teams(ctx); err != nil {
		return err
	}
	holds, err := tx.Holds(ctx)
	if err != nil {
		return err
	}
	held := heldBy(holds)
	if s.Resources, err = tx.Resources(ctx); err != nil {
		return err
	}
	rows, err := tx.SlotRows(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		r := simulated(row, itemOf(row.Request, zone), row.PulledAt)
		if h, ok := held[row.ID]; ok {
			s.Input.Held = append(s.Input.Held, h.work(r, row.PulledAt))
		} else {
			s.Input.ForTeam = append(s.Input.ForTeam, r)
		}
	}
	return nil
}

// holding is what teams hold of a request: the second one is empty where one has all of it.
type holding struct{ first, second store.TeamHold }

func heldBy(holds []store.TeamHold) map[string]holding {
	held := make(map[string]holding, len(holds))
	for _, h := range holds {
		both := held[h.RequestID]
		if h.Second {
			both.second = h
		} else {
			both.first = h
		}
		held[h.RequestID] = both
	}
	return held
}

// work is the request with what is held for it, whatever it says by now that it needs.
func (h holding) work(r simulate.Request, since time.Time) simulate.Held {
	r.Work.Size, r.Work.Second, r.Work.Resources = h.first.Size, nil, pmo.ResourceNeeds(h.first.Resources)
	if h.second.Team != "" {
		r.Work.Second = &assign.Part{Size: h.second.Size}
	}
	return simulate.Held{Request: r, Team: h.first.Team, Second: h.second.Team, Since: since}
}

// readPast leaves out what ended without being begun: it never took a team's time.
func (s *Simulation) readPast(ctx context.Context, tx *store.PortfolioTx, lead Lead, zone *time.Location) error {
	since := s.Input.At.Add(-arrivalWindow)
	arrived, err := tx.Arrived(ctx, since.Add(-reviewWindow), simulatedPast)
	if err != nil {
		return err
	}
	s.Input.Past = simulate.Past{From: since, Until: s.Input.At}
	for _, p := range arrived {
		if p.Closed() && p.PulledAt.IsZero() {
			continue
		}
		r := simulated(store.Row{Request: p.Request}, itemOf(p.Request, zone), p.BacklogAt)
		r.Item.LeadP85 = lead.P85
		s.Input.Past.Requests = append(s.Input.Past.Requests, r)
	}
	if len(arrived) == simulatedPast && arrived[simulatedPast-1].BacklogAt.After(since) { // before the oldest of them others are missing
		s.Input.Past.From = arrived[simulatedPast-1].BacklogAt
	}
	if s.Input.Past.Imported, err = tx.ImportedArrivals(ctx, since, simulatedImports); err != nil {
		return err
	}
	cycles, err := tx.Cycles(ctx, since)
	for _, c := range cycles {
		s.Input.Past.Cycles = append(s.Input.Past.Cycles, simulate.Cycle{Team: c.Team, Days: c.Until.Sub(c.From).Hours() / 24})
	}
	return err
}

// simulated is a request as it is simulated. An unknown size stays unknown, because policies assume different ones. Which kinds of work may use the
// reserve is said by the policies too.
func simulated(row store.Row, item priority.Item, arrived time.Time) simulate.Request {
	_, share := row.Content.SecondTeam.Sizes(1)
	return simulate.Request{Item: item, Work: AssignRequest(row, policy.AssignPolicy{}), Share: share, Kind: row.Content.Kind, Arrived: arrived}
}

func itemOf(r pmo.Request, zone *time.Location) priority.Item {
	item := priority.Item{ID: r.ID, Number: r.Number, SubmittedAt: r.SubmittedAt, Class: priority.Class(r.Content.Class), Inputs: priority.Inputs(r.Content.Inputs)}
	if date, err := r.Content.WantedBy.Time(zone); err == nil {
		item.FixedDate = &date
	}
	return item
}

// Compare simulates some weeks under a policy with the teams as they are, and under another one with other teams. then may be nil.
func (s Simulation) Compare(ctx context.Context, weeks int, now, then *policy.Policy, teams []store.TeamLoad) (simulate.Result, error) {
	in := s.Input
	in.Weeks, in.Now, in.Resources = weeks, s.scenario(now, s.Teams, weeks), s.resources(weeks)
	if then != nil {
		other := s.scenario(then, teams, weeks)
		in.Then = &other
	}
	return simulate.Simulate(ctx, in)
}

// resources are how much there is, of each that a request needs, for work that begins in a week: the least of that week and those after it that an
// assignment looks at, because work has no known end.
func (s Simulation) resources(weeks int) []simulate.Resource {
	var list []simulate.Resource
	first := pmo.Date(s.Input.At.Format(time.DateOnly))
	needed := s.needed()
	for _, r := range s.Resources {
		if !needed[r.ID] {
			continue
		}
		least := make([]float64, weeks+policy.WeeksAhead-1)
		for w := range least {
			least[w] = r.Least(first.Plus(7*w), first.Plus(7*w+6))
		}
		shared := simulate.Resource{ID: r.ID, Name: r.Name}
		for w := range weeks {
			shared.Weeks = append(shared.Weeks, slices.Min(least[w:w+policy.WeeksAhead]))
		}
		list = append(list, shared)
	}
	return list
}

// needed are the resources that a request needs: one of now, or one of the past that arrivals are drawn from.
func (s Simulation) needed() map[string]bool {
	ids := map[string]bool{}
	add := func(r simulate.Request) {
		for id := range r.Work.Resources {
			ids[id] = true
		}
	}
	for _, r := range slices.Concat(s.Input.Backlog, s.Input.ForTeam, s.Input.Past.Requests) {
		add(r)
	}
	for _, h := range s.Input.Held {
		add(h.Request)
	}
	return ids
}

func (s Simulation) scenario(p *policy.Policy, teams []store.TeamLoad, weeks int) simulate.Scenario {
	rules := p.AssignPolicy()
	out := simulate.Scenario{Scoring: p.Scoring(s.Portfolio), Limits: limits(p, s.Portfolio), Assign: Assigning(rules), AssumeSize: rules.AssumeSize, Needs: simulate.Begin(p.Prerequisites()), ReserveKinds: rules.ReserveKinds}
	calendar := p.Calendar(s.Portfolio)
	for i, t := range Candidates(teams, rules) {
		t.Load, t.WIP = 0, 0 // what it works on is simulated
		team := simulate.Team{Team: t}
		for w := range weeks {
			from := s.Input.At.In(calendar.Location()).AddDate(0, 0, 7*w)
			days := p.WorkingDays(s.Portfolio, from, 7)
			week := simulate.Week{From: from.Format(time.DateOnly), Capacity: teams[i].CapacityIn(days), Speed: days.Open()}
			if t.Capacity > 0 {
				week.Speed = week.Capacity / t.Capacity
			}
			team.Weeks = append(team.Weeks, week)
		}
		out.Teams = append(out.Teams, team)
	}
	return out
}
