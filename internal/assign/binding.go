package assign

import (
	"fmt"
	"slices"
	"strings"
)

// binding finds the limit that keeps request i without a team: the least that would have to change. Room that this
// plan gave to others comes first, then slots and capacity, then people's choices, then skills.
func (b *board) binding(s *state, i int) *Binding {
	if len(b.teams) == 0 {
		return &Binding{Code: LimitCapacity, Why: "there is no team", Frees: "A team with the needed skills would"}
	}
	if found := b.apart(s, i); found != nil {
		return found
	}
	return b.alone(s, i)
}

// alone is the limit that keeps one request, or one part of it, from a team.
func (b *board) alone(s *state, i int) *Binding {
	for _, find := range []func(*state, int) *Binding{b.unknown, b.unstocked, b.shared, b.taken, b.single, b.refused} {
		if found := find(s, i); found != nil {
			return found
		}
	}
	return b.unskilled(i)
}

// unknown: the one team that may take it is none of these.
func (b *board) unknown(_ *state, i int) *Binding {
	only := b.requests[i].Only
	if only == "" || slices.ContainsFunc(b.teams, func(t Team) bool { return t.ID == only }) {
		return nil
	}
	return &Binding{Code: LimitNamed, Team: only, Why: only + " was named for it, and there is no such team", Frees: "Naming another team would free a place"}
}

// taken: a team could do it, but its room goes to requests served before.
func (b *board) taken(s *state, i int) *Binding {
	var names []string
	first := nobody
	for j, t := range b.teams {
		if len(b.limits[i][j]) > 0 {
			continue
		}
		names = append(names, fmt.Sprintf("the room of %s goes to %s", t.label(), b.takers(s, j)))
		if first == nobody || b.fits[i][j] > b.fits[i][first] {
			first = j
		}
	}
	if first == nobody {
		return nil
	}
	return &Binding{Code: Taken, Team: b.teams[first].ID, Why: list(names) + ", " + b.before(),
		Frees: "A better rank, or any of these finishing or declined, would free a place"}
}

// single: exactly one kind of limit, slots or capacity, keeps the request from a team; the smallest is named.
func (b *board) single(_ *state, i int) *Binding {
	at, code, least := nobody, LimitCode(""), 0.0
	for _, want := range []LimitCode{LimitWIP, LimitCapacity} {
		for j := range b.teams {
			l := b.limits[i][j]
			if len(l) == 1 && l[0].Code == want && (at == nobody || (code == want && l[0].Short < least)) {
				at, code, least = j, want, l[0].Short
			}
		}
	}
	if at == nobody {
		return b.double(i)
	}
	l, t := b.limits[i][at][0], b.teams[at]
	return &Binding{Code: code, Team: t.ID, Why: l.Text, Frees: b.frees(i, t, l)}
}

// double: a skilled, willing team lacks both a slot and capacity.
func (b *board) double(i int) *Binding {
	for j, t := range b.teams {
		l := b.limits[i][j]
		if len(l) == 2 && l[0].Code == LimitCapacity && l[1].Code == LimitWIP {
			return &Binding{Code: LimitCapacity, Team: t.ID, Why: l[0].Text + ", and is at its WIP limit",
				Frees: b.frees(i, t, l[0]) + ", and " + lowerFirst(b.frees(i, t, l[1]))}
		}
	}
	return nil
}

func (b *board) frees(i int, t Team, l Limit) string {
	if l.Code == LimitWIP {
		if l.Short > 1 {
			return fmt.Sprintf("%d requests finishing at %s would free a slot", int(l.Short), t.label())
		}
		return fmt.Sprintf("One request finishing at %s would free a slot", t.label())
	}
	if size, full := t.size(b.requests[i]), t.most(b.requests[i], b.policy); size > full+eps {
		return fmt.Sprintf("Even empty, %s can carry %s at its ceiling%s and this needs %s: a smaller request or a split would fit", t.label(), units(full), t.kept(b.requests[i], b.policy), units(size))
	}
	return fmt.Sprintf("%s more free capacity at %s, or a request smaller by as much, would do", units(l.Short), t.label())
}

// refused: skilled teams exist, but they declined or take no work.
func (b *board) refused(_ *state, i int) *Binding {
	var declined, paused []string
	var team string
	frees := "Somebody who has a part of the week for it would free a place"
	for j, t := range b.teams {
		codes := codesOf(b.limits[i][j])
		switch {
		case slices.Contains(codes, LimitSkill):
			continue
		case slices.Contains(codes, LimitDeclined):
			declined = append(declined, t.label())
		case slices.Contains(codes, LimitPaused):
			if paused = append(paused, t.label()); t.Paused != NobodyThere {
				frees = "The end of the pause would free a place"
			}
		}
		team = firstOf(team, t.ID)
	}
	switch {
	case len(paused) > 0:
		return &Binding{LimitPaused, team, list(paused) + " " + verb(paused, "takes", "take") + " no new work now",
			frees}
	case len(declined) > 0:
		return &Binding{LimitDeclined, team, list(declined) + " declined, and nobody else has the skills",
			"A changed request, or a talk with " + list(declined) + ", would"}
	default:
		return nil
	}
}

// unskilled: no team covers all skills; the closest is named, and two teams that would cover them together.
func (b *board) unskilled(i int) *Binding {
	r := b.requests[i]
	closest, missing := nobody, []string(nil)
	for j, t := range b.teams {
		if m := missingSkills(r, t, b.policy); closest == nobody || len(m) < len(missing) || len(m) == len(missing) && r.short(m, t) < r.short(missing, b.teams[closest]) {
			closest, missing = j, m
		}
	}
	out := &Binding{Code: LimitSkill, Team: b.teams[closest].ID, Why: "no team covers " + list(r.needed(distinct(r.Skills)))}
	out.Frees = fmt.Sprintf("%s lacks only %s: learning or lending it would do", b.teams[closest].label(), list(r.lacking(missing, b.teams[closest])))
	if len(missing) == len(distinct(r.Skills)) && !knowsAny(b.teams[closest], missing) {
		out.Team, out.Frees = "", "A team with "+list(r.needed(missing))+" would"
	}
	if t, u, found := b.covering(r); found {
		out.Frees += fmt.Sprintf("; %s and %s together cover all, so a split or a second team would fit", t.label(), u.label())
	}
	return out
}

// short is by how many levels a team lacks skills.
func (r Request) short(skills []string, t Team) (levels int) {
	for _, s := range skills {
		levels += max(r.Levels[s], 1) - t.Skills[s]
	}
	return levels
}

// knowsAny reports whether a team has any of the skills, at whatever level.
func knowsAny(t Team, skills []string) bool {
	return slices.ContainsFunc(skills, func(s string) bool { return t.Skills[s] > 0 })
}

func covers(r Request, t, u Team, p Policy) bool {
	other := missingSkills(r, u, p)
	for _, s := range missingSkills(r, t, p) {
		if slices.Contains(other, s) {
			return false
		}
	}
	return true
}

func codesOf(limits []Limit) []LimitCode {
	out := make([]LimitCode, len(limits))
	for k, l := range limits {
		out[k] = l.Code
	}
	return out
}

func distinct(xs []string) []string { return slices.Compact(slices.Sorted(slices.Values(xs))) }

func verb(xs []string, one, many string) string {
	if len(xs) == 1 {
		return one
	}
	return many
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
