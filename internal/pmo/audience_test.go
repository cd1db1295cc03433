package pmo

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// TestOneTableSaysWhoHears: every event has one row, and nothing else sets recipients.
func TestOneTableSaysWhoHears(t *testing.T) {
	rows := map[string]int{}
	for _, row := range audiences {
		rows[row.event]++
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	events := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if name := n.Names[0].Name; strings.HasPrefix(name, "Event") && len(n.Values) == 1 {
					events++
					event := strings.Trim(n.Values[0].(*ast.BasicLit).Value, `"`)
					require.Equal(t, 1, rows[event], "rows of %s", event)
				}
			case *ast.CompositeLit:
				if id, ok := n.Type.(*ast.Ident); ok && id.Name == "Entry" {
					require.NotContains(t, fieldNames(n), "Recipients", "%s: the table in audience.go says who hears of it", name)
				}
			}
			return true
		})
	}
	require.Equal(t, events+2, len(audiences), "a reassignment and a question asked have two rows")
}

func fieldNames(n *ast.CompositeLit) []string {
	var names []string
	for _, e := range n.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			names = append(names, fmt.Sprint(pair.Key))
		}
	}
	return names
}

// TestTheTeamHears of what happens to its work.
func TestTheTeamHears(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	by := Header{By: By{Actor: "petra"}}
	stop, size := Stop{Header: by, Reason: "because"}, 5.0
	for event, c := range map[string]struct {
		do      func(r *Request)
		sponsor bool
	}{
		"hold":         {do: func(r *Request) { r.ApplyHold(stop, now) }},
		"resumption":   {do: func(r *Request) { r.ApplyHold(stop, now); r.ApplyResume(stop, now) }},
		"withdrawal":   {do: func(r *Request) { r.ApplyWithdraw(stop, now) }, sponsor: true},
		"cancellation": {do: func(r *Request) { r.ApplyCancel(stop, now) }, sponsor: true},
		"merge": {do: func(r *Request) {
			stop := stop
			stop.Into = []string{"r2"}
			r.ApplyCancel(stop, now)
			r.FinishMerge(MergeCheck{}, now)
		}, sponsor: true},
		"another team":       {do: func(r *Request) { r.ApplyReassign(Reassign{Header: by, Reason: "skills", Team: "otter"}, now) }},
		"a change proposed":  {do: func(r *Request) { r.ApplyAmend(Amend{Header: by, Revision: 1, Patch: Patch{Size: &size}}, now) }},
		"a change taken":     {do: func(r *Request) { r.Change = &Change{}; r.applyChange(now) }},
		"a change not taken": {do: func(r *Request) { r.Change = &Change{}; r.changeSettled(Question{Verdict: VerdictRefuse}, "no", now) }},
		"a blocker":          {do: func(r *Request) { r.ApplyReport(Report{Header: by, Blocked: &stop.Reason}, now) }},
		"an acceptance":      {do: func(r *Request) { r.acceptanceSettled(Question{Verdict: VerdictAccept}, "", now) }, sponsor: true},
		"work sent back": {do: func(r *Request) {
			r.Stage = StageClosure
			r.acceptanceSettled(Question{Verdict: VerdictRework}, "", now)
		}},
		"a slot that is lost": {do: func(r *Request) { r.returnSlot(Question{Kind: KindException}, "because", now) }},
	} {
		t.Run(event, func(t *testing.T) {
			r := New("r1", "d", Submission{Requester: "sam", SubmittedBy: "sam", At: now, Content: Content{Title: "Fleet", Sponsor: "dora"}})
			r.Stage, r.Pull, r.Plan, r.Rules.Material = StageExecution, &Pull{}, &Plan{AgreedAt: now}, []string{"size"}
			r.Assignment = &Assignment{Team: "falcon", Leads: []string{"theo", "tara"}, ConfirmedAt: now}
			c.do(r)
			var told []string
			for _, e := range r.Ledger {
				if e.Event != EventStage {
					told = e.Recipients
				}
			}
			require.Subset(t, told, []string{"theo", "tara", "sam"})
			require.Equal(t, c.sponsor, contains(told, "dora"))
		})
	}
}

// TestWhoWasAskedHearsOfTheEnd: the team that was only offered the work, and the approvers, learn that nobody needs their answer any more.
func TestWhoWasAskedHearsOfTheEnd(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	r := New("r1", "d", Submission{Requester: "sam", SubmittedBy: "sam", At: now})
	r.Stage = StageReview
	r.OpenQuestion(QuestionSpec{Kind: KindReview, Group: "board"}, QuestionTerms{People: []string{"ana"}, DueAt: now.Add(time.Hour)}, now)
	r.ApplyWithdraw(Stop{}, now)
	require.Equal(t, []string{"ana", "sam"}, r.Ledger[len(r.Ledger)-1].Recipients)
}

func TestRecipientsAreBounded(t *testing.T) {
	r := New("r1", "d", Submission{Requester: "sam", SubmittedBy: "sam"})
	for i := range 1000 {
		r.Watchers = append(r.Watchers, fmt.Sprint("w", i))
	}
	r.record(time.Time{}, Entry{Event: EventPulled})
	require.Len(t, r.Ledger[0].Recipients, maxRecipients)
}

// TestArchitectureShowsWhoHears compares the table in docs/architecture.md with the one in the code.
func TestArchitectureShowsWhoHears(t *testing.T) {
	testkit.Printed(t, filepath.Join("..", "..", "docs", "architecture.md"), "audiences", printAudiences(), *update, "go test ./internal/pmo -run TestArchitectureShowsWhoHears -update")
}

func printAudiences() string {
	var text strings.Builder
	text.WriteString("| event | who hears of it | note |\n|---|---|---|\n")
	for _, row := range audiences {
		var names []string
		for _, to := range row.to {
			names = append(names, string(to))
		}
		if len(names) == 0 {
			names = []string{"nobody"}
		}
		fmt.Fprintf(&text, "| `%s` | %s | %s |\n", row.event, strings.Join(names, ", "), row.why)
	}
	return text.String()
}
