package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/internal/app"
	"leanpmo/internal/delivery/tools"
)

const adapterEnvironment = `
Configuration comes from the environment; what is secret may be in a file instead, named by the variable with _FILE:
  PMO_DELIVERY_TOKEN       the token the worker shows, the same as the worker's
  PMO_TOOL_PROJECT         GitHub owner/name, GitLab group/name or number, Jira project key
  PMO_TOOL_TOKEN           the token the tool lets us in with
  PMO_TOOL_USER            Jira: the e-mail address the token belongs to
  PMO_TOOL_URL             the tool's API (https://api.github.com, https://gitlab.com/api/v4; Jira: https://NAME.atlassian.net)
  PMO_TOOL_ISSUE_TYPE      Jira: what is opened (Task)
  PMO_SERVER_URL           the PMO's server, to report progress to; empty: the tool reports nothing
  PMO_WEBHOOK_SECRET       signs the reports, the same as the server's
  PMO_TOOL_WEBHOOK_SECRET  the secret of the tool's webhook, which points to /hooks/<tool> here
Point the worker here with PMO_DELIVERY_URL=http://ADDRESS/delivery/v1.`

// adapter serves the delivery API for a tool.
func adapter(lookup func(string) (string, bool)) *cobra.Command {
	var tool, addr string
	names := strings.Join(tools.Names(), ", ")
	cmd := &cobra.Command{
		Use: "delivery --backend TOOL", Short: "Run an adapter: teams' work items live in their own tool", Args: noArguments,
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
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8090", "where it listens")
	return cmd
}
