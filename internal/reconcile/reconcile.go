// Package reconcile compares the read model with the workflows and repairs differences. There are eight classes: a row is missing, behind
// or ahead; a workflow has ended without its row; a request is stuck after a deadline; the tasks of a workflow fail; a request was not told of
// its slot; the ledger has entries that did not happen.
//
// All open requests are compared by their search attributes and their rows, which causes no work in the workflows. Only suspects, and
// requests that changed since the last clean pass, are queried for their state.
package reconcile

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// Class is a way in which the read model and the workflows can differ.
type Class string

// The classes.
const (
	Missing Class = "missing" // a workflow without a row
	Behind  Class = "behind"  // the row is older than the workflow's state, or differs from it
	Ahead   Class = "ahead"   // the row is newer than the workflow: Temporal was restored, or its data was lost
	Ended   Class = "ended"   // the row is open and the workflow has ended or does not exist
	Stuck   Class = "stuck"   // a deadline has passed and the workflow has not acted
	Failing Class = "failing" // the workflow's tasks fail repeatedly: it answers nothing and acts on no deadline
	Untold  Class = "untold"  // a slot is held for the request, and its workflow still waits for a pull: the run ended before it told it
	Lost    Class = "lost"    // the ledger has entries of an attempt that ended with its worker, and the workflow came to another result
)

// ReplayLedger reads every ledger entry that an execution of a request and those before it have sent to Postgres; see
// engine.Engine.ReplayLedger.
type ReplayLedger func(ctx context.Context, id, runID string) ([]pmo.Entry, error)

// Options of a pass. The zero value is a dry run with the defaults.
type Options struct {
	Apply        bool          // repair; otherwise only report
	Full         bool          // query all open requests, whatever earlier passes covered
	Depth        int           // the most requests to query only because they changed; 500
	StuckAfter   time.Duration // how long after a deadline a request counts as stuck; 10 minutes
	RecheckAfter time.Duration // how long a difference must last to count; 3 seconds
	UntoldAfter  time.Duration // how long after a slot was given its request must know of it; 2 minutes
	Lag          time.Duration // how late the visibility store may be: a pass covers only what is older; 2 minutes
	Actor        string        // who runs the pass, for the ledger
}

const (
	defaultDepth        = 500
	defaultStuckAfter   = 10 * time.Minute
	defaultRecheckAfter = 3 * time.Second
	defaultUntoldAfter  = 2 * time.Minute
	defaultLag          = 2 * time.Minute
	// orphanAfter is longer than a request takes to confirm a slot or a hold that a prioritization or an assignment gave it.
	orphanAfter = 15 * time.Minute
	page        = 1000
	atOnce      = 8
)

func (o Options) filled() Options {
	if o.Depth == 0 {
		o.Depth = defaultDepth
	}
	if o.StuckAfter == 0 {
		o.StuckAfter = defaultStuckAfter
	}
	if o.RecheckAfter == 0 {
		o.RecheckAfter = defaultRecheckAfter
	}
	if o.UntoldAfter == 0 {
		o.UntoldAfter = defaultUntoldAfter
	}
	if o.Lag == 0 {
		o.Lag = defaultLag
	}
	return o
}

// Finding is one difference and its repair.
type Finding struct {
	Class   Class  `json:"class"`
	ID      string `json:"id"`
	Ref     string `json:"ref,omitempty"`
	Words   string `json:"words"`
	Action  string `json:"action"`            // what repairs it, or what a person has to decide
	Changed bool   `json:"changed,omitempty"` // this pass repaired or recorded it
	Fault   string `json:"fault,omitempty"`   // why the repair failed

	runID    string // of the workflow execution
	state    *pmo.Request
	row      *store.Row
	slot     store.Slot // of which the request was not told
	known    []string   // keys of the entries that the workflow wrote, where the ledger has others
	readAt   time.Time
	repaired bool // no action is left
	recorded bool // a person has to decide, and the finding is stored
}

// Report is the result of a pass.
type Report struct {
	Applied   bool      `json:"applied"`
	Workflows int       `json:"workflows"` // compared by their search attributes
	Rows      int       `json:"rows"`
	InDepth   int       `json:"in_depth"` // queried for their state
	Left      bool      `json:"left"`     // more changed than one pass queries; the next pass continues
	Findings  []Finding `json:"findings"`
	Orphans   []string  `json:"strays,omitempty"` // requests whose unused slot or hold was released
	Changes   int       `json:"changes"`
	Took      string    `json:"took"`
}

// Clean is whether no finding is left that a person has to check.
func (r *Report) Clean() bool {
	for _, f := range r.Findings {
		if !f.repaired {
			return false
		}
	}
	return true
}

// covered is whether the next pass may continue from this one: every finding that is left is stored, and stored findings are checked in
// each pass.
func (r *Report) covered() bool {
	for _, f := range r.Findings {
		if !f.repaired && !f.recorded {
			return false
		}
	}
	return true
}

// pass is one comparison.
type pass struct {
	Options
	temporal     *engine.Engine
	rows         *store.Store
	replayLedger ReplayLedger
	now          time.Time // of the database
	suspects     map[string]bool
	untold       map[string]store.Slot // by request id
	report       Report
}

// Pass compares and, with o.Apply, repairs. It is idempotent: a second pass directly after it changes nothing.
func Pass(ctx context.Context, e *engine.Engine, s *store.Store, replay ReplayLedger, o Options) (Report, error) {
	began := time.Now()
	p := &pass{Options: o.filled(), temporal: e, rows: s, replayLedger: replay, suspects: map[string]bool{}, untold: map[string]store.Slot{},
		report: Report{Applied: o.Apply, Findings: []Finding{}}}
	var err error
	if p.now, err = s.Now(ctx); err != nil {
		return p.report, fmt.Errorf("read the database clock: %w", err)
	}
	next, err := p.collect(ctx)
	if err == nil {
		err = p.examine(ctx)
	}
	if err == nil && p.Apply {
		err = p.repairAll(ctx)
	}
	if err == nil && p.report.covered() {
		err = next.save(ctx, s)
	}
	p.report.Took = time.Since(began).Round(time.Millisecond).String()
	return p.report, err
}
