package pmo

import (
	"cmp"
	"slices"
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
	Approaches  []string  `json:"approaches,omitempty"`   // ways of working it prefers
	Absences    []Absence `json:"absences,omitempty"`
	Revision    int       `json:"revision,omitempty"` // grows with every change
}

// LimitOr is how many requests the team takes at once: its own limit, or the policy's.
func (t Team) LimitOr(policy int) int { return cmp.Or(t.WIPLimit, policy) }

// Skill is a skill as it is compared and stored: skills do not differ by case or blanks.
func Skill(word string) string { return strings.ToLower(strings.Join(strings.Fields(word), " ")) }

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
