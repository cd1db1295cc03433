package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"
	"go.temporal.io/api/serviceerror"

	"leanpmo/cmd/pmo/cli"
	"leanpmo/internal/app"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/version"
)

// Exit codes of the server-side commands; client commands have further ones, see cli.ExitCode.
const (
	exitFailed = cli.ExitFailed
	exitUsage  = cli.ExitUsage // also for a wrong configuration
)

// usageError is wrong usage or configuration: trying again does not help.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func exitCode(err error) int {
	var usage usageError
	if errors.As(err, &usage) || errors.Is(err, app.ErrConfig) {
		return exitUsage
	}
	var unavailable *serviceerror.Unavailable // Temporal
	if errors.As(err, &unavailable) {
		return cli.ExitUnreachable
	}
	return cli.ExitCode(err)
}

// serverCommand is the function of a subcommand; it returns when it is done or ctx ends.
type serverCommand func(ctx context.Context, c app.Config, log *slog.Logger) error

func command(lookup func(string) (string, bool)) *cobra.Command {
	root := &cobra.Command{
		Use: "pmo", Short: "Lean PMO: requests from submission to closure, as durable workflows",
		SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs, RunE: cli.Parent, DisableFlagsInUseLine: true,
		Example: "  pmo submit -f examples/request-street-closures.yaml\n  pmo inbox\n  pmo decide R-1 approve\n  pmo status R-1 -o json",
		Long: "Lean PMO: requests from submission to closure, as durable workflows.\n" + cli.Environment + `

Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 refused (not signed in, not allowed), 4 refused (not possible in the
request's current state), 5 unreachable.`,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{shortUsage(err)} })
	noLog := func(run func(context.Context, app.Config) error) serverCommand {
		return func(ctx context.Context, c app.Config, _ *slog.Logger) error { return run(ctx, c) }
	}
	cli.Register(root, cli.Kit{Lookup: lookup, Agent: "pmo/" + version.Number})
	root.AddGroup(&cobra.Group{ID: groupServer, Title: "Server and operations:"})
	commands := []*cobra.Command{
		sub("server", "Run the HTTP API", lookup, rereading(app.Serve)),
		sub("worker", "Run the worker, which executes the workflows of requests", lookup, rereading(app.Work)),
		sub("migrate", "Migrate the pmo database to this version's schema; repeatable", lookup, noLog(app.Migrate)),
		sub("bootstrap", "Create the Temporal namespace, search attributes and schedules; repeatable", lookup, noLog(app.Bootstrap)),
		&cobra.Command{Use: "version", Short: "Print the version", Args: noArguments, RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "pmo", version.String())
			return err
		}},
		replay(lookup),
		healthcheck(lookup),
		adapter(lookup),
		reconcileCommand(lookup), rebuildCommand(lookup),
		notifyCommand(lookup),
	}
	for _, cmd := range commands {
		cmd.GroupID = groupServer
	}
	root.AddCommand(commands...)
	addVerify(root, lookup)
	return root
}

// rereading makes a hang-up signal mean that the directory file is complete and to be read now.
func rereading(run serverCommand) serverCommand {
	return func(ctx context.Context, c app.Config, log *slog.Logger) error {
		hangUps := make(chan os.Signal, 1)
		signal.Notify(hangUps, syscall.SIGHUP)
		defer signal.Stop(hangUps)
		c.Reread = hangUps
		return run(ctx, c, log)
	}
}

const groupServer = "server"

var quotedValue = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// shortUsage shortens the values that the flag library repeats, however long they are.
func shortUsage(err error) error {
	text := quotedValue.ReplaceAllStringFunc(err.Error(), func(quoted string) string {
		value, wrong := strconv.Unquote(quoted)
		if short := cleantext.Short(value); wrong == nil && short != value {
			return strconv.Quote(short)
		}
		return quoted
	})
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}

func noArguments(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{err}
	}
	return nil
}

func sub(name, short string, lookup func(string) (string, bool), run serverCommand) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Long: short + ".\n" + environment, Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := app.FromEnv(lookup)
			if err != nil {
				return err
			}
			log, err := logger(cmd.ErrOrStderr(), lookup)
			if err != nil {
				return usageError{err}
			}
			return run(cmd.Context(), c, log)
		}}
}

