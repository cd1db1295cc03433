package simulate

import (
	"slices"

	"leanpmo/internal/assign"
)

// part is what one team does of a job.
type part struct {
	team    int // nobody: none yet, or one that is not there any more
	size    float64
	left    float64 // days of work at ordinary speed
	done    bool
	suiting []int // teams that could take it
}

// suit names the part of a request of the input.
type suit struct{ kind, part int }

// partsOf are the parts of a job that no team has yet. A size that is unknown is the one that the policy assumes.
func (r *run) partsOf(j *job) []part {
	if j.work.Second == nil {
		return []part{{team: nobody, size: sizeOr(j.work.Size, r.s.AssumeSize), suiting: r.suiting(j.kind, 0, j.work)}}
	}
	var list []part
	first := 1 - j.share
	for i, work := range j.work.Parts() {
		list = append(list, part{team: nobody, size: sizeOr(work.Size, r.s.AssumeSize*first), suiting: r.suiting(j.kind, i, work)})
		first = j.share
	}
	return list
}

func sizeOr(size, assumed float64) float64 {
	if size <= 0 {
		return assumed
	}
	return size
}

// suiting are the teams that could take a part of a request if they had room.
func (r *run) suiting(kind, i int, work assign.Request) []int {
	key := suit{kind, i}
	list, ok := r.known[key]
	if !ok {
		for k, t := range r.s.Teams {
			if assign.Suits(work, t.Team, r.s.Assign) {
				list = append(list, k)
			}
		}
		r.known[key] = list
	}
	return list
}

// takenBy reports whether a team, or two teams, one for each part, suit a job and can take it.
func (j *job) takenBy(can func(p *part, team int) bool) bool {
	return slices.ContainsFunc(j.parts[0].suiting, func(k int) bool {
		if !can(&j.parts[0], k) {
			return false
		}
		return len(j.parts) == 1 || slices.ContainsFunc(j.parts[1].suiting, func(l int) bool { return l != k && can(&j.parts[1], l) })
	})
}

// fits reports whether what a job needs of resources is free, and the teams that it needs have room for it.
func (j *job) fits(r rooms) bool {
	return j.stocked(r.stock) && j.takenBy(func(p *part, k int) bool { return r.at(k, j, p) })
}

// hasPartFor reports whether a team suits a part of a job and has room for it.
func (j *job) hasPartFor(k int, r rooms) bool {
	return slices.ContainsFunc(j.parts, func(p part) bool { return r.at(k, j, &p) && slices.Contains(p.suiting, k) })
}

// suitedByOneOf reports whether a team of another job could take a part of this one.
func (j *job) suitedByOneOf(other *job) bool {
	for _, p := range j.parts {
		for _, o := range other.parts {
			if slices.Contains(p.suiting, o.team) {
				return true
			}
		}
	}
	return false
}

// request is the job as the assignment takes it on a day.
func (r *run) request(j *job) assign.Request {
	work := j.work
	work.ID, work.Size, work.Due = j.item.ID, j.parts[0].size, r.dueIn(j)
	if len(j.parts) > 1 {
		second := *j.work.Second
		second.Size, work.Second = j.parts[1].size, &second
	}
	return work
}

// worked is a day of a team's work on its part: whether it is done by the end of the day, and how much of the day that took.
func (p *part) worked(speed float64) (took float64, done bool) {
	switch {
	case p.done:
		return 0, true
	case p.left > speed || speed <= 0:
		p.left -= speed
		return 0, false
	}
	p.done = true
	return p.left / speed, true
}
