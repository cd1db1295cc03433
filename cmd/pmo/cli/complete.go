package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

// completion proposes what may follow args. When the API does not answer quickly, there are no proposals.
type completion func(ctx context.Context, api *client.Client, args []string) []cobra.Completion

// completeWithin is how long a completion waits for the API.
const completeWithin = 2 * time.Second

func (k Kit) completing(c completion) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		api, err := k.connect(client.Options{Agent: k.Agent, Timeout: completeWithin, Tries: 1})
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx := cmd.Context()
		if ctx == nil {
			ctx = context.Background()
		}
		return c(ctx, api, args), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// refs proposes the newest open requests.
func refs(ctx context.Context, api *client.Client, args []string) []cobra.Completion {
	if len(args) > 0 {
		return nil
	}
	found, err := api.List(ctx, client.Filter{Limit: 100})
	if err != nil {
		return nil
	}
	var list []cobra.Completion
	for _, r := range found.Value.Items {
		list = append(list, cobra.CompletionWithDesc(r.Ref, text.Clean(fmt.Sprintf("%s: %s", r.Stage, r.Title))))
	}
	return list
}

// moreRefs proposes the newest open requests, each time.
func moreRefs(ctx context.Context, api *client.Client, _ []string) []cobra.Completion {
	return refs(ctx, api, nil)
}

// waitingRefs proposes the requests of which something waits on the caller.
func waitingRefs(ctx context.Context, api *client.Client, args []string) []cobra.Completion {
	if len(args) > 0 {
		return nil
	}
	return waiting(ctx, api, args)
}

// waiting proposes what waits on the caller: requests, then the questions of the one chosen and their verdicts.
func waiting(ctx context.Context, api *client.Client, args []string) []cobra.Completion {
	found, err := api.WholeInbox(ctx)
	if err != nil || len(args) > 2 {
		return nil
	}
	var list []cobra.Completion
	seen := map[string]bool{}
	add := func(word, description string) {
		if !seen[word] {
			list = append(list, cobra.CompletionWithDesc(word, text.Clean(description)))
		}
		seen[word] = true
	}
	for _, i := range found {
		switch {
		case len(args) == 0:
			add(i.Request.Ref, i.Request.Title)
		case !sameRef(i, args[0]):
		case len(args) == 1:
			add(i.Question.ID, i.Question.Text)
			addOptions(i, add)
		case i.Question.ID == args[1]:
			addOptions(i, add)
		}
	}
	return list
}

func sameRef(i wire.InboxItem, ref string) bool {
	return strings.EqualFold(i.Request.Ref, ref) || strings.EqualFold(i.Request.ID, ref)
}

func addOptions(i wire.InboxItem, add func(word, description string)) {
	for _, o := range i.Question.Options {
		add(o.Verdict, o.Description)
	}
}

// runIDs proposes the newest runs.
func runIDs(ctx context.Context, api *client.Client, args []string) []cobra.Completion {
	if len(args) > 0 {
		return nil
	}
	found, err := api.Prioritizations(ctx, "", 20, "")
	if err != nil {
		return nil
	}
	var list []cobra.Completion
	for _, r := range found.Value.Items {
		list = append(list, cobra.CompletionWithDesc(r.ID, text.Clean(r.Words)))
	}
	return list
}
