package main

import (
	"context"
	"encoding/json"
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

const reconcileLong = `Compare the read model with the workflows and say where they differ: a row is missing, behind or ahead; a workflow has
ended without its row; a request stands still past its alarm. Nothing is changed without --apply, and a second --apply changes nothing.

All open requests are compared by what Temporal's visibility and the rows show. Only those that differ, and those that changed since the
last clean pass, are asked for their state, which takes a running worker. After a restore of one of the databases use --full.

PMO_DATABASE_URL (or PMO_DATABASE_URL_FILE), TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the SDK's other TEMPORAL_ variables say where.`

// errFindings ends the program with 1, so that a scheduled dry run is noticed.
var errFindings = errors.New("the read model and the workflows differ")

// reconcileCommand finds and mends differences between Postgres and Temporal.
func reconcileCommand(lookup func(string) (string, bool)) *cobra.Command {
	var o reconcile.Options
	var format string
	cmd := &cobra.Command{
		Use: "reconcile", Short: "Compare the read model with the workflows, and mend it", Args: noArguments, Long: reconcileLong,
		Example: "  pmo reconcile\n  pmo reconcile --apply\n  pmo reconcile --full -o json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, e, err := bothSides(cmd, lookup, format)
			if err != nil {
				return err
			}
			defer s.Close()
			defer e.Close()
			o.Actor = operator()
			report, err := reconcile.Pass(cmd.Context(), e, s, retelling(e), o)
			if err != nil {
				return err
			}
			if err := show(cmd.OutOrStdout(), format, report, reconcileTable); err != nil {
				return err
			}
			if !report.Clean() {
				return errFindings
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.Apply, "apply", false, "mend what differs; without it nothing is changed")
	flags.BoolVar(&o.Full, "full", false, "ask every open request for its state, whatever earlier passes covered")
	flags.IntVar(&o.Depth, "depth", 500, "how many requests to ask for their state only because they changed")
	flags.DurationVar(&o.StuckAfter, "stuck-after", 10*time.Minute, "how long past its alarm a request counts as stuck")
	flags.DurationVar(&o.RecheckAfter, "settle", 3*time.Second, "how long a difference must last to count")
	flags.StringVarP(&format, "output", "o", "table", "table for people, json for machines")
	return cmd
}

const rebuildLong = `Make the projector's tables anew: requests, open questions, slots and capacity holds, from what the workflows say, and for closed
requests that Temporal has forgotten from their last state. The ledger, numbers, runs, teams and policies stay as they are. It asks every
workflow, so it takes a running worker and a while; the product may go on working. Nothing is changed without --apply.`

// rebuildCommand makes the projected tables anew.
func rebuildCommand(lookup func(string) (string, bool)) *cobra.Command {
	var apply bool
	var format string
	cmd := &cobra.Command{
		Use: "rebuild", Short: "Make the projected tables anew from the workflows", Args: noArguments, Long: rebuildLong,
		Example: "  pmo rebuild\n  pmo rebuild --apply",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, e, err := bothSides(cmd, lookup, format)
			if err != nil {
				return err
			}
			defer s.Close()
			defer e.Close()
			done, err := reconcile.Rebuild(cmd.Context(), e, s, apply)
			if err != nil {
				return err
			}
			return show(cmd.OutOrStdout(), format, done, rebuildTable)
		},
	}
	cmd.Flags().BoolVar(&apply, "apply", false, "do it; without it nothing is changed")
	cmd.Flags().StringVarP(&format, "output", "o", "table", "table for people, json for machines")
	return cmd
}

// bothSides opens the read model and the workflows.
func bothSides(cmd *cobra.Command, lookup func(string) (string, bool), format string) (*store.Store, *engine.Engine, error) {
	if format != "table" && format != "json" {
		return nil, nil, usageError{errors.New("--output is table or json")}
	}
	c, err := app.FromEnv(lookup)
	if err != nil {
		return nil, nil, err
	}
	if c.DatabaseURL == "" {
		return nil, nil, fmt.Errorf("%w: PMO_DATABASE_URL is missing, such as postgres://pmo@db/pmo", app.ErrConfig)
	}
	log, err := logger(cmd.ErrOrStderr(), lookup)
	if err != nil {
		return nil, nil, usageError{err}
	}
	s, err := store.Open(cmd.Context(), c.DatabaseURL, store.Options{AppName: "leanpmo-" + cmd.Name()})
	if err != nil {
		return nil, nil, err
	}
	e, err := engine.Dial(engine.Options{Address: c.TemporalAddress, Namespace: c.TemporalNamespace, Log: log})
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return s, e, nil
}

func retelling(e *engine.Engine) reconcile.ReplayLedger {
	return func(ctx context.Context, id, runID string) ([]pmo.Entry, error) {
		return e.ReplayLedger(ctx, id, runID, workflows.Register)
	}
}

// operator names who runs the command, for the ledger: the account of the machine it runs on.
func operator() string {
	if who, err := user.Current(); err == nil && who.Username != "" {
		return who.Username
	}
	return "operator"
}

func show[T any](out io.Writer, format string, what T, table func(io.Writer, T) error) error {
	if format == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(what)
	}
	return table(out, what)
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
	end := "Nothing was changed; --apply mends."
	if r.Applied {
		end = fmt.Sprintf("%d changes.", r.Changes)
		if len(r.Orphans) > 0 {
			end += " Given back what nobody could use of " + strings.Join(r.Orphans, ", ") + "."
		}
	}
	if r.Left {
		end += " More has changed than one pass asks; the next one goes on."
	}
	_, err := fmt.Fprintf(out, "%d findings in %s: %d workflows held against %d open rows, %d asked for their state. %s\n",
		len(r.Findings), r.Took, r.Workflows, r.Rows, r.InDepth, end)
	return err
}

func rebuildTable(out io.Writer, b *reconcile.Rebuilt) error {
	for _, id := range b.Unanswered {
		fmt.Fprintln(out, "no answer, its row stays:", id)
	}
	end := "Nothing was changed; --apply writes."
	if b.Applied {
		end = fmt.Sprintf("%d rows made anew, %d written by the process meanwhile.", b.Written, b.Fresher)
	}
	_, err := fmt.Fprintf(out, "%d workflows told their state, %d closed requests are kept from their last one, in %s. %s\n", b.Asked, b.Kept, b.Took, end)
	return err
}
