package wire

import "leanpmo/internal/pmo"

// TeamLoad is a team with the work it holds now.
type TeamLoad struct {
	pmo.Team
	WIP  int     `json:"wip" doc:"Requests it holds or works on"`
	Load float64 `json:"load" doc:"Team-weeks it holds"`

	Limit int `json:"limit" doc:"Requests it takes at once: its own WIP limit, or the policy's; 0: no limit, or none while no_people"`
	// NoPeople is told apart from no limit.
	NoPeople bool    `json:"no_people,omitempty" doc:"wip_per_person limits how many requests it takes and nobody has a part of the week for it: it takes none"`
	Ceiling  float64 `json:"ceiling" doc:"Share of its capacity that may be taken: its own, or the policy's"`
	Reserve  float64 `json:"reserve,omitempty" doc:"Share of its capacity, below the ceiling, that plans leave free for expedite and improvement work"`
}

// TeamDetail is a team with what lies ahead of it.
type TeamDetail struct {
	TeamLoad
	Weeks   []TeamWeek    `json:"weeks" doc:"This week and the next seven"`
	Waiting []RequestItem `json:"waiting" doc:"What waits for this team, oldest first: an answer of its people, or a team, which it could be"`
	Waits   TeamWaits     `json:"waits" doc:"How long new work waits at what the team holds now, of what is there in the next seven days; after the next request; and at the ceiling"`
	Curve   []WaitPoint   `json:"curve" doc:"How the wait grows with load, in steps of a fortieth"`
	More    bool          `json:"more_waiting,omitempty" doc:"More wait than are listed"`
}

// TeamWeek is what a team can hold in a week, and what it holds of what it has now.
type TeamWeek struct {
	From     pmo.Date `json:"from" doc:"Its first day; of this week the present one"`
	Until    pmo.Date `json:"until"`
	Capacity float64  `json:"capacity" doc:"Mean over its working days, without what is absent; nothing on holidays"`
	Most     float64  `json:"most" doc:"How much of it may be taken"`
	Load     float64  `json:"load" doc:"What it holds now and does not end before: by the last milestone of its plan, or with no end where it has none"`
	Absent   float64  `json:"absent,omitempty" doc:"How much of its capacity is absent, or falls on holidays"`
}

// TeamForm is a team as it is created or changed; its id is in the path. An optional field that is absent stays as it is.
type TeamForm struct {
	Name        string        `json:"name" minLength:"1" maxLength:"100"`
	Portfolio   string        `json:"portfolio" minLength:"1" maxLength:"64"`
	Leads       []string      `json:"leads" minItems:"1" maxItems:"10" nullable:"false" doc:"Who answers for the team"`
	Members     []string      `json:"members,omitempty" maxItems:"200" doc:"Who may report progress; absent: as before"`
	Skills      []string      `json:"skills" maxItems:"50" nullable:"false"`
	Capacity    float64       `json:"capacity,omitempty" minimum:"0" maximum:"1000" doc:"Team-weeks of work it can hold at once; 0: nothing now. A new team states it, or capacity_per_person, from which it then follows"`
	LoadCeiling float64       `json:"load_ceiling,omitempty" minimum:"0" maximum:"1" doc:"Share of capacity that may be taken; the policy's when absent"`
	WIPLimit    int           `json:"wip_limit,omitempty" minimum:"0" maximum:"1000" doc:"Requests at once; the policy's when absent"`
	Approaches  []string      `json:"approaches,omitempty" maxItems:"20" doc:"Ways of working it works well in: work that is done so rather comes to it"`
	Absences    []pmo.Absence `json:"absences,omitempty" maxItems:"100" doc:"All of them: the list takes the place of the one before; absent: as before"`
	Revision    int           `json:"revision,omitempty" minimum:"0" doc:"The revision you saw; absent or 0 creates the team"`

	Shares            map[string]float64 `json:"shares,omitempty" maxProperties:"210" doc:"Parts of the week, 0 to 1, that people have for the team. A member who is not named has all of it, a lead none"`
	CapacityPerPerson float64            `json:"capacity_per_person,omitempty" minimum:"0" maximum:"1000" doc:"Team-weeks that somebody with the whole week holds at once; capacity follows from it. 0: capacity is stated"`
	OtherWork         float64            `json:"other_work,omitempty" minimum:"0" maximum:"1" doc:"Share of its people's time for work that no request asks for; it counts where capacity follows from the people"`
	Pace              float64            `json:"pace,omitempty" minimum:"0" maximum:"4" doc:"How much faster than an ordinary team it does the same work, 0.25 to 4: a size is divided by it for this team. 0: 1"`
	WIPPerPerson      float64            `json:"wip_per_person,omitempty" minimum:"0" maximum:"1000" doc:"Requests at once for each person with the whole week: the limit is the smaller of this and wip_limit. 0: none"`
	CapacityMeasured  bool               `json:"capacity_measured,omitempty" doc:"Capacity follows from what the team finished in 26 weeks, measured anew every week; at least ten requests are needed. false: capacity is stated, or follows from the people"`
}

// FormOf is the form that makes a team as it is given.
func FormOf(t pmo.Team) TeamForm {
	if t.Skills == nil {
		t.Skills = []string{}
	}
	return TeamForm{Name: t.Name, Portfolio: t.Portfolio, Leads: t.Leads, Members: t.Members, Skills: t.Skills, Capacity: t.Capacity,
		LoadCeiling: t.LoadCeiling, WIPLimit: t.WIPLimit, Approaches: t.Approaches, Absences: t.Absences, Revision: t.Revision,
		Shares: t.Shares, CapacityPerPerson: t.CapacityPerPerson, OtherWork: t.OtherWork, WIPPerPerson: t.WIPPerPerson, Pace: t.Pace, CapacityMeasured: t.CapacityMeasured}
}

// Team is the team of an id that the form describes.
func (f TeamForm) Team(id string) pmo.Team {
	return pmo.Team{ID: id, Name: f.Name, Portfolio: f.Portfolio, Leads: f.Leads, Members: f.Members, Skills: f.Skills, Capacity: f.Capacity,
		LoadCeiling: f.LoadCeiling, WIPLimit: f.WIPLimit, Approaches: f.Approaches, Absences: f.Absences, Revision: f.Revision,
		Shares: f.Shares, CapacityPerPerson: f.CapacityPerPerson, OtherWork: f.OtherWork, WIPPerPerson: f.WIPPerPerson, Pace: f.Pace, CapacityMeasured: f.CapacityMeasured}
}
