package assign

import (
	"cmp"
	"maps"
	"slices"
)

const (
	// mostSkills is how many skills are tried, those that delay the most first.
	mostSkills = 8
	// mostHelpers is how many teams are tried for each skill, those with the most room first.
	mostHelpers = 3
	// helpSize limits the size of all that is solved: a plan's is its requests times its teams.
	helpSize = 60_000
	// helpEffort limits the steps of the solver for each plan that is tried.
	helpEffort = 500_000
)

// Delay is how long requests wait for a team, added up. One that finds none within the weeks that are looked at counts with all of them.
type Delay struct {
	Requests int     `json:"requests" doc:"How many"`
	Weeks    float64 `json:"weeks" doc:"For how many weeks, added up; one that finds no team within eight weeks counts with eight"`
	Value    float64 `json:"value" doc:"The same, each week times the value of its request"`
	Money    float64 `json:"money" doc:"The same, each week times what it costs, of those that say their cost of delay"`
	Priced   int     `json:"priced" doc:"How many say their cost of delay"`
}

// Help is what a change to one team would take off the delay of all that wait.
type Help struct {
	Team string `json:"team,omitempty" doc:"Where it helps most; absent: nowhere, or not tried"`
	Less Delay  `json:"less" doc:"Of all that wait: how many more get a team now, and how much less they wait"`
}

// SkillDelay is a skill that requests wait for.
type SkillDelay struct {
	Skill  string   `json:"skill"`
	Level  int      `json:"level" doc:"The highest that is needed; 1 where none is"`
	Delay  Delay    `json:"delay" doc:"Of the requests that wait for it"`
	Teams  []string `json:"teams" doc:"Who has it at that level"`
	Taught Help     `json:"taught" doc:"If one team that lacks it had it"`
	Person Help     `json:"person" doc:"If one team had one person more, with it and the whole week: what each adds by capacity_per_person, or the team's mean capacity for each; and by wip_per_person"`
	Tried  bool     `json:"tried" doc:"What would help was planned; false where too much waits or other skills delay more"`
}

// Counting says of which requests delays are added up, and what a week of delay costs of those that say it.
type Counting struct {
	Counts func(id string) bool
	Money  map[string]float64
	// Weeks is how many weeks are looked at: a request that finds no team in them waits all of them.
	Weeks int
	// Resources are what the requests share.
	Resources []Resource
}

// SkillDelays are the skills that those who wait without a team wait for, the one that delays the most value first. Of a request it is those of its
// skills that no team has together with room for it; where each has somebody but nobody all, it is all. Only requests that count are in the sums.
func SkillDelays(requests []Request, teams []Team, policy Policy, c Counting) ([]SkillDelay, error) {
	policy = policy.withDefaults()
	policy.Effort = min(policy.Effort, helpEffort)
	plan, err := AssignWith(c.Resources, requests, teams, policy)
	if err != nil {
		return nil, err
	}
	h := &helper{list: requests, teams: teams, policy: policy, Counting: c, requests: map[string]Request{}, before: delays(plan, c.Weeks)}
	for _, r := range requests {
		h.requests[r.ID] = r
	}
	list := h.skills(plan)
	solves := helpSize / max(len(requests)*len(teams), 1)
	for i := range list {
		if i >= mostSkills || solves < 2 {
			break
		}
		teams := min(mostHelpers, solves/2)
		if err := h.help(&list[i], plan, teams); err != nil {
			return nil, err
		}
		solves -= 2 * teams
	}
	return list, nil
}

// delays are the weeks that each request waits for a team.
func delays(plan Plan, most int) map[string]float64 {
	weeks := make(map[string]float64, len(plan.Decisions))
	for _, d := range plan.Decisions {
		switch {
		case d.Team != "":
		case d.Later != nil:
			weeks[d.Request] = float64(d.Later.Week)
		default:
			weeks[d.Request] = float64(most)
		}
	}
	return weeks
}

// helper finds out what would help those who wait.
type helper struct {
	Counting
	list     []Request
	teams    []Team
	policy   Policy
	requests map[string]Request
	before   map[string]float64 // weeks that each waits now
}

func (h *helper) add(d *Delay, id string, weeks float64) {
	d.Weeks += weeks
	d.Value += weeks * h.requests[id].weight()
	if cost, known := h.Money[id]; known {
		d.Money, d.Priced = d.Money+weeks*cost, d.Priced+1
	}
}

