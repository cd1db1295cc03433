package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/internal/app"
	"leanpmo/internal/delivery/tools"
	"leanpmo/internal/history"
)

const adapterEnvironment = `
Configuration comes from the environment; a secret may be in a file instead, named by the variable with _FILE:
  PMO_DELIVERY_TOKEN       the token the worker sends, the same as the worker's
  PMO_TOOL_PROJECT         GitHub owner/name, GitLab group/name or number, Jira project key, Azure DevOps project,
                           Linear team key
  PMO_TOOL_TOKEN           our token for the tool's API
  PMO_TOOL_USER            Jira: the e-mail address the token belongs to
  PMO_TOOL_URL             the tool's API (https://api.github.com, https://gitlab.com/api/v4, https://api.linear.app; Jira: https://NAME.atlassian.net;
                           Azure DevOps: https://dev.azure.com/NAME)
  PMO_TOOL_ISSUE_TYPE      Jira, Azure DevOps: the type of issues (Task)
  PMO_SERVER_URL           the PMO's server, for progress reports; empty: no reports
  PMO_WEBHOOK_SECRET       signs the reports, the same as the server's
  PMO_TOOL_WEBHOOK_SECRET  the secret of the tool's webhook, which calls /hooks/<tool> of this adapter
Set PMO_DELIVERY_URL=http://ADDRESS/delivery/v1 for the worker.`

// adapter serves the delivery API for a tool.
func adapter(lookup func(string) (string, bool)) *cobra.Command {
	var tool, addr string
	names := strings.Join(tools.Names(), ", ")
	cmd := &cobra.Command{
		Use: "delivery --backend TOOL", Short: "Run an adapter, so that work items are issues in the team's own tool", Args: noArguments,
		Long:    "Serves the delivery API for a tool: " + names + ".\n" + adapterEnvironment,
		Example: "  pmo delivery --backend github --addr 127.0.0.1:8090",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(tools.Names(), tool) {
				return usageError{fmt.Errorf("--backend is one of %s", names)}
			}
			c, err := app.AdapterFromEnv(lookup, tool, addr)
			if err != nil {
				return err
			}
			log, err := logger(cmd.ErrOrStderr(), lookup)
			if err != nil {
				return usageError{err}
			}
			return app.ServeAdapter(cmd.Context(), c, log)
		},
	}
	cmd.Flags().StringVar(&tool, "backend", "", "the tool: "+names)
	cmd.AddCommand(toolHistory(lookup))
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8090", "the address to listen on")
	return cmd
}

const longestHistory = 3 * 365

// toolHistory prints what was finished in a tool, in the form that pmo import history reads.
func toolHistory(lookup func(string) (string, bool)) *cobra.Command {
	var tool string
	var days int
	names := strings.Join(tools.Names(), ", ")
	cmd := &cobra.Command{
		Use: "history --backend TOOL", Short: "Print what was finished in a tool, for the forecasts", Args: noArguments,
		Long: `Reads the finished issues of the tool's project and prints them as CSV with when work on each began and ended. Issues that the PMO opened are left
out: forecasts know their requests. Needs the settings PMO_TOOL_… of the adapter. The same again changes only what is different.`,
		Example: `  pmo delivery history --backend jira | pmo import history - --source jira
  pmo delivery history --backend linear --days 90 > linear.csv`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case !slices.Contains(tools.Names(), tool):
				return usageError{fmt.Errorf("--backend is one of %s", names)}
			case days < 1 || days > longestHistory:
				return usageError{fmt.Errorf("--days is 1 to %d", longestHistory)}
			}
			log, err := logger(cmd.ErrOrStderr(), lookup)
			if err != nil {
				return usageError{err}
			}
			items, err := app.ToolHistory(cmd.Context(), lookup, tool, time.Now().AddDate(0, 0, -days), log)
			if err != nil {
				return err
			}
			return history.Write(cmd.OutOrStdout(), items)
		},
	}
	cmd.Flags().StringVar(&tool, "backend", "", "the tool: "+names)
	cmd.Flags().IntVar(&days, "days", 365, "how many days back")
	return cmd
}
