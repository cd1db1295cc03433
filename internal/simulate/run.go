package simulate

import (
	"math"
	"slices"
	"time"

	"leanpmo/internal/assign"
	"leanpmo/internal/priority"
)

// run is one run of a scenario.
type run struct {
	in    *Input
	s     *Scenario
	paces paces
	jobs  []job
	byID  map[string]*job
	teams []assign.Team  // with what they hold on the day
	used  []float64      // of each resource on the day
	known map[suit][]int // the teams that suit a part of a request of the input

	day     int
	next    int    // of jobs, the first that has not come yet
	live    []*job // those that have come, without those that were delivered before this week
	order   priority.Ranking
	ranked  map[string]bool
	entries []priority.Entry // for pulls, used again
	missing int              // how many of the latest order cannot be scored

	work int64
	out  *tally
}

// newRun begins a run. known is kept from run to run.
func (in *Input) newRun(s *Scenario, p paces, jobs []job, known map[suit][]int, out *tally) *run {
	r := &run{in: in, s: s, paces: p, jobs: slices.Clone(jobs), byID: make(map[string]*job, len(jobs)), used: make([]float64, len(in.Resources)), known: known, out: out}
	for _, t := range s.Teams {
		r.teams = append(r.teams, t.Team)
	}
	for i := range r.jobs {
		j := &r.jobs[i]
		r.byID[j.item.ID] = j
		j.work.Urgent = j.work.Urgent || slices.Contains(s.ReserveKinds, j.sort)
		j.parts = r.partsOf(j)
		if j.day == 0 && j.arrived <= 0 {
			r.next, r.live = i+1, append(r.live, j)
		}
	}
	r.begin()
	return r
}

// all are the days of the run.
func (r *run) all() error {
	for ; r.day < 7*r.in.Weeks; r.day++ {
		if err := r.today(); err != nil {
			return err
		}
	}
	r.out.ended(r)
	return nil
}

// begin gives the teams what they hold. What is held of a team that is not there any more has its slot and no capacity.
func (r *run) begin() {
	held := map[string][2]string{}
	for i := range r.in.Held {
		h := &r.in.Held[i]
		held[h.Item.ID] = [2]string{h.Team, h.Second}
	}
	for i := range r.jobs {
		switch j := &r.jobs[i]; {
		case j.at == inWork:
			for i := range j.parts {
				p, team := &j.parts[i], held[j.item.ID][i]
				p.team = slices.IndexFunc(r.s.Teams, func(t Team) bool { return t.ID == team })
				p.left = left(r.paces.of(team), -j.since, j.u[i])
			}
			r.hold(j, 1)
		case j.at == forTeam && (!j.takenBy(func(*part, int) bool { return true }) || j.lacking()): // it would keep its slot for ever
			j.at = waiting
		}
	}
}

// hold takes capacity of the job's teams and what it needs of resources, or gives them back. A team whose part is done holds it until all is.
func (r *run) hold(j *job, sign int) {
	r.use(j, float64(sign))
	for i := range j.parts {
		if p := &j.parts[i]; p.team != nobody {
			r.load(j, p, sign)
		}
	}
}

// load takes capacity of the team of a part, or gives it back.
func (r *run) load(j *job, p *part, sign int) {
	t := &r.teams[p.team]
	t.WIP += sign
	taken := float64(sign) * p.size
	if !j.held {
		taken = float64(sign) * t.SizeFor(p.size)
	}
	t.Load = max(t.Load+taken, 0)
	if j.work.Urgent {
		t.UrgentLoad = max(t.UrgentLoad+taken, 0)
	}
	if t.WIP == 0 {
		t.Load, t.UrgentLoad = 0, 0 // without what rounding left
	}
}

func (r *run) week() int { return r.day / 7 }

func (r *run) now() time.Time { return r.in.At.AddDate(0, 0, r.day) }

// today is one day: what comes, what is pulled and begun, and the work.
func (r *run) today() error {
	changed, urgent := r.day%7 == 0, false
	if changed {
		r.newWeek()
	}
	for ; r.next < len(r.jobs) && r.jobs[r.next].day <= r.day; r.next++ {
		j := &r.jobs[r.next]
		r.live = append(r.live, j)
		j.at, changed, urgent = waiting, true, urgent || j.item.Class == priority.Expedite
	}
	if r.out.freed || changed {
		r.out.freed = false
		if err := r.decide(r.day%7 == 0 || urgent); err != nil {
			return err
		}
	}
	if r.day%7 == 0 {
		r.out.week(r)
	}
	r.workOn()
	return nil
}

// newWeek gives the teams the capacity of the week. What had no room may have it now.
func (r *run) newWeek() {
	for k := range r.teams {
		r.teams[k].Capacity, r.teams[k].Absent = r.s.Teams[k].Weeks[r.week()].Capacity, 0
	}
	r.live = slices.DeleteFunc(r.live, func(j *job) bool { return j.at == delivered })
	for _, j := range r.live {
		j.tried = false
	}
}

// workOn is a day of work of all teams.
func (r *run) workOn() {
	for _, j := range r.live {
		if j.at != inWork {
			continue
		}
		took, done := r.worked(j)
		if !done {
			r.out.busy++
			continue
		}
		r.out.busy += took
		j.at, j.end = delivered, float64(r.day)+took
		r.hold(j, -1)
		r.free(j)
		r.out.delivered(j)
	}
	r.work += int64(len(r.live)) * dayWork
}

// worked is a day of work on a job: it is done with the last of its parts.
func (r *run) worked(j *job) (took float64, done bool) {
	done = true
	for i := range j.parts {
		p, speed := &j.parts[i], 1.0
		if p.team != nobody {
			speed = r.s.Teams[p.team].Weeks[r.week()].Speed
		}
		t, ended := p.worked(speed)
		took, done = max(took, t), done && ended
	}
	return took, done
}

// free lets what had no room be tried again by the teams of a job that was delivered, or with the resources that it needed.
func (r *run) free(finished *job) {
	r.out.freed = true
	for _, j := range r.live {
		if j.tried && (j.suitedByOneOf(finished) || len(finished.shared) > 0 && len(j.shared) > 0) {
			j.tried = false
		}
	}
}

// start gives a job to its teams, one for each of its parts.
func (r *run) start(j *job, teams assign.Pair) {
	j.at, j.since = inWork, float64(r.day)
	for i, id := range []string{teams.Team, teams.Second}[:len(j.parts)] {
		p := &j.parts[i]
		p.team = slices.IndexFunc(r.teams, func(t assign.Team) bool { return t.ID == id })
		p.left = drawn(r.paces.of(id), j.u[i])
	}
	r.hold(j, 1)
	r.out.started(j)
}

// dueIn is in how many weeks a job is wanted, as the assignment takes it; 0: no date.
func (r *run) dueIn(j *job) float64 {
	if math.IsInf(j.due, 1) {
		return 0
	}
	return max((j.due-float64(r.day))/7, 0.01)
}
