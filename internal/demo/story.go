// Package demo fills the local stack with an example portfolio. Every request is submitted and moved to its target state through the
// public API, as people of the local directory.
package demo

import (
	_ "embed"
	"fmt"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
	"leanpmo/internal/yamlstrict"
)

// Target is the state to which a story's request is moved.
type Target string

// The targets, in the order of the process.
const (
	Intake       Target = "intake"        // the form is incomplete, and the requester is asked
	Sponsor      Target = "sponsor"       // the sponsor is asked
	Review       Target = "review"        // approvers are asked
	HalfReviewed Target = "half_reviewed" // one of them has answered
	NeedInfo     Target = "need_info"     // one of them has asked for more information
	Deferred     Target = "deferred"
	Backlog      Target = "backlog" // ranked, or waiting for its inputs
	Hold         Target = "hold"
	Approach     Target = "approach" // pulled; the approach is to be confirmed
	Declined     Target = "declined" // a team has declined, another is asked
	NoRoom       Target = "no_room"  // no team has room
	Plan         Target = "plan"     // the plan is to be agreed
	Execution    Target = "execution"
	Acceptance   Target = "acceptance"
	Delivered    Target = "delivered"
	Rejected     Target = "rejected"
	Answered     Target = "answered"
	Merged       Target = "merged"
	Withdrawn    Target = "withdrawn"
)

// Story is one request of the demo.
type Story struct {
	Key     string          `json:"key"`
	By      string          `json:"by"` // who submits it
	Target  Target          `json:"target"`
	Form    wire.Submission `json:"form"`
	Wanted  int             `json:"wanted_in"` // days from now to the wanted date; 0: none
	Days    int             `json:"days"`      // of a deferral
	Reason  string          `json:"reason"`    // of the rejection, the hold, the question, …
	Into    string          `json:"into"`      // key of the story it duplicates
	Reports []wire.Report   `json:"reports"`
	Needs   []string        `json:"needs"` // keys of stories that must be delivered before
	Points  []Points        `json:"points"`

	Conditions []Condition `json:"conditions"` // on which it is approved
	Team       string      `json:"team"`       // that the PMO names, because no team has the skills

	until pmo.Date // of a deferral, as of today
	of    string   // id of the request it duplicates
}

// Points are put on a waiting request by somebody out of the points of their group.
type Points struct {
	By     string `json:"by"`
	Group  string `json:"group"`
	Points int    `json:"points"`
}

// decision is an answer with the story's reason and data.
func (s Story) decision(verdict string) wire.Decision {
	return wire.Decision{Verdict: verdict, Reason: s.Reason, Data: pmo.Data{Until: s.until, Of: s.of}}
}

// batches are the stories in the order in which they are seeded.
type batches struct {
	Past    []Story `json:"past"`
	Work    []Story `json:"work"`
	Waiting []Story `json:"waiting"`
	Last    []Story `json:"last"`
}

//go:embed stories.yaml
var storiesWork []byte

//go:embed stories_waiting.yaml
var storiesWaiting []byte

// stories reads the embedded files.
func stories() (batches, error) {
	var first, second batches
	if faults := yamlstrict.Decode(storiesWork, &first); len(faults) > 0 {
		return batches{}, fmt.Errorf("read the stories: %w", faults.Err())
	}
	if faults := yamlstrict.Decode(storiesWaiting, &second); len(faults) > 0 {
		return batches{}, fmt.Errorf("read the waiting stories: %w", faults.Err())
	}
	return batches{Past: first.Past, Work: first.Work, Waiting: second.Waiting, Last: second.Last}, nil
}

func (w batches) all() []Story {
	var list []Story
	for _, batch := range [][]Story{w.Past, w.Work, w.Waiting, w.Last} {
		list = append(list, batch...)
	}
	return list
}

// requester is the person in the form, else the submitter.
func (s Story) requester() string {
	if s.Form.Requester != "" {
		return s.Form.Requester
	}
	return s.By
}

// form is the form with dates relative to now.
func (s Story) form(now time.Time) wire.Submission {
	f := s.Form
	if s.Wanted > 0 {
		f.WantedBy = inDays(now, s.Wanted)
	}
	return f
}

func inDays(now time.Time, days int) pmo.Date {
	return pmo.Date(now.UTC().AddDate(0, 0, days).Format(time.DateOnly))
}
