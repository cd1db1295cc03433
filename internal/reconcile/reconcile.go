// Package reconcile holds the read model against the workflows and mends what differs. It knows five classes: a row is missing, behind
// or ahead; a workflow has ended without its row; a request stands still past its alarm.
//
// All open requests are compared by what visibility and the rows say of them, which costs no workflow anything. Only suspects, and what
// changed since the last clean pass, are asked for their state.
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
	Behind  Class = "behind"  // the row is older than the workflow, or not what the workflow says
	Ahead   Class = "ahead"   // the row is newer than the workflow: Temporal was restored, or its data was lost
	Ended   Class = "ended"   // the row is open and the workflow has ended or is gone
	Stuck   Class = "stuck"   // what was due has not happened
)

// Temporal is the workflows' side.
type Temporal interface {
	Running(ctx context.Context, visit func([]engine.Execution) error) error
	Failing(ctx context.Context, visit func([]engine.Execution) error) error
	ClosedSince(ctx context.Context, since time.Time, visit func([]engine.Execution) error) error
	Inspect(ctx context.Context, id string) (engine.Inspection, error)
	StateOf(ctx context.Context, id, runID string) (pmo.Request, error)
	Wake(ctx context.Context, id string) error
}

// Rows is the read model's side.
type Rows interface {
	Now(ctx context.Context) (time.Time, error)
	OpenHeads(ctx context.Context, after string, limit int) ([]store.Head, error)
	ChangedHeads(ctx context.Context, since time.Time, limit int) ([]store.Head, error)
	Unknown(ctx context.Context, ids []string) ([]string, error)
	Request(ctx context.Context, ref string) (store.Row, error)
	EpochOf(ctx context.Context, id, runID string) (int64, error)
	LedgerLines(ctx context.Context, id string) (int64, error)
	AddLedgerEntries(ctx context.Context, id string, entries []pmo.Entry) error
	Project(ctx context.Context, runID string, snapshot pmo.Request, entries []pmo.Entry) (int64, bool, error)
	Rewrite(ctx context.Context, runID string, state pmo.Request, readAt time.Time) (bool, error)
	ReleaseOrphans(ctx context.Context, before time.Time) ([]string, error)
	FinalSnapshots(ctx context.Context, after string, limit int) ([]store.Row, error)
	Checkpoint(ctx context.Context, part string) (time.Time, error)
	SetCheckpoint(ctx context.Context, part string, at time.Time) error
	SaveFinding(ctx context.Context, id, class, words string, at time.Time) (bool, error)
	FindingKnown(ctx context.Context, id, class string) (bool, error)
	RequestsWithFindings(ctx context.Context) ([]string, error)
	ForgetFindings(ctx context.Context, still []string) error
}

// ReplayLedger tells every ledger entry a run of a request and those before it have ever told; see engine.Retell.
type ReplayLedger func(ctx context.Context, id, runID string) ([]pmo.Entry, error)

// Options of a pass. The zero value is a dry run with the defaults.
type Options struct {
	Apply        bool          // mend; otherwise only look
	Full         bool          // compare everything in depth, whatever earlier passes covered
	Depth        int           // requests asked for their state for no other reason than that they changed; 500
	StuckAfter   time.Duration // how long after its alarm a request counts as stuck; 10 minutes
	RecheckAfter time.Duration // how long a difference must last to be one; 3 seconds
	Lag          time.Duration // how far visibility may be behind: a pass covers only what is older; 2 minutes
	Actor        string        // who runs the pass, for the ledger
}

const (
	defaultDepth        = 500
	defaultStuckAfter   = 10 * time.Minute
	defaultRecheckAfter = 3 * time.Second
	defaultLag          = 2 * time.Minute
	// orphanAfter is older than anything on its way from a run or an assignment to its request.
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
	if o.Lag == 0 {
		o.Lag = defaultLag
	}
	return o
}

// Finding is one difference and what became of it.
type Finding struct {
	Class   Class  `json:"class"`
	ID      string `json:"id"`
	Ref     string `json:"ref,omitempty"`
	Words   string `json:"words"`
	Action  string `json:"action"`            // what mends it, or what a person has to decide
	Changed bool   `json:"changed,omitempty"` // this pass did it
	Fault   string `json:"fault,omitempty"`   // why it could not

	run      string // of the workflow
	state    *pmo.Request
	row      *store.Row
	readAt   time.Time
	repaired bool // nothing is left to do
	known    bool // somebody has to decide, and it is on file
}

// Report is what a pass found.
type Report struct {
	Applied   bool      `json:"applied"`
	Workflows int       `json:"workflows"` // compared by what visibility shows
	Rows      int       `json:"rows"`
	InDepth   int       `json:"in_depth"` // asked for their state
	Left      bool      `json:"left"`     // more changed than one pass asks; the next goes on
	Findings  []Finding `json:"findings"`
	Orphans   []string  `json:"strays,omitempty"` // requests whose unused slot or hold was given back
	Changes   int       `json:"changes"`
	Took      string    `json:"took"`
}

// Clean tells whether nothing is left that anybody has to look at.
func (r *Report) Clean() bool {
	for _, f := range r.Findings {
		if !f.repaired {
			return false
		}
	}
	return true
}

// covered tells whether the next pass may go on from here: what is left is on file, and looked at again each time.
func (r *Report) covered() bool {
	for _, f := range r.Findings {
		if !f.repaired && !f.known {
			return false
		}
	}
	return true
}

// pass is one comparison.
type pass struct {
	Options
	temporal     Temporal
	rows         Rows
	replayLedger ReplayLedger
	now          time.Time // of the database
	suspects     map[string]bool
	report       Report
}

// Pass compares and, if asked to, mends. A second pass right after changes nothing.
func Pass(ctx context.Context, t Temporal, r Rows, retell ReplayLedger, o Options) (Report, error) {
	began := time.Now()
	p := &pass{Options: o.filled(), temporal: t, rows: r, replayLedger: retell, suspects: map[string]bool{}, report: Report{Applied: o.Apply, Findings: []Finding{}}}
	var err error
	if p.now, err = r.Now(ctx); err != nil {
		return p.report, fmt.Errorf("ask the time: %w", err)
	}
	marks, err := p.collect(ctx)
	if err == nil {
		err = p.examine(ctx)
	}
	if err == nil && p.Apply {
		err = p.repairAll(ctx)
	}
	if err == nil && p.report.covered() {
		err = marks.save(ctx, r)
	}
	p.report.Took = time.Since(began).Round(time.Millisecond).String()
	return p.report, err
}
