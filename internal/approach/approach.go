package approach

// Approach is a way of working. Values are stable.
type Approach string

const (
	// Checklist is a few steps and an owner, for express-lane work.
	Checklist Approach = "checklist"
	// Kanban is pull with WIP limits and a service-level expectation.
	Kanban Approach = "kanban"
	// Scrum is iterations towards a product goal.
	Scrum Approach = "scrum"
	// Scrumban is a planning cadence over a pull system, for much unplanned work.
	Scrumban Approach = "scrumban"
	// ContinuousDelivery is release of each small change when it is ready.
	ContinuousDelivery Approach = "continuous_delivery"
	// Exploratory is time-boxed experiments until the problem is understood.
	Exploratory Approach = "exploratory"
	// Program is a team of teams on a shared planning interval (SAFe, DA Program).
	Program Approach = "program"
	// XP is a set of engineering practices added to another approach.
	XP Approach = "xp"
	// Hybrid is a predictive shell with iterations inside.
	Hybrid Approach = "hybrid"
	// Predictive is milestones and stage gates against a baseline.
	Predictive Approach = "predictive"
)

var approaches = []Approach{Checklist, Kanban, Scrum, Scrumban, ContinuousDelivery,
	Exploratory, Program, XP, Hybrid, Predictive}

// Title is the name of the approach in sentences.
func (a Approach) Title() string {
	switch a {
	case XP:
		return "XP"
	case ContinuousDelivery:
		return "Continuous delivery"
	case "":
		return "None"
	}
	return string(a[0]-'a'+'A') + string(a[1:])
}
