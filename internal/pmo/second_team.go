package pmo

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// SecondTeam is what a second team does of a request that needs two teams at once. Both have their places together, and each lead is asked. The first
// team leads the work: it agrees on the plan and reports.
type SecondTeam struct {
	Skills []string `json:"skills,omitempty" maxItems:"20" doc:"What the second team must know; the skills of the request are those of the first"`
	Share  float64  `json:"share,omitempty" doc:"Share of the size that the second team does, 0.05 to 0.95; without it, half"`
}

// Bounds of the share of a second team: with less, it need not be asked to hold capacity.
const (
	leastShare  = 0.05
	mostShare   = 0.95
	equalShares = 0.5
)

// Needed reports whether a second team is needed.
func (s SecondTeam) Needed() bool { return s.Share != 0 || len(s.Skills) > 0 }

// ShareFault says what is wrong with the share; empty where nothing is.
func (s SecondTeam) ShareFault() string {
	if s.Share != 0 && !(s.Share >= leastShare && s.Share <= mostShare) { // NaN too
		return fmt.Sprintf("is a number from %g to %g, or left out for half", leastShare, mostShare)
	}
	return ""
}

// Sizes are the parts of a size that the first and the second team do, in the unit of the size, to a millionth; all is the first team's where no second
// is needed.
func (s SecondTeam) Sizes(size float64) (first, second float64) {
	if !s.Needed() {
		return size, 0
	}
	share := s.Share
	if share == 0 {
		share = equalShares
	}
	second = math.Round(size*share*1e6) / 1e6
	return size - second, second
}

// TeamPart is a team with capacity held for its part of a request: offered until ConfirmedAt is set, then confirmed.
type TeamPart struct {
	Team        string    `json:"team"`
	Leads       []string  `json:"leads"`
	Size        float64   `json:"size"` // capacity held, in team-weeks
	Pace        float64   `json:"pace,omitempty"`
	ConfirmedAt time.Time `json:"accepted,omitzero"`
}

// Parts are the teams of the assignment, the first one first: each with what is held of it.
func (a Assignment) Parts() []TeamPart {
	parts := []TeamPart{{Team: a.Team, Leads: a.Leads, Size: a.Size, Pace: a.Pace, ConfirmedAt: a.ConfirmedAt}}
	if a.Second != nil {
		parts = append(parts, *a.Second)
	}
	return parts
}

// Part is the part of a team; nil where it has none.
func (a *Assignment) Part(team string) *TeamPart {
	if a == nil {
		return nil
	}
	for _, p := range a.Parts() {
		if p.Team == team {
			return &p
		}
	}
	return nil
}

// Confirmed reports whether every team has taken its part.
func (a *Assignment) Confirmed() bool {
	return a != nil && !slices.ContainsFunc(a.Parts(), func(p TeamPart) bool { return p.ConfirmedAt.IsZero() })
}

// askedAbout is the team that a question is about: whether it takes its part, or keeps it; otherwise the first, which leads the work.
func (a *Assignment) askedAbout(kind Kind, group string) string {
	switch {
	case kind == KindAssignment:
		return group
	case kind == KindPlace && a.NoRoom != nil:
		return a.NoRoom.Team
	}
	return a.Team
}

// AllLeads are those who answer for the teams, each once.
func (a *Assignment) AllLeads() []string {
	var leads []string
	if a != nil {
		for _, p := range a.Parts() {
			leads = union(leads, p.Leads...)
		}
	}
	return leads
}

// TeamIDs are the teams.
func (a *Assignment) TeamIDs() []string {
	var teams []string
	if a != nil {
		for _, p := range a.Parts() {
			teams = append(teams, p.Team)
		}
	}
	return teams
}

// withPart is the assignment with one part changed. It shares nothing that changes with the one before.
func (a Assignment) withPart(team string, change func(*TeamPart)) *Assignment {
	switch {
	case team == a.Team:
		p := a.Parts()[0]
		change(&p)
		a.Leads, a.ConfirmedAt = p.Leads, p.ConfirmedAt
	case a.Second != nil && team == a.Second.Team:
		p := *a.Second
		change(&p)
		a.Second = &p
	}
	return &a
}

// resize holds what changed content takes of each team, at the pace it had when it was chosen. A second team that is no longer needed gives its place
// back.
func (r *Request) resize(now time.Time) {
	if r.Assignment == nil {
		return
	}
	a := *r.Assignment // ledger entries and steps under way share the one before
	if gone := a.Second; gone != nil && !r.Content.SecondTeam.Needed() {
		a.Second = nil
		r.record(now, Entry{Event: EventReassigned, concerned: gone.Leads, Text: fmt.Sprintf("No second team is needed any more: %s gives its place back.", gone.Team)})
	}
	if size := r.Content.Size; size > 0 {
		a.holdSizes(r.Content.SecondTeam, size)
	}
	r.Assignment = &a
}

// holdSizes holds what a size takes of each team.
func (a *Assignment) holdSizes(need SecondTeam, size float64) {
	if a.Second != nil {
		part, second := *a.Second, 0.0
		size, second = need.Sizes(size)
		part.Size = Team{Pace: part.Pace}.SizeOf(second)
		a.Second = &part
	}
	a.Size = a.SizeFor(size)
}

// needSecondTeam gives some of the needed skills to a second team, with half of the work.
func (r *Request) needSecondTeam(skills []string, now time.Time) {
	names := SkillNames(skills)
	first := slices.DeleteFunc(slices.Clone(r.Content.Skills), func(skill string) bool {
		name, _ := SkillLevel(skill)
		return contains(names, name)
	})
	r.apply(Patch{Skills: &first, SecondTeam: &SecondTeam{Skills: skills}}, now)
}

// offerOutdated reports whether the teams that are asked are not as many as the request needs by now.
func (r *Request) offerOutdated() bool {
	return r.Assignment != nil && !r.Assignment.Confirmed() && (r.Assignment.Second != nil) != r.Content.SecondTeam.Needed()
}
