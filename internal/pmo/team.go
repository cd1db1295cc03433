package pmo

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Team is who delivers. Load and flow are shown per team, never per person.
type Team struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Portfolio   string    `json:"portfolio"`
	Leads       []string  `json:"leads"`             // answer for the team; at least one
	Members     []string  `json:"members,omitempty"` // may report progress
	Skills      []string  `json:"skills"`
	Capacity    float64   `json:"capacity"`               // team-weeks of work it can hold at once
	LoadCeiling float64   `json:"load_ceiling,omitempty"` // share of capacity that may be taken, 0 to 1; 0: the policy's
	WIPLimit    int       `json:"wip_limit,omitempty"`    // requests at once; 0: the policy's
	Approaches  []string  `json:"approaches,omitempty"`   // ways of working it works well in
	Absences    []Absence `json:"absences,omitempty"`
	Revision    int       `json:"revision,omitempty"` // grows with every change

	// Shares are the parts of the week, 0 to 1, that people have for the team; see ShareOf.
	Shares map[string]float64 `json:"shares"`
	// CapacityPerPerson is how many team-weeks somebody with the whole week holds at once. Capacity then follows from it; 0: Capacity is stated.
	CapacityPerPerson float64 `json:"capacity_per_person,omitempty"`
	// OtherWork is the share of its people's time for work that no request asks for, 0 to 1. It counts where Capacity follows from the people.
	OtherWork float64 `json:"other_work,omitempty"`
	// WIPPerPerson is how many requests at once there are for each person with the whole week; 0: no such limit.
	WIPPerPerson float64 `json:"wip_per_person,omitempty"`
	// Pace is how much faster than an ordinary team it does the same work: a size is divided by it for this team. 0: 1. See SizeOf.
	Pace float64 `json:"pace,omitempty"`

	// CapacityMeasured lets Capacity follow from what the team finished, where nobody knows a number.
	CapacityMeasured bool `json:"capacity_measured,omitempty"`
	// Finished is what the team finished when it was measured last; nil: too little to say. Only the server writes it.
	Finished *Finished `json:"finished,omitempty"`
}

// LimitOr is how many requests the team takes at once: its own limit, or the policy's, and no more than its people may have at once. limited is false
// where there is no limit; a limit of 0 is a team that is limited by its people and has none.
func (t Team) LimitOr(policy int) (limit int, limited bool) {
	limit = cmp.Or(t.WIPLimit, policy)
	if t.WIPPerPerson <= 0 {
		return limit, limit > 0
	}
	own, people := 0, t.FullTime()
	if people > 0 {
		own = max(int(people*t.WIPPerPerson+1e-9), 1) // whoever is there can do one request
	}
	if limit == 0 {
		return own, true
	}
	return min(limit, own), true
}

// NoPeople reports whether the team takes no request, because its people limit how many it takes and nobody has a part of the week for it.
func (t Team) NoPeople() bool {
	limit, limited := t.LimitOr(0)
	return limited && limit == 0
}

// MaxSkillLevel is the highest level of a skill; 1 is the lowest.
const MaxSkillLevel = 5

// Skill is a skill as it is compared and stored: skills do not differ by case or blanks. A level may follow the name: payments:3.
func Skill(word string) string {
	word = strings.ToLower(strings.Join(strings.Fields(word), " "))
	if name, level, ok := cutLevel(word); ok {
		return name + ":" + strconv.Itoa(level)
	}
	return word
}

// cutLevel splits a name and the level after its last colon; ok is false where there is none: what is no level belongs to the name.
func cutLevel(skill string) (name string, level int, ok bool) {
	at := strings.LastIndexByte(skill, ':')
	if at <= 0 {
		return skill, 0, false
	}
	level, err := strconv.Atoi(strings.TrimSpace(skill[at+1:]))
	if err != nil || level < 1 || level > MaxSkillLevel {
		return skill, 0, false
	}
	return strings.TrimSpace(skill[:at]), level, true
}

// SkillLevel is the name of a skill, in the form in which it is compared, and its level; 0 where it says none.
func SkillLevel(skill string) (name string, level int) {
	name, level, _ = cutLevel(Skill(skill))
	return name, level
}

// SkillLevels are the levels of skills by name, the highest of each; a skill without a level has this one.
func SkillLevels(skills []string, without int) map[string]int {
	levels := make(map[string]int, len(skills))
	for _, skill := range skills {
		name, level := SkillLevel(skill)
		levels[name] = max(levels[name], cmp.Or(level, without))
	}
	return levels
}

// SkillNames are the names of skills, each once. An absent list stays absent.
func SkillNames(skills []string) []string {
	names := slices.Clone(skills)
	for i, skill := range names {
		names[i], _ = SkillLevel(skill)
	}
	return Skills(names)
}

// CoversSkill reports whether who has some skills has a needed one, at its level. A skill of a team without a level counts as the highest, and a
// needed one as the lowest.
func CoversSkill(has []string, needed string) bool {
	name, level := SkillLevel(needed)
	return SkillLevels(has, MaxSkillLevel)[name] >= max(level, 1)
}

// noLevel is what was meant as a level and is none. A longer number is part of a name, such as that of a standard.
var noLevel = regexp.MustCompile(`.: ?(-\d+|\d)$`)

// SkillsFault says what is wrong with the levels of a list of skills, by place; empty where nothing is.
func SkillsFault(skills []string, i int) string {
	name, level := SkillLevel(skills[i])
	if noLevel.MatchString(name) {
		return fmt.Sprintf("has a level from 1 to %d after the colon, as in %s:3", MaxSkillLevel, name[:strings.LastIndexByte(name, ':')])
	}
	for _, before := range skills[:i] {
		if other, otherLevel := SkillLevel(before); other == name && otherLevel != level {
			return fmt.Sprintf("is listed twice, with different levels: %s", before)
		}
	}
	return ""
}

// Skills are skills as they are compared and stored, each once. An absent list stays absent.
func Skills(words []string) []string {
	if words == nil {
		return nil
	}
	list := make([]string, 0, len(words))
	for _, word := range words {
		if skill := Skill(word); !slices.Contains(list, skill) {
			list = append(list, skill)
		}
	}
	return list
}
