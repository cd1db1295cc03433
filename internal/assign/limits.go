package assign

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// limitsOf lists all limits that keep the team, with its load before the plan, from taking the request.
func limitsOf(r Request, t Team, p Policy) []Limit {
	if r.Only != "" && r.Only != t.ID {
		return []Limit{{Code: LimitNamed, Text: t.label() + " was not named for it"}}
	}
	var out []Limit
	if missing := missingSkills(r, t, p); len(missing) > 0 {
		out = append(out, Limit{LimitSkill, t.label() + " lacks skill " + strings.Join(r.lacking(missing, t), ", "), float64(len(missing))})
	}
	if slices.Contains(r.Excluded, t.ID) {
		out = append(out, Limit{Code: LimitDeclined, Text: t.label() + " declined this request"})
	}
	if t.Paused != "" {
		out = append(out, Limit{Code: LimitPaused, Text: t.label() + " takes no new work: " + t.Paused})
	}
	if l := capacityLimit(r, t, p); l != nil {
		out = append(out, *l)
	}
	if t.WIPLimit > 0 && t.WIP >= t.WIPLimit {
		out = append(out, Limit{LimitWIP, fmt.Sprintf("%s at WIP limit %d/%d", t.label(), t.WIP, t.WIPLimit), float64(t.WIP - t.WIPLimit + 1)})
	}
	return out
}

func missingSkills(r Request, t Team, p Policy) []string {
	var out []string
	for _, s := range r.Skills {
		if t.Skills[s] < max(p.MinLevel, 1, r.Levels[s]) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

// needed names skills with the levels that are needed.
func (r Request) needed(skills []string) []string {
	out := make([]string, len(skills))
	for i, s := range skills {
		out[i] = s
		if r.Levels[s] > 0 {
			out[i] += fmt.Sprintf(" at level %d", r.Levels[s])
		}
	}
	return out
}

// lacking names skills that a team lacks, with the level that it has where that is not enough.
func (r Request) lacking(skills []string, t Team) []string {
	out := r.needed(skills)
	for i, s := range skills {
		if t.Skills[s] > 0 {
			out[i] += fmt.Sprintf(" (it has level %d)", t.Skills[s])
		}
	}
	return out
}

func capacityLimit(r Request, t Team, p Policy) *Limit {
	short := t.size(r) - t.roomFor(r, p)
	if short <= eps {
		return nil
	}
	if t.capacity() <= 0 {
		if t.Absent > 0 {
			return &Limit{LimitCapacity, t.label() + " is absent", short}
		}
		return &Limit{LimitCapacity, t.label() + " has no capacity", short}
	}
	absent := ""
	if t.Absent > 0 {
		absent = fmt.Sprintf("; %s of it is absent now", percent(t.Absent))
	}
	measured := ""
	if t.Measured {
		measured = " measured from what it finished"
	}
	return &Limit{LimitCapacity, fmt.Sprintf("%s would be at %s of capacity%s, ceiling %s%s%s",
		t.label(), above(t.utilisation(t.size(r)), t.ceiling(p)), measured, percent(t.ceiling(p)), t.kept(r, p), absent), short}
}

func percent(share float64) string { return strconv.Itoa(int(share*100+0.5)) + " %" }

// above writes a share that is over a ceiling; it adds a digit where rounding would make both look equal.
func above(share, ceiling float64) string {
	if percent(share) != percent(ceiling) {
		return percent(share)
	}
	return strconv.FormatFloat(share*100, 'g', 4, 64) + " %"
}

// units writes capacity units without needless digits.
func units(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
