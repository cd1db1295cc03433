package wire

import "leanpmo/internal/pmo"

// Amendment changes the form as the caller saw it.
type Amendment struct {
	Revision int       `json:"revision" minimum:"1" doc:"The revision you saw; an older one is refused (409)"`
	Patch    pmo.Patch `json:"patch" doc:"The fields that change, as a JSON merge patch"`
	Reason   string    `json:"reason,omitempty" maxLength:"4000"`
}

// Report is a team's progress report. What it does not mention stays as it was.
type Report struct {
	Percent *int         `json:"percent,omitempty" minimum:"0" maximum:"100"`
	Health  pmo.Health   `json:"health,omitempty" enum:"green,amber,red,unknown" doc:"Absent: by the rule of health. Another colour than the rule's needs a reason in note, and counts until the next report"`
	Note    string       `json:"note,omitempty" maxLength:"4000"`
	Risks   []pmo.Risk   `json:"risks,omitzero" maxItems:"50" doc:"Absent: as they were; an empty list clears them"`
	Blocked *string      `json:"blocked,omitempty" maxLength:"4000" doc:"Why it cannot go on; absent: as it was; an empty text clears it"`
	Done    bool         `json:"done,omitempty" doc:"The team says it is done; the requester is asked to accept"`
	Lessons []pmo.Lesson `json:"lessons,omitempty" maxItems:"50"`
	// EarnedValue is for plans with a budget.
	EarnedValue *pmo.EarnedValue `json:"earned_value,omitempty" doc:"A measurement against the budget of the plan; absent: as it was"`
	Measure     *pmo.Measure     `json:"measure,omitempty" doc:"What is done in items or points; absent: as it was. Without percent it gives that too"`
	Milestones  []string         `json:"milestones,omitempty" maxItems:"50" doc:"Names of milestones of the plan that are reached now"`
}

// Raid adds an entry to the RAID log of a request, or clears one.
type Raid struct {
	Kind        pmo.RaidKind `json:"kind,omitempty" enum:"risk,assumption,issue,dependency,blocker" doc:"Of an entry that is added; a blocker stops the work and is shown in what is stuck"`
	Text        string       `json:"text,omitempty" maxLength:"1000"`
	Owner       string       `json:"owner,omitempty" maxLength:"200" doc:"Who can clear it: a person's id, or in words"`
	Due         pmo.Date     `json:"due,omitempty" doc:"By when it ought to be cleared"`
	Probability int          `json:"probability,omitempty" minimum:"0" maximum:"5" doc:"Of a risk: 1 to 5"`
	Impact      int          `json:"impact,omitempty" minimum:"0" maximum:"5" doc:"Of a risk: 1 to 5"`
	Clear       int          `json:"clear,omitempty" minimum:"0" doc:"The number of the entry that is cleared; absent: one is added"`
	How         string       `json:"how,omitempty" maxLength:"1000" doc:"How it was cleared"`
}

// Reason is the optional body of withdraw, hold, resume and wake.
type Reason struct {
	Reason string `json:"reason,omitempty" maxLength:"4000"`
}

// Cancellation ends a request.
type Cancellation struct {
	Reason string   `json:"reason" minLength:"1" maxLength:"4000"`
	Into   []string `json:"into,omitempty" maxItems:"20" doc:"Requests it goes on in: it closes as merged"`
}

// Reassignment moves a question to another person, or the work to another team.
type Reassignment struct {
	Reason   string `json:"reason" minLength:"1" maxLength:"4000"`
	Decision string `json:"decision,omitempty" maxLength:"200" doc:"Id of the question to move"`
	From     string `json:"from,omitempty" maxLength:"64"`
	To       string `json:"to,omitempty" maxLength:"64"`
	Team     string `json:"team,omitempty" maxLength:"64" doc:"Or the team to offer the work to"`
	Second   string `json:"second,omitempty" maxLength:"64" doc:"With team: the team to offer the part of the second team, where the request needs two"`
}

// OverridePull pulls a request past the ranking.
type OverridePull struct {
	Reason string `json:"reason" minLength:"1" maxLength:"4000" doc:"Why the ranking is overridden"`
}

// SetInputs sets what a score is computed from.
type SetInputs struct {
	Inputs pmo.Inputs          `json:"inputs"`
	Class  *pmo.ClassOfService `json:"class,omitempty" enum:"expedite,fixed_date,standard,intangible"`
	Reason string              `json:"reason,omitempty" maxLength:"4000"`
	// Sure is kept with each of the inputs.
	Sure pmo.Sureness `json:"sure,omitempty" enum:"low,medium,high" doc:"How sure you are of these numbers"`
}

// Watchers are added and removed; the caller is added when both lists are empty.
type Watchers struct {
	Add    []string `json:"add,omitempty" maxItems:"50" doc:"Who is notified from now on; you yourself when both lists are absent"`
	Remove []string `json:"remove,omitempty" maxItems:"50"`
}

// Split submits the parts of a request and closes the whole as merged into them.
type Split struct {
	Reason string        `json:"reason" minLength:"1" maxLength:"4000"`
	Parts  []pmo.Content `json:"parts" minItems:"2" maxItems:"20"`
}

// SplitResult answers a split.
type SplitResult struct {
	Receipt pmo.Receipt `json:"receipt"`
	Parts   []SplitPart `json:"parts"`
}

// SplitPart is a request that a split submitted. It has no number as long as no worker has processed it.
type SplitPart struct {
	ID     string `json:"id"`
	Number int64  `json:"number,omitempty"`
	Ref    string `json:"ref,omitempty"`
	Link   string `json:"link"`
}

// Reassigned is the receipt of a reassignment, with what it did and what it did not.
type Reassigned struct {
	pmo.Receipt
	Done string `json:"done" doc:"What has happened"`
	Next string `json:"next_step" doc:"What has yet to happen"`
}
