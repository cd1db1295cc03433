package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/temporalui"
	"leanpmo/internal/wire"
)

// history prints links to the Temporal UI, and opens the one of a request in a browser where there is one.
func (k Kit) history() *cobra.Command {
	cmd := k.command(spec{
		use: "history [REF]", short: "Open a request's history in the Temporal UI, or list the saved views there", group: GroupRequests,
		long: "It prints the link. On a terminal it opens it in a browser too; never in a pipe, and not where CI is set.",
		args: cobra.MaximumNArgs(1), complete: refs,
		example: `  pmo history R-42
  pmo history R-42 --no-browser
  pmo history --views`,
		run: func(ctx context.Context, c *console, args []string) error {
			switch views := c.yes("views"); {
			case views && len(args) > 0:
				return usagef("--views lists the saved views of all requests: leave %s out", args[0])
			case views:
				return savedViews(ctx, c)
			case len(args) == 0:
				return usagef("which request? pmo history R-42; or pmo history --views for the saved views")
			}
			return historyOf(ctx, c, args[0])
		},
	})
	cmd.Flags().Bool("no-browser", false, "only print the link")
	cmd.Flags().Bool("views", false, "list the saved views: waiting on me, overdue, each stage")
	return cmd
}

func savedViews(ctx context.Context, c *console) error {
	found, err := c.api.SavedViews(ctx)
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, page *wire.Page[wire.SavedView]) {
		for _, v := range page.Items {
			p.Line("%s", text.Clean(v.Name))
			p.Line("  %s", text.Clean(v.Query))
			if v.Link != "" {
				p.Line("  %s", text.Clean(v.Link))
			}
		}
	})
}

func historyOf(ctx context.Context, c *console, ref string) error {
	found, err := c.api.Request(ctx, ref)
	if err != nil {
		return err
	}
	if c.json {
		return c.raw(found.Raw)
	}
	link := found.Value.Links.History
	if temporalui.Check(link) != nil { // what a browser opens is an address of the web, whatever the server says
		return errNoHistoryLink
	}
	printHistoryLink(c.out, &found.Value)
	if err := c.out.Err(); err != nil || c.yes("no-browser") {
		return err
	}
	if program := opener(showsOnTerminal(c.cmd.OutOrStdout()), c.kit.env, exec.LookPath, runtime.GOOS); program != "" {
		openLink(program, link)
	}
	return nil
}

var errNoHistoryLink = errors.New("the server does not know where the Temporal UI is: its operator sets PMO_TEMPORAL_UI")

// printHistoryLink writes the link on a line of its own, whole: a part of it leads nowhere.
func printHistoryLink(p *text.Printer, r *wire.Request) {
	if link := text.Clean(r.Links.History); link != "" {
		p.Line("history: %s", link)
	}
}

// opener is the program that opens a link in the person's browser. It is empty where nobody would see that: in a pipe, in CI, or
// without a desktop.
func opener(terminal bool, env func(name, otherwise string) string, find func(string) (string, error), system string) string {
	if !terminal || env("CI", "") != "" {
		return ""
	}
	name := "xdg-open"
	switch {
	case system == "darwin":
		name = "open"
	case env("DISPLAY", "") == "" && env("WAYLAND_DISPLAY", "") == "":
		return ""
	}
	path, err := find(name)
	if err != nil {
		return ""
	}
	return path
}

// openLink starts the program and does not wait for it. The link is printed, so that a browser that does not start is no failure.
func openLink(program, link string) {
	command := exec.Command(program, link)
	if command.Start() == nil {
		go func() { _ = command.Wait() }()
	}
}

func showsOnTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