// skills are what those without a team wait for.
func (h *helper) skills(plan Plan) []SkillDelay {
	found, room := map[string]*SkillDelay{}, h.roomAfter(plan)
	for _, d := range plan.Decisions {
		if d.Team != "" || !h.Counts(d.Request) || d.Binding.Code == LimitResource { // no skill would help those
			continue
		}
		r := h.requests[d.Request]
		for _, skill := range h.scarce(r, room) {
			s := found[skill]
			if s == nil {
				s = &SkillDelay{Skill: skill, Level: 1, Teams: []string{}}
				found[skill] = s
			}
			s.Level = max(s.Level, r.level(skill))
			s.Delay.Requests++
			h.add(&s.Delay, r.ID, h.before[r.ID])
		}
	}
	list := make([]SkillDelay, 0, len(found))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		s := found[name]
		for _, t := range h.teams {
			if t.Skills[s.Skill] >= s.Level {
				s.Teams = append(s.Teams, t.ID)
			}
		}
		list = append(list, *s)
	}
	slices.SortStableFunc(list, func(a, b SkillDelay) int {
		return cmp.Or(cmp.Compare(b.Delay.Value, a.Delay.Value), cmp.Compare(b.Delay.Weeks, a.Delay.Weeks), cmp.Compare(a.Skill, b.Skill))
	})
	return list
}

// roomAfter is what each team can still take beside the plan, in team-weeks; nothing where it takes no request more.
func (h *helper) roomAfter(plan Plan) map[string]float64 {
	room := map[string]float64{}
	loads := map[string]TeamLoad{}
	for _, l := range plan.Loads {
		loads[l.Team] = l
	}
	for _, t := range h.teams {
		if l := loads[t.ID]; t.Paused == "" && (l.WIPLimit == 0 || l.WIPAfter < l.WIPLimit) {
			room[t.ID] = max(t.capacity()*(l.Ceiling-l.After), 0)
		}
	}
	return room
}

// scarce are the skills of a request that no team with room for it has, at its level.
func (h *helper) scarce(r Request, room map[string]float64) []string {
	var list, all []string
	for _, part := range r.Parts() {
		for _, skill := range part.Skills {
			if all = append(all, skill); !slices.ContainsFunc(h.teams, func(t Team) bool {
				return t.Skills[skill] >= max(part.Levels[skill], 1) && room[t.ID] >= t.size(part) && !slices.Contains(part.Excluded, t.ID)
			}) {
				list = append(list, skill)
			}
		}
	}
	if list == nil {
		list = all
	}
	return distinct(list)
}

// help plans all that waits with the skill in one team more, and with one person more, for the teams with the most room.
func (h *helper) help(s *SkillDelay, plan Plan, most int) error {
	s.Tried = true
	room, teams := h.roomAfter(plan), slices.Clone(h.teams)
	slices.SortStableFunc(teams, func(a, b Team) int { return cmp.Or(cmp.Compare(room[b.ID], room[a.ID]), cmp.Compare(a.ID, b.ID)) })
	lacking := slices.DeleteFunc(slices.Clone(teams), func(t Team) bool { return t.Skills[s.Skill] >= s.Level })
	for _, t := range lacking[:min(most, len(lacking))] {
		if err := h.try(&s.Taught, with(t, s.Skill, s.Level, Person{})); err != nil {
			return err
		}
	}
	// A person helps most beside those who have the skill and no room, or where there is room for what else is needed.
	having := slices.DeleteFunc(slices.Clone(teams), func(t Team) bool { return t.Skills[s.Skill] < s.Level })
	both := append(having[:min(max(most-1, 1), len(having))], lacking...)
	for _, t := range both[:min(most, len(both))] {
		if err := h.try(&s.Person, with(t, s.Skill, s.Level, t.More)); err != nil {
			return err
		}
	}
	return nil
}

// with is a team with a skill, and with what a person more brings.
func with(t Team, skill string, level int, more Person) Team {
	skills := map[string]int{}
	maps.Copy(skills, t.Skills)
	t.Skills = skills
	t.Skills[skill] = max(t.Skills[skill], level)
	t.WIPLimit += more.WIP
	if more.WIP > 0 && t.Paused == NobodyThere {
		t.Paused = ""
	}
	if capacity := more.Capacity; capacity > 0 {
		present := t.Capacity*(1-t.Absent) + capacity
		t.Capacity += capacity
		t.Absent = max(1-present/t.Capacity, 0)
		t.Parallel++
		t.Weeks = slices.Clone(t.Weeks)
		for k := range t.Weeks {
			t.Weeks[k].Capacity += capacity
		}
	}
	return t
}

// try plans with one other team, and keeps the best.
func (h *helper) try(best *Help, other Team) error {
	teams := slices.Clone(h.teams)
	for i := range teams {
		if teams[i].ID == other.ID {
			teams[i] = other
		}
	}
	plan, err := AssignWith(h.Resources, h.list, teams, h.policy)
	if err != nil {
		return err
	}
	var less Delay
	after := delays(plan, h.Weeks)
	for _, r := range h.list {
		if !h.Counts(r.ID) {
			continue
		}
		if h.before[r.ID] > 0 && after[r.ID] == 0 {
			less.Requests++
		}
		h.add(&less, r.ID, h.before[r.ID]-after[r.ID])
	}
	if less.Value > best.Less.Value {
		*best = Help{Team: other.ID, Less: less}
	}
	return nil
}
