// Package cli is the client side of `pmo`: every command calls the HTTP API and nothing else.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/client"
	"leanpmo/internal/problem"
)

// Kit is what all commands need.
type Kit struct {
	Lookup   func(string) (string, bool) // the environment
	Agent    string                      // name and version, sent as User-Agent
	Now      func() time.Time
	Terminal func(io.Reader) bool // whether a person types what is read
}

// The groups of `pmo --help`.
const (
	GroupRequests  = "requests"
	GroupPortfolio = "portfolio"
	GroupOffice    = "office"
)

// Register adds the client commands to the root command.
func Register(root *cobra.Command, k Kit) {
	if k.Now == nil {
		k.Now = time.Now
	}
	if k.Terminal == nil {
		k.Terminal = isTerminal
	}
	if k.Lookup == nil {
		k.Lookup = os.LookupEnv
	}
	root.AddGroup(&cobra.Group{ID: GroupRequests, Title: "Requests:"}, &cobra.Group{ID: GroupPortfolio, Title: "Portfolio:"},
		&cobra.Group{ID: GroupOffice, Title: "Teams, rules and people:"})
	root.AddCommand(k.submit(), k.list(), k.status(), k.inbox(), k.digest(), k.stuck(), k.decide(), k.progress(), k.raid(), k.amend(), k.inputs(), k.reassign(), k.watch(), k.split(), k.approach())
	root.AddCommand(k.stops()...)
	root.AddCommand(k.note())
	root.AddCommand(k.discussion()...)
	root.AddCommand(k.reads()...)
	root.AddCommand(k.history(), k.backlog(), k.funding(), k.strategy(), k.keyResult(), k.points(), k.whatIf(), k.simulate(), k.scoring(), k.prioritize(), k.runs(), k.report(), k.teams(), k.absences(), k.resources(), k.assignments(), k.policy(), k.delegation(), k.notifications(), k.people(), k.chat(), k.channels(), k.tokens(), k.imports(), k.audit())
	root.AddCommand(k.values()...)
	readNumbersPlainly(root)
	width := helpWidth
	if terminal := k.width(os.Stdout); terminal > 0 {
		width = min(width, terminal)
	}
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", width)))
	k.proposeValues(root)
}

// Environment describes the variables that the client commands read, for help texts.
const Environment = `
The address of the API and the token of the caller come from the environment:
  PMO_URL         the address of the API (` + client.DefaultURL + `)
  PMO_TOKEN       your token; or PMO_TOKEN_FILE, a file that holds it`

// console is what one call of a command works with.
type console struct {
	kit  Kit
	cmd  *cobra.Command
	api  *client.Client
	out  *text.Printer
	json bool
}

// spec declares a command.
type spec struct {
	use, short, long, example, group string
	args                             cobra.PositionalArgs
	complete                         completion
	run                              func(ctx context.Context, c *console, args []string) error
	local                            func(c *console) bool // does not need the API
}

// helpWidth is how wide help texts are at most.
const helpWidth = 100

// command makes a command that calls the API.
func (k Kit) command(s spec) *cobra.Command {
	cmd := &cobra.Command{Use: s.use, Short: s.short, Long: text.Reflow(strings.TrimSpace(s.short+".\n"+s.long), helpWidth) + "\n" + Environment, Example: s.example, GroupID: s.group,
		Args: usage(s.args), DisableFlagsInUseLine: true}
	if s.complete != nil {
		cmd.ValidArgsFunction = k.completing(s.complete)
	} else {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	format := cmd.Flags().StringP("output", "o", "table", "table for people, json for machines: the API's answer as it is")
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *format != "table" && *format != "json" {
			return usagef("--output is table or json")
		}
		out := cmd.OutOrStdout()
		c := &console{kit: k, cmd: cmd, json: *format == "json", out: text.New(out, k.width(out), k.Now(), time.Local)}
		if s.local == nil || !s.local(c) {
			api, err := k.connect(client.Options{Agent: k.Agent, Again: saysAgain(cmd.ErrOrStderr())})
			if err != nil {
				return err
			}
			c.api = api
		}
		return asTyped(cmd, s.run(cmd.Context(), c, args))
	}
	return cmd
}

// saysAgain tells the person who waits that the server is busy and the command is repeated. A key makes it the same command.
func saysAgain(out io.Writer) func(error, time.Duration) {
	return func(err error, wait time.Duration) {
		if client.IsKind(err, problem.Busy) || client.IsKind(err, problem.RateLimited) {
			fmt.Fprintf(out, "%v\ntrying again in %.0f s\n", err, max(1, wait.Seconds()))
		}
	}
}

