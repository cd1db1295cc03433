package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/internal/app"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/reconcile"
	"leanpmo/internal/store"
	"leanpmo/workflows"
)

const reconcileLong = `Compare the read model with the workflows and list the differences: a row is missing, behind or ahead; a workflow has ended
but its row has not; a request is stuck past its deadline timer; the tasks of a workflow fail; a request was not told of its slot. Nothing
is changed without --apply, and a second --apply changes nothing.

All open requests are compared by Temporal's visibility and their rows. The state is queried only for requests that differ and for those
that changed since the last clean pass; this needs a running worker. After a restore of one of the databases use --full.

PMO_DATABASE_URL (or PMO_DATABASE_URL_FILE), TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the SDK's other TEMPORAL_ variables name the systems.`

// errFindings makes the exit code 1, so that a scheduled dry run fails when there are differences.
var errFindings = errors.New("the read model and the workflows differ")

// reconcileCommand finds and repairs differences between Postgres and Temporal.
func reconcileCommand(lookup func(string) (string, bool)) *cobra.Command {
	var o reconcile.Options
	var format *string
	cmd := &cobra.Command{
		Use: "reconcile", Short: "Compare the read model with the workflows, and repair it", Args: noArguments, Long: reconcileLong,
		Example: "  pmo reconcile\n  pmo reconcile --apply\n  pmo reconcile --full -o json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withBoth(cmd, lookup, *format, func(s *store.Store, e *engine.Engine) error {
				o.Actor = operator()
				report, err := reconcile.Pass(cmd.Context(), e, s, replayLedger(e), o)
				if err != nil {
					return err
				}
				if err := show(cmd.OutOrStdout(), *format, report, reconcileTable); err != nil {
					return err
				}
				if !report.Clean() {
					return errFindings
				}
				return nil
			})
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.Apply, "apply", false, "repair the differences; without it nothing is changed")
	flags.BoolVar(&o.Full, "full", false, "query the state of every open request, regardless of earlier passes")
	flags.IntVar(&o.Depth, "depth", 500, "the maximum number of requests to query only because they changed")
	flags.DurationVar(&o.StuckAfter, "stuck-after", 10*time.Minute, "how long past its deadline timer a request counts as stuck")
	flags.DurationVar(&o.RecheckAfter, "settle", 3*time.Second, "how long a difference must last to count")
	format = outputFlag(cmd)
	return cmd
}

const rebuildLong = `Write the projected tables again: requests, open questions, slots and capacity holds, from the state of the workflows, and for
closed requests that Temporal no longer keeps from their last stored state. The ledger, numbers, prioritizations, teams and policies are
not changed. It queries every workflow, so it needs a running worker and some time; the product may go on working. Nothing is changed
without --apply.`

// rebuildCommand writes the projected tables again.
func rebuildCommand(lookup func(string) (string, bool)) *cobra.Command {
	var apply bool
	var format *string
	cmd := &cobra.Command{
		Use: "rebuild", Short: "Write the projected tables again from the workflows", Args: noArguments, Long: rebuildLong,
		Example: "  pmo rebuild\n  pmo rebuild --apply",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withBoth(cmd, lookup, *format, func(s *store.Store, e *engine.Engine) error {
				done, err := reconcile.Rebuild(cmd.Context(), e, s, apply)
				if err != nil {
					return err
				}
				return show(cmd.OutOrStdout(), *format, done, rebuildTable)
			})
		},
	}
	cmd.Flags().BoolVar(&apply, "apply", false, "write the rows; without it nothing is changed")
	format = outputFlag(cmd)
	return cmd
}

// withBoth checks the output format, opens the read model and the Temporal client, and calls do.
func withBoth(cmd *cobra.Command, lookup func(string) (string, bool), format string, do func(*store.Store, *engine.Engine) error) error {
	if err := checkOutput(format); err != nil {
		return err
	}
	c, err := app.FromEnv(lookup)
	if err != nil {
		return err
	}
	log, err := logger(cmd.ErrOrStderr(), lookup)
	if err != nil {
		return usageError{err}
	}
	s, err := openStore(cmd, c, store.Options{AppName: "leanpmo-" + cmd.Name()})
	if err != nil {
		return err
	}
	defer s.Close()
	e, err := engine.Dial(engine.Options{Address: c.TemporalAddress, Namespace: c.TemporalNamespace, Log: log})
	if err != nil {
		return err
	}
	defer e.Close()
	return do(s, e)
}

func replayLedger(e *engine.Engine) reconcile.ReplayLedger {
	return func(ctx context.Context, id, runID string) ([]pmo.Entry, error) {
		return e.ReplayLedger(ctx, id, runID, workflows.Register)
	}
}

// operator is the actor in the ledger: the operating-system user who runs the command.
func operator() string {
	if who, err := user.Current(); err == nil && who.Username != "" {
		return who.Username
	}
	return "operator"
}

func reconcileTable(out io.Writer, r reconcile.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(r.Findings) > 0 {
		fmt.Fprintln(w, "CLASS\tREQUEST\tWHAT\tWHAT TO DO")
	}
	for _, f := range r.Findings {
		name := f.Ref
		if name == "" {
			name = f.ID
		}
		todo := f.Action
		switch {
		case f.Fault != "":
			todo = "failed: " + f.Fault
		case f.Changed:
			todo = "done: " + f.Action
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.Class, name, f.Words, todo)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	end := "Nothing was changed; use --apply to repair."
	if r.Applied {
		end = fmt.Sprintf("%d changes.", r.Changes)
		if len(r.Orphans) > 0 {
			end += " Released orphaned slots and holds of " + strings.Join(r.Orphans, ", ") + "."
		}
	}
	if r.Left {
		end += " More requests have changed than one pass queries; run it again."
	}
	_, err := fmt.Fprintf(out, "%d findings in %s: %d workflows compared with %d open rows, %d states queried. %s\n",
		len(r.Findings), r.Took, r.Workflows, r.Rows, r.InDepth, end)
	return err
}

func rebuildTable(out io.Writer, b *reconcile.Rebuilt) error {
	for _, id := range b.Unanswered {
		fmt.Fprintln(out, "no answer, the row was not changed:", id)
	}
	end := "Nothing was changed; use --apply to write."
	if b.Applied {
		end = fmt.Sprintf("%d rows written, %d skipped because the workflow had written a newer one.", b.Written, b.Fresher)
	}
	_, err := fmt.Fprintf(out, "%d workflows queried, %d closed requests restored from their last state, in %s. %s\n", b.Asked, b.Kept, b.Took, end)
	return err
}
