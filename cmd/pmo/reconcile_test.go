package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/reconcile"
)

func TestReconcileAndRebuildNeedTheirConfiguration(t *testing.T) {
	for _, args := range [][]string{{"reconcile"}, {"rebuild"}, {"reconcile", "--output", "xml"}, {"rebuild", "extra"}} {
		_, err := run(args, nil)
		require.Error(t, err, args)
		require.Equal(t, exitUsage, exitCode(err), "%v: %v", args, err)
	}
}

func TestReconcileTable(t *testing.T) {
	var out bytes.Buffer
	report := reconcile.Report{Workflows: 12, Rows: 11, InDepth: 3, Took: "41ms", Findings: []reconcile.Finding{
		{Class: reconcile.Missing, ID: "0198", Ref: "R-12", Words: "there is no row; the workflow is in review", Action: "write the row"},
		{Class: reconcile.Stuck, ID: "0199", Words: "its workflow task fails again and again", Action: "wake it once", Fault: "nobody answers"},
	}}
	require.NoError(t, reconcileTable(&out, report))
	require.Equal(t, `CLASS    REQUEST  WHAT                                        WHAT TO DO
missing  R-12     there is no row; the workflow is in review  write the row
stuck    0199     its workflow task fails again and again     failed: nobody answers
2 findings in 41ms: 12 workflows compared with 11 open rows, 3 states queried. Nothing was changed; use --apply to repair.
`, out.String())
}
