package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// ReplayPolicy asks what a policy would have done with the requests that have ended. Nothing is changed by asking.
type ReplayPolicy struct {
	YAML   string `json:"yaml" maxLength:"524288" doc:"The policy, as YAML or JSON"`
	Days   int    `json:"days,omitempty" minimum:"1" maximum:"1095" doc:"How far back; 365 when absent"`
	Limit  int    `json:"limit,omitempty" minimum:"1" maximum:"200" doc:"Lines in the answer; 50 when absent"`
	Cursor string `json:"cursor,omitempty" maxLength:"500" doc:"The next of the page before"`
}

// PolicyReplay is what a policy would have done with the requests that have ended, beside what was and what the rules in force would have done.
type PolicyReplay struct {
	At     time.Time `json:"at"`
	From   time.Time `json:"from" doc:"Requests that ended since then"`
	Policy string    `json:"policy" doc:"The policy in force"`

	Requests   int `json:"requests" doc:"It was run over so many"`
	More       int `json:"more,omitempty" doc:"Earlier ones that are too many to be run over"`
	Portfolios int `json:"portfolios" doc:"In another portfolio than they were"`
	Severities int `json:"severities" doc:"With another severity"`
	Lanes      int `json:"lanes" doc:"In another lane"`
	Reviewed   int `json:"reviewed" doc:"Came to review"`
	Routes     int `json:"routes" doc:"Of these by another way"`
	Late       int `json:"late" doc:"With a group that answered after the deadline it would have had"`
	LateNow    int `json:"late_now" doc:"The same by the rules in force"`
	Ranks      int `json:"ranks" doc:"At another rank at the moment they were pulled, compared with the rules in force"`
	Earlier    int `json:"earlier" doc:"Pulled earlier than by the rules in force"`
	Later      int `json:"later" doc:"Pulled later, or not at all"`
	Ranked     int `json:"ranked" doc:"Pulls that were run again"`
	Unranked   int `json:"unranked,omitempty" doc:"Earlier pulls that were not, because they are too many"`

	Review  ReplayWait   `json:"review" doc:"How long review took"`
	Backlog ReplayWait   `json:"backlog" doc:"How long requests waited for their pull"`
	Items   []ReplayLine `json:"items" doc:"Requests for which something is different, newest first"`
	Hidden  int          `json:"hidden,omitempty" doc:"Lines of this page that you may not read; they are left out"`
	Next    string       `json:"next,omitempty" doc:"The next page, when there is one"`
	Limits  []string     `json:"limits" doc:"What it does not say"`
}

// ReplayWait is a waiting time in the middle of requests: half of them waited longer.
type ReplayWait struct {
	Now  float64 `json:"now_days" doc:"By the rules in force"`
	Then float64 `json:"then_days" doc:"By the other ones"`
	Of   int     `json:"of" doc:"Requests for which both are known"`
}

// ReplayLine is a request for which something is different.
type ReplayLine struct {
	ID        string       `json:"id"`
	Ref       string       `json:"ref"`
	Title     string       `json:"title"`
	Was       ReplayCourse `json:"was" doc:"As it went"`
	Now       ReplayCourse `json:"now" doc:"By the rules in force"`
	Then      ReplayCourse `json:"then" doc:"By the other ones"`
	Rejecters []string     `json:"rejecters,omitempty" doc:"Groups that rejected it and would not have been asked"`
	Amended   bool         `json:"amended,omitempty" doc:"Its content was changed after it was submitted; the last one counts"`
	Words     []string     `json:"words" doc:"What is different, in words"`
	Link      string       `json:"link"`
}

// ReplayCourse is how a request went, or would have gone.
type ReplayCourse struct {
	Portfolio  string     `json:"portfolio"`
	Severity   string     `json:"severity,omitempty"`
	Lane       pmo.Lane   `json:"lane,omitempty"`
	Route      []string   `json:"route,omitempty" doc:"Groups, and how many of each must agree; absent: it did not come to review"`
	ReviewDays *float64   `json:"review_days,omitempty" doc:"How long review took; absent: not known"`
	Assumed    bool       `json:"assumed,omitempty" doc:"Of review_days, a part is the usual time of a group"`
	Late       []string   `json:"late,omitempty" doc:"Groups that answered after the deadline"`
	Rank       int        `json:"rank,omitempty" doc:"At the moment it was pulled; not recorded of what was"`
	PulledAt   *time.Time `json:"pulled_at,omitempty"`
}
