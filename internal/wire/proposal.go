package wire

import (
	"time"

	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
)

// ProposePolicy proposes a version of the policy: a document, or an earlier version to return to.
type ProposePolicy struct {
	YAML      string `json:"yaml,omitempty" maxLength:"524288" doc:"The document, as YAML or JSON. Its version is raised to the one after that in force if it is not higher"`
	ReturnsTo int    `json:"returns_to,omitempty" minimum:"1" doc:"Instead of a document: the earlier version whose rules are to hold again"`
	Reason    string `json:"reason,omitempty" maxLength:"2000" doc:"Why; needed unless dry"`
	Dry       bool   `json:"dry,omitempty" doc:"Only say what it would change"`
}

// DecideProposal accepts or rejects a proposed policy, or takes it back.
type DecideProposal struct {
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Needed to reject"`
}

// PolicyProposal is a proposed version of the policy.
type PolicyProposal struct {
	ID          string     `json:"id,omitempty" doc:"Absent when it was only tried (dry)"`
	Version     int        `json:"version" doc:"That it would be"`
	Base        int        `json:"base" doc:"The version in force when it was made"`
	InForce     int        `json:"in_force" doc:"The version in force now"`
	Stale       bool       `json:"stale,omitempty" doc:"Open, and made for a version that is no longer in force: it has to be proposed again"`
	State       string     `json:"state" enum:"dry,open,accepted,rejected,withdrawn"`
	Proposer    string     `json:"proposer"`
	At          time.Time  `json:"at"`
	Reason      string     `json:"reason,omitempty"`
	ReturnsTo   int        `json:"returns_to,omitempty" doc:"The earlier version whose rules it brings back"`
	DecidedBy   string     `json:"decided_by,omitempty"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
	Decision    string     `json:"decision,omitempty" doc:"The reason of who decided"`
	ScheduledAt *time.Time `json:"scheduled_at,omitempty" doc:"When the schedules of the runs followed; absent while that is still tried"`
	Link        string     `json:"link,omitempty"`

	YAML       string                  `json:"yaml,omitempty" doc:"The document; in one proposal alone"`
	Difference *policy.RulesDifference `json:"difference,omitempty" doc:"What it changes of the version it was made for; in one proposal alone"`
	Effect     *PolicyEffect           `json:"effect,omitempty" doc:"What it would have done when it was made; in one proposal alone. What it would do now: …/effect"`
}

// PolicyEffect is what a policy would do to the backlogs as they are at a time. Nothing is changed by asking.
type PolicyEffect struct {
	At         time.Time       `json:"at"`
	Portfolios []BacklogEffect `json:"portfolios"`
	Limits     []string        `json:"limits" doc:"What it does not say"`
}

// BacklogEffect is what would be different in one backlog.
type BacklogEffect struct {
	Portfolio string       `json:"portfolio"`
	Count     int          `json:"count" doc:"Requests in the order that would be"`
	Moved     int          `json:"moved" doc:"Of these at another place"`
	PulledNow int          `json:"pulled_now" doc:"What a run would pull now"`
	Pulled    int          `json:"pulled" doc:"What it would pull then"`
	Lines     []EffectLine `json:"lines" doc:"The pulls that differ and the widest moves, by the place that would be"`
	More      int          `json:"more,omitempty" doc:"Requests with a difference that are not listed"`
	Hidden    int          `json:"hidden,omitempty" doc:"Listed requests that you may not read; they are left out"`
}

// EffectLine is a request whose place or pull would be different.
type EffectLine struct {
	ID      string           `json:"id"`
	Ref     string           `json:"ref"`
	Title   string           `json:"title"`
	Now     EffectPlace      `json:"now"`
	Then    EffectPlace      `json:"then"`
	Causes  []priority.Cause `json:"causes,omitempty" doc:"What moves it, in places; positive is up"`
	Because string           `json:"because,omitempty" doc:"The same in words"`
	Link    string           `json:"link,omitempty"`
}

// EffectPlace is a request in one of the two orders.
type EffectPlace struct {
	Rank    int     `json:"rank" doc:"0: it is not in this order"`
	Score   float64 `json:"score,omitempty"`
	Unknown bool    `json:"unknown,omitempty" doc:"It has no score: inputs are missing"`
	Pulled  bool    `json:"pulled,omitempty" doc:"A run would pull it"`
}

// PolicyVersion is a policy that took force.
type PolicyVersion struct {
	Version   int       `json:"version"`
	Since     time.Time `json:"since"`
	InForce   bool      `json:"in_force,omitempty"`
	Actor     string    `json:"actor" doc:"Who accepted it; operator: it came from a policy file"`
	Proposal  string    `json:"proposal,omitempty"`
	Proposer  string    `json:"proposer,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	ReturnsTo int       `json:"returns_to,omitempty"`

	YAML       string                  `json:"yaml,omitempty" doc:"The document; of one version alone"`
	Difference *policy.RulesDifference `json:"difference,omitempty" doc:"What it changed of the version before; of one version alone"`
}
