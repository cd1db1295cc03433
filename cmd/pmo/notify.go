package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/cli"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/app"
	"leanpmo/internal/store"
)

const notifyLong = `

Messages go to the webhooks of the directory: to a person's own, else to those of their groups. What could not be delivered after ten
attempts over three days is dead until somebody redelivers it; an address that answered 410 is disabled until then, or until it changes.

PMO_DATABASE_URL (or PMO_DATABASE_URL_FILE) says where; the worker does the rest.`

// notifyCommand lets operators look at what people are told, and send again what was given up.
func notifyCommand(lookup func(string) (string, bool)) *cobra.Command {
	short := "Look at what people are told, and send again what was given up"
	cmd := &cobra.Command{Use: "notify", Short: short, Long: short + "." + notifyLong, Args: cobra.ArbitraryArgs, RunE: cli.Parent, DisableFlagsInUseLine: true}
	cmd.AddCommand(notifyStatus(lookup), notifyDead(lookup), notifyRedeliver(lookup))
	return cmd
}

func notifyStatus(lookup func(string) (string, bool)) *cobra.Command {
	return notifySub(lookup, &cobra.Command{Use: "status", Short: "How much waits, since when, and where it fails", Example: "  pmo notify status\n  pmo notify status -o json"},
		func(ctx context.Context, s *store.Store) (store.NotifyStatus, error) { return s.NotifyStatus(ctx) }, statusTable)
}

func notifyDead(lookup func(string) (string, bool)) *cobra.Command {
	var endpoint string
	var limit int
	cmd := notifySub(lookup, &cobra.Command{Use: "dead", Short: "List what was given up, the oldest first",
		Example: "  pmo notify dead\n  pmo notify dead --endpoint person:ana"},
		func(ctx context.Context, s *store.Store) ([]store.Notification, error) {
			if limit < 1 || limit > 10_000 {
				return nil, usageError{errors.New("--limit is between 1 and 10000")}
			}
			return s.DeadNotifications(ctx, endpoint, limit)
		}, deadTable)
	cmd.Flags().StringVar(&endpoint, "endpoint", "", "only this one, such as person:ana or group:approvers")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many at most")
	return cmd
}

// redelivered is the answer of redeliver, for machines.
type redelivered struct {
	Messages int `json:"messages"`
}

func notifyRedeliver(lookup func(string) (string, bool)) *cobra.Command {
	var r store.Redelivery
	cmd := notifySub(lookup, &cobra.Command{Use: "redeliver (--id ID | --endpoint ENDPOINT | --all)", Short: "Send dead messages again, under their old ids",
		Example: "  pmo notify redeliver --endpoint group:approvers\n  pmo notify redeliver --all"},
		func(ctx context.Context, s *store.Store) (redelivered, error) {
			n, err := s.Redeliver(ctx, r, time.Now())
			if err == nil && r.ID != "" && n == 0 {
				err = fmt.Errorf("no dead message has the id %s", text.Clean(r.ID))
			}
			return redelivered{n}, err
		},
		func(out io.Writer, r redelivered) error {
			_, err := fmt.Fprintf(out, "Sent again: %d.\n", r.Messages)
			return err
		})
	flags := cmd.Flags()
	flags.StringVar(&r.ID, "id", "", "one message, as pmo notify dead lists it")
	flags.StringVar(&r.Endpoint, "endpoint", "", "all of one endpoint, which is tried again if it was disabled")
	flags.BoolVar(&r.All, "all", false, "all there are")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		switch r {
		case store.Redelivery{All: true}, store.Redelivery{ID: r.ID}, store.Redelivery{Endpoint: r.Endpoint}:
			if r != (store.Redelivery{}) {
				return nil
			}
		}
		return usageError{errors.New("say which, and one only: --id, --endpoint or --all")}
	}
	return cmd
}

// notifySub completes a command that asks the database one thing and shows the answer.
func notifySub[T any](lookup func(string) (string, bool), cmd *cobra.Command, ask func(context.Context, *store.Store) (T, error), table func(io.Writer, T) error) *cobra.Command {
	cmd.Long, cmd.Args = cmd.Short+"."+notifyLong, noArguments
	format := cmd.Flags().StringP("output", "o", "table", "table for people, json for machines")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *format != "table" && *format != "json" {
			return usageError{errors.New("--output is table or json")}
		}
		c, err := app.FromEnv(lookup)
		if err != nil {
			return err
		}
		if c.DatabaseURL == "" {
			return fmt.Errorf("%w: PMO_DATABASE_URL is missing, such as postgres://pmo@db/pmo", app.ErrConfig)
		}
		s, err := store.Open(cmd.Context(), c.DatabaseURL, store.Options{AppName: "leanpmo-notify", MaxConns: 2})
		if err != nil {
			return err
		}
		defer s.Close()
		answer, err := ask(cmd.Context(), s)
		if err != nil {
			return err
		}
		return show(cmd.OutOrStdout(), *format, answer, table)
	}
	return cmd
}

func statusTable(out io.Writer, s store.NotifyStatus) error {
	fmt.Fprintf(out, "%d wait for an attempt, %d behind them, %d dead, %d delivered in the last days.\n", s.Pending, s.Queued, s.Dead, s.Delivered)
	if s.Oldest != nil {
		fmt.Fprintln(out, "The oldest that waits is of", moment(s.Oldest)+".")
	}
	if s.Unread != nil {
		fmt.Fprintln(out, "The ledger is read up to", moment(s.Unread)+"; a worker reads on.")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(s.Endpoints) > 0 {
		fmt.Fprintln(w, "ENDPOINT\tOPEN\tOLDEST\tDEAD\tDISABLED\tLATEST REASON")
	}
	for _, e := range s.Endpoints {
		fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%s\t%s\n", e.ID, e.Open, moment(e.Oldest), e.Dead, moment(e.Disabled), text.Clean(e.Reason))
	}
	return w.Flush()
}

func deadTable(out io.Writer, dead []store.Notification) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tENDPOINT\tEVENT\tOF\tREQUEST\tATTEMPTS\tREASON")
	for _, n := range dead {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", n.ID, n.Endpoint, n.Event, moment(&n.At), n.Request, n.Attempts, text.Clean(n.Reason))
	}
	return w.Flush()
}

func moment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05 MST")
}