// parent makes a command that has subcommands. Alone it does what its show or list does, where that needs no argument.
func parent(use, short, group string, subs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, GroupID: group, Args: cobra.ArbitraryArgs, DisableFlagsInUseLine: true, RunE: Parent}
	for _, sub := range subs {
		sub.GroupID = ""
	}
	cmd.AddCommand(subs...)
	if i := slices.IndexFunc(subs, showsAlone); i >= 0 {
		first := subs[i]
		cmd.Long = fmt.Sprintf("%s.\n\nAlone it does what pmo %s %s does.", short, use, first.Name())
		cmd.Flags().AddFlagSet(first.Flags())
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return Parent(cmd, args)
			}
			return first.RunE(cmd, args)
		}
	}
	return cmd
}

// showsAlone reports whether a subcommand shows what its parent is about, without an argument.
func showsAlone(sub *cobra.Command) bool {
	return (sub.Name() == "show" || sub.Name() == "list") && sub.Args(sub, nil) == nil
}

// Parent runs a command that only has subcommands: it lists them, or returns an error for an unknown one.
func Parent(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	message := fmt.Sprintf("there is no command %q; see %s --help", cleantext.Short(args[0]), cmd.CommandPath())
	cmd.SuggestionsMinimumDistance = 2
	if close := cmd.SuggestionsFor(args[0]); len(close) > 0 {
		message += "; did you mean " + strings.Join(close, " or ") + "?"
	}
	return usagef("%s", message)
}

// connect makes a client from the environment. The token is never a flag: other users of the machine can read flags.
func (k Kit) connect(o client.Options) (*client.Client, error) {
	token, err := k.token()
	if err != nil {
		return nil, err
	}
	api, err := client.New(k.env("PMO_URL", client.DefaultURL), token, o)
	if err != nil {
		return nil, usagef("PMO_URL: %w", err)
	}
	return api, nil
}

func (k Kit) env(name, otherwise string) string {
	if value, ok := k.Lookup(name); ok && strings.TrimSpace(value) != "" {
		return strings.TrimSpace(value)
	}
	return otherwise
}

func (k Kit) token() (string, error) {
	token, file := k.env("PMO_TOKEN", ""), k.env("PMO_TOKEN_FILE", "")
	switch {
	case token != "" && file != "":
		return "", usagef("PMO_TOKEN and PMO_TOKEN_FILE are both set; set one")
	case file != "":
		content, err := os.ReadFile(file)
		if err != nil {
			return "", usagef("read PMO_TOKEN_FILE: %w", err)
		}
		token = strings.TrimSpace(string(content))
	}
	if token == "" {
		return "", usagef("PMO_TOKEN is not set: it says who you are. On the local stack: export PMO_TOKEN=dev-sam")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", usagef("the token holds characters no token has")
	}
	return token, nil
}

// width is the width of the terminal; 0 where there is none. COLUMNS overrides it, as in a test.
func (k Kit) width(out io.Writer) int {
	if n, err := strconv.Atoi(k.env("COLUMNS", "")); err == nil && n > 0 {
		return n
	}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// show writes an answer: as JSON as it came, or as text for people.
func show[T any](c *console, a *client.Answer[T], human func(*text.Printer, *T)) error {
	if c.json {
		return c.raw(a.Raw)
	}
	human(c.out, &a.Value)
	return c.out.Err()
}

// raw writes a document and ends it with one line break.
func (c *console) raw(doc []byte) error {
	_, err := fmt.Fprintf(c.cmd.OutOrStdout(), "%s\n", strings.TrimRight(string(doc), "\n"))
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// flag is a text flag's value.
func (c *console) flag(name string) string {
	value, _ := c.cmd.Flags().GetString(name) // declared beside its use
	return value
}

func (c *console) yes(name string) bool {
	value, _ := c.cmd.Flags().GetBool(name)
	return value
}

func (c *console) number(name string) int {
	value, _ := c.cmd.Flags().GetInt(name)
	return value
}

// decimal is the value of a flag that is a number; nil when it was not given.
func (c *console) decimal(name string) *float64 {
	if !c.cmd.Flags().Changed(name) {
		return nil
	}
	value, _ := c.cmd.Flags().GetFloat64(name)
	return &value
}

func (c *console) list(name string) []string {
	value, _ := c.cmd.Flags().GetStringArray(name)
	return value
}

// needed is a text flag that must be given.
func (c *console) needed(name, why string) (string, error) {
	value := strings.TrimSpace(c.flag(name))
	if value == "" {
		return "", usagef("--%s is needed: %s", name, why)
	}
	return value, nil
}

// readFile reads a file, or standard input for "-".
func (c *console) readFile(path string) (name string, content []byte, err error) {
	var in io.Reader
	if path == "-" {
		name, in = "standard input", c.cmd.InOrStdin()
	} else {
		file, err := os.Open(path)
		if err != nil {
			return "", nil, usagef("read file: %w", err)
		}
		defer file.Close()
		name, in = path, file
	}
	const most = 16 << 20
	content, err = io.ReadAll(io.LimitReader(in, most+1))
	switch {
	case err != nil:
		return "", nil, fmt.Errorf("read %s: %w", name, err)
	case len(content) > most:
		return "", nil, usagef("read %s: it is larger than %d MB", name, most>>20)
	}
	return name, content, nil
}
