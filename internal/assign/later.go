package assign

import "fmt"

// leastDue stands for a date that is today or past: Request.Due is above 0 where there is a date.
const leastDue = 0.01

// compare says what the plain order would do: the measure of what planning all requests together is worth.
func (b *board) compare(plan *Plan) {
	s := newState(b.problem)
	for i := 0; i < len(b.requests); {
		jobs := b.problem.together(i)
		if i += len(jobs); b.plainPlaces(s, jobs) {
			plan.Plain.Served++
			for _, k := range jobs {
				plan.Decisions[k].Plain = b.teams[s.agent[k]].ID
			}
		}
	}
	plan.Plain.Value = s.gain
}

// plainPlaces gives each of the jobs to the team that suits it best and has room, or none of them to any.
func (b *board) plainPlaces(s *state, jobs []int) bool {
	for n, i := range jobs {
		to := nobody
		for j := range b.teams {
			if s.fits(i, j) && (to == nobody || b.fits[i][j] > b.fits[i][to]) {
				to = j
			}
		}
		if to == nobody {
			for _, k := range jobs[:n] {
				s.take(k)
			}
			return false
		}
		s.put(i, to)
	}
	return true
}

// laterEffort limits the steps of the solver for each later week.
const laterEffort = 1_000_000

// later plans those without a team over the weeks to come: each week takes what the weeks before left, with the work that ends by its plan gone
// and the work of this plan still there, because nothing is planned of it yet.
func (b *board) later(plan *Plan, s *state) {
	rest, added, count := b.unplaced(s.agent), append([]float64(nil), s.added...), append([]int(nil), s.count...)
	urgent := make([]float64, len(b.teams))
	for i, r := range b.requests {
		if j := s.agent[i]; j != nobody && r.Urgent {
			urgent[j] += b.teams[j].size(r)
		}
	}
	policy, resources := b.policy, b.rest(s)
	policy.Effort = laterEffort
	for k := 0; len(rest) > 0; k++ {
		teams, known := b.teamsIn(k, added, urgent, count)
		if !known {
			return
		}
		next := newBoard(sooner(rest, k+1), teams, policy, resources, k+1)
		sol := next.solve()
		resources = next.rest(stateOf(next.problem, sol.agent))
		rest = b.wholes(next.unplaced(sol.agent))
		for i, r := range next.requests {
			j := sol.agent[i]
			if j == nobody {
				continue
			}
			size := teams[j].size(r)
			added[j] += size
			if r.Urgent {
				urgent[j] += size
			}
			count[j]++
			from := b.teams[j].Weeks[k].From
			l := &Later{Team: teams[j].ID, Week: k + 1, From: from, Text: fmt.Sprintf("If work ends by its plans, %s has room from %s on", b.teams[j].label(), from)}
			switch other := next.problem.otherOf(i); {
			case r.second:
				continue // said with the first part
			case other != nobody:
				second := b.teams[sol.agent[other]]
				l.Second, l.Text = second.ID, fmt.Sprintf("If work ends by its plans, %s and %s have room from %s on", b.teams[j].label(), second.label(), from)
			}
			plan.start(r.ID, l)
		}
	}
}

// sooner are requests with their dates as they are some weeks later.
func sooner(requests []Request, weeks int) []Request {
	list := append([]Request(nil), requests...)
	for i := range list {
		if list[i].Due > 0 {
			list[i].Due = max(list[i].Due-float64(weeks), leastDue)
		}
	}
	return list
}

// teamsIn are the teams as they are in a later week; known is false when no team says anything of it.
func (b *board) teamsIn(k int, added, urgent []float64, count []int) (teams []Team, known bool) {
	teams = append([]Team(nil), b.teams...)
	for j := range teams {
		t := &teams[j]
		if k >= len(t.Weeks) {
			t.Paused = "nothing is known of that week"
			continue
		}
		w := t.Weeks[k]
		known = true
		t.Capacity, t.Absent, t.Load, t.WIP, t.UrgentLoad = w.Capacity, 0, w.Load+added[j], w.WIP+count[j], w.UrgentLoad+urgent[j]
		t.Weeks = t.Weeks[k+1:]
	}
	return teams, known
}

// start notes where a request could start.
func (p *Plan) start(request string, l *Later) {
	for i := range p.Decisions {
		if d := &p.Decisions[i]; d.Request == request && d.Later == nil {
			d.Later = l
			d.Sentence += " " + l.Text + "."
		}
	}
}
