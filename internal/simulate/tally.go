package simulate

import (
	"cmp"
	"slices"
	"time"

	"leanpmo/internal/priority"
)

// classes are the classes of service in the order in which they are told of.
var classes = []priority.Class{priority.Expedite, priority.FixedDate, priority.Standard, priority.Intangible}

// tally collects what comes out of the runs of a scenario.
type tally struct {
	values, counts, backlogs []float64
	classes                  []classTally
	kept, due, unscored      float64
	weeks                    []WeekOutcome
	teams                    []TeamOutcome
	resources                []ResourceOutcome
	busy                     float64 // days that requests were worked on, added up

	// of the run that goes on
	freed bool
	value float64
	count int
}

type classTally struct {
	start, end, work, wait []float64
	left                   int
}

func newTally(in *Input, s *Scenario) *tally {
	t := &tally{classes: make([]classTally, len(classes)), weeks: make([]WeekOutcome, in.Weeks)}
	for w := range t.weeks {
		t.weeks[w].From = in.At.AddDate(0, 0, 7*w).Format(time.DateOnly)
	}
	for _, team := range s.Teams {
		o := TeamOutcome{ID: team.ID, Name: team.Name, Weeks: make([]TeamWeek, in.Weeks)}
		for w := range o.Weeks {
			ceiling := cmp.Or(team.LoadCeiling, s.Assign.LoadCeiling)
			o.Weeks[w] = TeamWeek{From: t.weeks[w].From, Capacity: team.Weeks[w].Capacity, Most: team.Weeks[w].Capacity * ceiling}
		}
		t.teams = append(t.teams, o)
	}
	for _, r := range in.Resources {
		o := ResourceOutcome{ID: r.ID, Name: r.Name, Weeks: make([]ResourceWeek, in.Weeks)}
		for w := range o.Weeks {
			o.Weeks[w].From, o.Weeks[w].Amount = t.weeks[w].From, r.Weeks[w]
		}
		t.resources = append(t.resources, o)
	}
	return t
}

func (t *tally) class(j *job) *classTally {
	return &t.classes[max(slices.Index(classes, j.item.Class), 0)]
}

func (t *tally) started(j *job) {
	c := t.class(j)
	c.start, c.wait = append(c.start, j.since-j.sent), append(c.wait, j.since-j.arrived)
}

func (t *tally) delivered(j *job) {
	c := t.class(j)
	c.end, c.work = append(c.end, j.end-j.sent), append(c.work, j.end-j.since)
	t.value, t.count = t.value+j.work.Value, t.count+1
}

// week notes the first day of a week, and the value delivered before it.
func (t *tally) week(r *run) {
	w, teams := &t.weeks[r.week()], t.teams
	backlog, wip := 0, 0
	for _, j := range r.live {
		switch j.at {
		case waiting:
			backlog++
		case forTeam, inWork:
			wip++
		}
	}
	w.backlog, w.wip = append(w.backlog, float64(backlog)), append(w.wip, float64(wip))
	if k := r.week(); k > 0 {
		t.weeks[k-1].gone = append(t.weeks[k-1].gone, t.value)
	}
	for k := range r.teams {
		l := &teams[k].Weeks[r.week()]
		l.loads = append(l.loads, r.teams[k].Load)
	}
	t.shared(r)
}

// shared notes what is used of the resources on the first day of a week, and how many requests wait for more of each.
func (t *tally) shared(r *run) {
	stock, short := r.stock(), make([]float64, len(t.resources))
	for _, j := range r.live {
		for _, n := range j.shared {
			if j.at == waiting && n.resource != unknown && n.amount > stock[n.resource]+eps {
				short[n.resource]++
			}
		}
	}
	for k := range t.resources {
		w := &t.resources[k].Weeks[r.week()]
		w.used, w.waiting = append(w.used, r.used[k]), append(w.waiting, short[k])
	}
}

// ended notes what a run came to.
func (t *tally) ended(r *run) {
	horizon, backlog := float64(7*r.in.Weeks), 0
	for i := range r.jobs[:r.next] {
		j := &r.jobs[i]
		if j.at == waiting {
			backlog++
			t.class(j).left++
		}
		if j.item.Class == priority.FixedDate && j.due > 0 && j.due <= horizon {
			t.due++
			if j.at == delivered && j.end <= j.due {
				t.kept++
			}
		}
	}
	last := &t.weeks[len(t.weeks)-1]
	last.gone = append(last.gone, t.value)
	t.values, t.counts, t.backlogs = append(t.values, t.value), append(t.counts, float64(t.count)), append(t.backlogs, float64(backlog))
	t.unscored += float64(r.missing)
	t.value, t.count, t.freed = 0, 0, false
}