const environment = `
Configuration comes from the environment:
  PMO_HTTP_ADDR         where the API listens (127.0.0.1:8080)
  PMO_METRICS_ADDR      a separate listener for /metrics; empty: on the API's
  PMO_DATABASE_URL      the pmo database; or PMO_DATABASE_URL_FILE, a file that contains it
  PMO_DATABASE_ROLE     migrate: the database role that server and worker run with, which gets its rights; empty: none
  PMO_TEMPORAL_UI       where people open the Temporal UI, for links to it; empty: no links
  PMO_DIRECTORY_FILE    people, groups, roles and token hashes
  PMO_POLICY_FILE       the rules; empty: those in force in the database, at first the default policy
  PMO_SIGNAL_DECISIONS  true: accept decisions sent as Temporal signals
  PMO_DRAIN_WAIT        how long to answer "not ready" before the listener closes (0s)
  PMO_WORKFLOW_CACHE    how many requests a worker keeps in memory, about 160 KiB each (2000)
  PMO_SUBMISSION_PLACES  submissions a server has in flight at once (16)
  PMO_COMMAND_PLACES    decisions and other commands in flight at once (16)
  PMO_LINE              how many of each wait in line (256)
  PMO_LINE_WAIT         how long one waits in line (4s)
  PMO_DELIVERY_URL      base URL of the delivery API, where work items of teams are opened; empty: our own server
  PMO_DELIVERY_TOKEN    the token for it; or PMO_DELIVERY_TOKEN_FILE; empty: no work items are opened
  PMO_WEBHOOK_SECRET    signs the reports of tools; or PMO_WEBHOOK_SECRET_FILE; empty: no reports
  PMO_NOTIFY_SECRET     signs notifications by webhook; or PMO_NOTIFY_SECRET_FILE
  PMO_NOTIFY_ALLOW_CIDRS  private networks that webhooks may be in, such as 10.20.0.0/16
  PMO_NOTIFY_FILE       a file of JSON lines for notifications to people without an address
  PMO_SMTP_ADDRESS      the mail server that takes notifications to people with an e-mail address, such as smtp.example.org:587; empty: no mails
  PMO_SMTP_USER         who signs in there, with PMO_SMTP_PASSWORD or PMO_SMTP_PASSWORD_FILE; empty: nobody
  PMO_SMTP_TLS          true: require TLS of a mail server on this machine too (false); of others it always is required
  PMO_MAIL_FROM         the sender of the mails, such as Lean PMO <pmo@example.org>
  PMO_MAILS_PER_MINUTE  how many mails are sent at most (300)
  PMO_SECRETS_KEY       seals the addresses of chats that people set; or PMO_SECRETS_KEY_FILE
  PMO_PUBLIC_URL        the address people reach the pages at, such as https://pmo.example.org
  PMO_PUBLIC_FORM       the service that requests of people without an account belong to; empty: no form for them
  PMO_PUBLIC_PER_HOUR   requests by that form in an hour (60)
  PMO_PUBLIC_ADDRESS_PER_HOUR  those from one address (10)
  PMO_CALLS_PER_MINUTE  calls of each person; 0: no bound (3000 where others reach the server)
  PMO_AGENTS            true: programs find tools at /mcp
  PMO_MAIL_INTAKE_LISTEN  where mail of the relay is taken, such as 127.0.0.1:2525; empty: no mail is taken
  PMO_MAIL_INTAKE_ADDRESS  the address that people write to, such as pmo@example.org
  PMO_MAIL_INTAKE_RELAYS  the networks of the relay; mail of nobody else is taken
  PMO_MAIL_INTAKE_AUTHSERV  the name with which the relay writes Authentication-Results
  PMO_MAIL_INTAKE_KIND  the kind of request that a mail becomes the draft of (the first of the policy)
  PMO_MAIL_INTAKE_PER_HOUR  mails of each sender (20)
  PMO_TRUSTED_PROXIES   networks of proxies whose X-Forwarded-For is believed, such as 10.20.0.0/16
  PMO_OIDC_FILE         the OpenID providers that sign people in, and what follows from their claims; for the worker too
  PMO_OIDC_ISSUER       instead: the one OpenID provider that signs in people of the directory file; empty: none
  PMO_OIDC_CLIENT_ID    what the provider calls this product
  PMO_OIDC_CLIENT_SECRET  the secret it gave us; or PMO_OIDC_CLIENT_SECRET_FILE; empty: a public client
  PMO_OIDC_CLAIM        the claim that is the id of people whom the directory lists without a subject, such as preferred_username
  PMO_LOG_LEVEL         debug, info, warn or error (info)
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the SDK's other TEMPORAL_ variables`

func logger(out io.Writer, lookup func(string) (string, bool)) (*slog.Logger, error) {
	var level slog.Level
	if text, ok := lookup("PMO_LOG_LEVEL"); ok && text != "" {
		if err := level.UnmarshalText([]byte(text)); err != nil {
			return nil, fmt.Errorf("PMO_LOG_LEVEL is not debug, info, warn or error: %w", err)
		}
	}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})), nil
}
