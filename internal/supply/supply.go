// Package supply reads what teams can take from files: members, their parts of the week, skills and absences from CSV, absences from calendars. It is
// pure: it says what each row changes of a team, and what is wrong with which row.
package supply

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/pmo"
)

const (
	// MaxFile is the largest file, in bytes.
	MaxFile = 256 << 10
	// MaxRows is how many rows a file has at most, or occurrences a calendar.
	MaxRows = 1000
)

// Row is what one row of a file says of a team. What it does not give stays as it is.
type Row struct {
	Line    int // of the file, from 1; of a calendar the line on which its event begins
	Team    string
	Person  string
	Share   *float64 // the person's part of the week, 0 to 1
	Skills  []string
	Absence *pmo.Absence
	// Capacity is the stated capacity of the team, in team-weeks held at once; 0 is nothing.
	Capacity *float64
}

// Fault is what is wrong with a row.
type Fault struct {
	Line       int
	Field, Why string
}

// Change is what the rows of a file make of a team.
type Change struct {
	Before, Team pmo.Team
	Says         []string // what becomes different, in words; none: it is so already
	// From is which line a part of the team is from, by its JSON pointer.
	From map[string]int
}

// Changes are what rows make of the teams that they name, by id. A row of a team that there is not is a fault.
func Changes(rows []Row, teams []pmo.Team) (changes []*Change, faults []Fault) {
	byTeam := map[string]*Change{}
	for _, r := range rows {
		c := byTeam[r.Team]
		if c == nil {
			i := slices.IndexFunc(teams, func(t pmo.Team) bool { return t.ID == r.Team })
			if i < 0 {
				faults = append(faults, Fault{r.Line, "team", "is no team"})
				continue
			}
			c = newChange(teams[i])
			byTeam[r.Team] = c
		}
		if r.Capacity != nil && c.Team.CapacityPerPerson > 0 {
			faults = append(faults, Fault{r.Line, "capacity", "follows from the people of " + r.Team})
		}
		c.apply(r)
	}
	for _, id := range slices.Sorted(maps.Keys(byTeam)) {
		byTeam[id].Team = byTeam[id].Team.WithCapacity()
		changes = append(changes, byTeam[id])
	}
	return changes, faults
}

func newChange(t pmo.Team) *Change {
	c := &Change{Before: t, Team: t, From: map[string]int{}}
	c.Team.Members, c.Team.Skills, c.Team.Absences = slices.Clone(t.Members), slices.Clone(t.Skills), slices.Clone(t.Absences)
	if c.Team.Shares = maps.Clone(t.Shares); c.Team.Shares == nil {
		c.Team.Shares = map[string]float64{}
	}
	return c
}

func (c *Change) apply(r Row) {
	if r.Person != "" {
		c.person(r)
	}
	for _, skill := range r.Skills {
		c.skill(pmo.Skill(skill), r.Line)
	}
	if r.Capacity != nil && (*r.Capacity != c.Team.Capacity || c.Team.CapacityMeasured) {
		c.Says = append(c.Says, fmt.Sprintf("capacity %g instead of %g", *r.Capacity, c.Team.Capacity))
		c.Team.Capacity, c.Team.CapacityMeasured = *r.Capacity, false // who gives a capacity states it
	}
	if r.Absence == nil {
		return
	}
	i := slices.Index(c.Team.Absences, *r.Absence)
	if i < 0 {
		i = len(c.Team.Absences)
		c.Team.Absences = append(c.Team.Absences, *r.Absence)
		c.Says = append(c.Says, "absence "+r.Absence.Words())
	}
	c.From[fmt.Sprintf("/absences/%d", i)] = r.Line
}

// person makes somebody a member, who is no lead, and says which part of the week they have.
func (c *Change) person(r Row) {
	t := &c.Team
	i := slices.Index(t.Members, r.Person)
	if i < 0 && !slices.Contains(t.Leads, r.Person) {
		i = len(t.Members)
		t.Members = append(t.Members, r.Person)
		c.Says = append(c.Says, "member "+r.Person)
	}
	c.From[fmt.Sprintf("/members/%d", i)] = r.Line
	if share := "/shares/" + r.Person; r.Share != nil || c.From[share] == 0 {
		c.From[share] = r.Line
	}
	if r.Share == nil || t.ShareOf(r.Person) == *r.Share {
		return
	}
	t.Shares[r.Person] = *r.Share
	c.Says = append(c.Says, fmt.Sprintf("%s with %g of the week", r.Person, *r.Share))
}

// skill adds a skill, or takes another level for one that there is.
func (c *Change) skill(skill string, line int) {
	name, _ := pmo.SkillLevel(skill)
	i := slices.IndexFunc(c.Team.Skills, func(has string) bool { known, _ := pmo.SkillLevel(has); return known == name })
	switch {
	case i < 0:
		i = len(c.Team.Skills)
		c.Team.Skills = append(c.Team.Skills, skill)
		c.Says = append(c.Says, "skill "+skill)
	case pmo.Skill(c.Team.Skills[i]) != skill:
		c.Says = append(c.Says, "skill "+skill+" instead of "+c.Team.Skills[i])
		c.Team.Skills[i] = skill
	}
	c.From["/skills/"+strconv.Itoa(i)] = line
}

// LineOf is which line a fault of the team is from, by the fault's JSON pointer, and which field of it; 0 where no row is.
func (c *Change) LineOf(pointer string) (line int, field string) {
	for at := pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		if line = c.From[at]; line > 0 {
			break
		}
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	switch {
	case len(parts) > 2:
		return line, parts[2]
	case parts[0] == "members":
		return line, "person"
	case parts[0] == "shares":
		return line, "share"
	}
	return line, parts[0]
}

// OverAllocated are the people of the changes who would have more than the whole week in all teams together.
func OverAllocated(changes []*Change, teams []pmo.Team) (faults []Fault) {
	all := slices.Clone(teams)
	for _, c := range changes {
		i := slices.IndexFunc(all, func(t pmo.Team) bool { return t.ID == c.Team.ID })
		all[i] = c.Team
	}
	for _, c := range changes {
		for at, line := range c.From {
			person, named := strings.CutPrefix(at, "/shares/")
			if !named || c.Team.ShareOf(person) <= c.Before.ShareOf(person) {
				continue
			}
			sum, in := 0.0, []string{}
			for _, t := range all {
				if share := t.ShareOf(person); share > 0 {
					sum, in = sum+share, append(in, fmt.Sprintf("%g in %s", share, t.ID))
				}
			}
			if sum > 1+1e-9 {
				faults = append(faults, Fault{line, "share", fmt.Sprintf("gives %s %g of the week: %s", person, sum, strings.Join(in, ", "))})
			}
		}
	}
	return faults
}

// NewSkills are the skills of the changes that no team had before.
func NewSkills(changes []*Change, teams []pmo.Team) (faults []Fault) {
	known := map[string]bool{}
	for _, t := range teams {
		for _, name := range pmo.SkillNames(t.Skills) {
			known[name] = true
		}
	}
	for _, c := range changes {
		for i, name := range pmo.SkillNames(c.Team.Skills) {
			if line := c.From["/skills/"+strconv.Itoa(i)]; line > 0 && !known[name] {
				faults = append(faults, Fault{line, "skills", "names " + strconv.Quote(name) + ", which no team has yet: check how it is written, or say that new skills are meant"})
			}
		}
	}
	return faults
}
