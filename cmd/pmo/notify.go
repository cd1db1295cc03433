package main

import (
	"cmp"
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

Notifications go to the webhooks of the directory and by mail: to a person's own webhook, else to their e-mail address and the webhooks of
their groups. A message that could not be delivered in ten attempts over three days, or that the mail server refused, is dead until it is
redelivered. An address that answered 410, or that the mail server does not know, is disabled until then, or until it changes.

PMO_DATABASE_URL (or PMO_DATABASE_URL_FILE) is the pmo database; the worker sends the messages.`

// notifyCommand shows the state of the notifications and redelivers dead ones.
func notifyCommand(lookup func(string) (string, bool)) *cobra.Command {
	short := "Show the state of notifications, and redeliver those that were given up"
	cmd := &cobra.Command{Use: "notify", Short: short, Long: short + "." + notifyLong, Args: cobra.ArbitraryArgs, RunE: cli.Parent, DisableFlagsInUseLine: true}
	cmd.AddCommand(notifyStatus(lookup), notifyList(lookup), notifyDead(lookup), notifyRedeliver(lookup))
	return cmd
}

func notifyStatus(lookup func(string) (string, bool)) *cobra.Command {
	return notifySub(lookup, &cobra.Command{Use: "status", Short: "Show how many notifications wait, since when, and which endpoints fail", Example: "  pmo notify status\n  pmo notify status -o json"},
		func(ctx context.Context, s *store.Store) (store.NotifyStatus, error) { return s.NotifyStatus(ctx) }, statusTable)
}

// mostListed bounds what is read for one list.
const mostListed = 10_000

func notifyList(lookup func(string) (string, bool)) *cobra.Command {
	var failing bool
	cmd := notifySub(lookup, &cobra.Command{Use: "list", Short: "List the endpoints that were sent to, with the last success and failure of each", Example: "  pmo notify list --failing\n  pmo notify list -o json"},
		func(ctx context.Context, s *store.Store) ([]store.Channel, error) {
			var all []store.Channel
			for f := (store.ChannelFilter{Failing: failing, Limit: 200}); len(all) < mostListed; {
				page, err := s.Channels(ctx, nil, f)
				if err != nil {
					return nil, err
				}
				all = append(all, page.Items...)
				if f.Cursor = page.Next; f.Cursor == "" {
					break
				}
			}
			return all, nil
		}, channelTable)
	cmd.Flags().BoolVar(&failing, "failing", false, "only those that are disabled, have something given up, or failed last")
	return cmd
}

func channelTable(out io.Writer, channels []store.Channel) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ENDPOINT\tOPEN\tOLDEST\tDEAD\tDISABLED\tLAST SUCCESS\tLAST FAILURE\tREASON")
	for _, c := range channels {
		fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%s\t%s\t%s\t%s\n", c.Endpoint, c.Open, timeOrDash(c.Oldest), c.Dead, timeOrDash(c.DisabledAt), timeOrDash(c.DeliveredAt), timeOrDash(c.FailedAt),
			text.Clean(cmp.Or(c.Disabled, c.Reason)))
	}
	return w.Flush()
}

func notifyDead(lookup func(string) (string, bool)) *cobra.Command {
	var endpoint string
	var limit int
	var cmd *cobra.Command
	cmd = notifySub(lookup, &cobra.Command{Use: "dead", Short: "List the notifications that were given up, the oldest first",
		Example: "  pmo notify dead\n  pmo notify dead --endpoint person:ana"},
		func(ctx context.Context, s *store.Store) ([]store.Notification, error) {
			if limit < 1 || limit > mostListed {
				return nil, usageError{errors.New("--limit is between 1 and 10000")}
			}
			dead, err := s.DeadNotifications(ctx, endpoint, limit)
			if err == nil && len(dead) == limit {
				err = sayMoreDead(ctx, cmd.ErrOrStderr(), s, endpoint, limit)
			}
			return dead, err
		}, deadTable)
	cmd.Flags().StringVar(&endpoint, "endpoint", "", "only this endpoint, such as person:ana or group:approvers")
	cmd.Flags().IntVar(&limit, "limit", 50, "the maximum number")
	return cmd
}

// sayMoreDead says how many dead notifications a full list leaves out. It goes to standard error, because the JSON output is a bare list.
func sayMoreDead(ctx context.Context, out io.Writer, s *store.Store, endpoint string, listed int) error {
	status, err := s.NotifyStatus(ctx)
	if err != nil {
		return err
	}
	if more := deadOf(status, endpoint) - listed; more > 0 {
		fmt.Fprintf(out, "%d more are dead and not listed; list more with --limit.\n", more)
	}
	return nil
}

// deadOf is how many notifications of an endpoint are dead; of all of them when it is empty.
func deadOf(status store.NotifyStatus, endpoint string) int {
	if endpoint == "" {
		return status.Dead
	}
	for _, e := range status.Endpoints {
		if e.ID == endpoint {
			return e.Dead
		}
	}
	return 0
}

// redelivered is the JSON output of redeliver.
type redelivered struct {
	Messages int `json:"messages"`
}

func notifyRedeliver(lookup func(string) (string, bool)) *cobra.Command {
	var r store.Redelivery
	cmd := notifySub(lookup, &cobra.Command{Use: "redeliver (--id ID | --endpoint ENDPOINT | --all)", Short: "Send dead messages again, with the same ids",
		Example: "  pmo notify redeliver --endpoint group:approvers\n  pmo notify redeliver --all"},
		func(ctx context.Context, s *store.Store) (redelivered, error) {
			n, err := s.Redeliver(ctx, r, time.Now())
			if errors.Is(err, store.ErrNotFound) {
				err = fmt.Errorf("no dead message has the id %s", text.Clean(r.ID))
			}
			return redelivered{n}, err
		},
		func(out io.Writer, r redelivered) error {
			_, err := fmt.Fprintf(out, "Sent again: %d.\n", r.Messages)
			return err
		})
	flags := cmd.Flags()
	flags.StringVar(&r.ID, "id", "", "one message, as listed by pmo notify dead")
	flags.StringVar(&r.Endpoint, "endpoint", "", "all messages of one endpoint; a disabled one is enabled again")
	flags.BoolVar(&r.All, "all", false, "all messages")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		switch r {
		case store.Redelivery{All: true}, store.Redelivery{ID: r.ID}, store.Redelivery{Endpoint: r.Endpoint}:
			if r != (store.Redelivery{}) {
				return nil
			}
		}
		return usageError{errors.New("give exactly one of --id, --endpoint or --all")}
	}
	return cmd
}

// notifySub completes a command that runs one operation on the database and shows the result.
func notifySub[T any](lookup func(string) (string, bool), cmd *cobra.Command, operation func(context.Context, *store.Store) (T, error), table func(io.Writer, T) error) *cobra.Command {
	cmd.Long, cmd.Args = cmd.Short+"."+notifyLong, noArguments
	format := outputFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := checkOutput(*format); err != nil {
			return err
		}
		c, err := app.FromEnv(lookup)
		if err != nil {
			return err
		}
		s, err := openStore(cmd, c, store.Options{AppName: "leanpmo-notify", MaxConns: 2})
		if err != nil {
			return err
		}
		defer s.Close()
		result, err := operation(cmd.Context(), s)
		if err != nil {
			return err
		}
		return show(cmd.OutOrStdout(), *format, result, table)
	}
	return cmd
}

func statusTable(out io.Writer, s store.NotifyStatus) error {
	fmt.Fprintf(out, "%d wait for an attempt, %d queued behind them, %d dead, %d delivered in the last days.\n", s.Pending, s.Queued, s.Dead, s.Delivered)
	if s.Oldest != nil {
		fmt.Fprintln(out, "The oldest waiting message is from", timeOrDash(s.Oldest)+".")
	}
	if s.Unread != nil {
		fmt.Fprintln(out, "Ledger entries since", timeOrDash(s.Unread), "have not been read yet.")
	}
	if s.Held != nil {
		fmt.Fprintln(out, "A transaction that has not ended keeps ledger entries since", timeOrDash(s.Held), "from being read.")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(s.Endpoints) > 0 {
		fmt.Fprintln(w, "ENDPOINT\tOPEN\tOLDEST\tDEAD\tDISABLED\tLATEST REASON")
	}
	for _, e := range s.Endpoints {
		fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%s\t%s\n", e.ID, e.Open, timeOrDash(e.Oldest), e.Dead, timeOrDash(e.Disabled), text.Clean(e.Reason))
	}
	return w.Flush()
}

func deadTable(out io.Writer, dead []store.Notification) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tENDPOINT\tEVENT\tOF\tREQUEST\tATTEMPTS\tREASON")
	for _, n := range dead {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", n.ID, n.Endpoint, n.Event, timeOrDash(&n.At), n.Request, n.Attempts, text.Clean(n.Reason))
	}
	return w.Flush()
}
