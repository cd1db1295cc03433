package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// values are the commands that list what a form, a filter or a command may name.
func (k Kit) values() []*cobra.Command {
	return []*cobra.Command{
		k.command(spec{
			use: "kinds", short: "List the kinds of requests and what the form of each asks for", group: GroupOffice, example: "  pmo kinds",
			run: func(ctx context.Context, c *console, _ []string) error {
				found, err := c.api.Policy(ctx)
				if err != nil {
					return err
				}
				return show(c, found, printKinds)
			},
		}),
		k.command(spec{
			use: "themes", short: "List the themes that a request may serve", group: GroupOffice, example: "  pmo themes",
			run: func(ctx context.Context, c *console, _ []string) error {
				found, err := c.api.Policy(ctx)
				if err != nil {
					return err
				}
				return show(c, found, printThemes)
			},
		}),
		k.command(spec{
			use: "skills", short: "List the skills that teams have", group: GroupOffice, example: "  pmo skills",
			run: func(ctx context.Context, c *console, _ []string) error {
				found, err := c.api.Teams(ctx)
				if err != nil {
					return err
				}
				return show(c, found, printSkills)
			},
		}),
	}
}

func printKinds(p *text.Printer, policy *wire.Policy) {
	t := text.Table{Columns: []text.Column{{Head: "KIND"}, {Head: "NAME"}, {Head: "FORM ASKS FOR", Wrap: true}, {Head: "WHAT IT IS", Wrap: true, Spare: true}}}
	for _, kind := range policy.Data.Intake.Kinds {
		var fields []string
		for _, f := range kind.Fields {
			fields = append(fields, f.Field)
		}
		t.Rows = append(t.Rows, []string{kind.ID, kind.Name, strings.Join(fields, ", "), kind.Help})
	}
	p.Table(t)
	p.Line("Start a form with: pmo submit --template KIND > request.yaml")
}

func printThemes(p *text.Printer, policy *wire.Policy) {
	t := text.Table{Columns: []text.Column{{Head: "THEME"}, {Head: "NAME", Wrap: true}, {Head: "PORTFOLIO"}}}
	for _, portfolio := range policy.Data.Portfolios {
		for _, theme := range portfolio.Themes {
			t.Rows = append(t.Rows, []string{theme.ID, theme.Name, portfolio.ID})
		}
	}
	p.Table(t)
}

func printSkills(p *text.Printer, teams *wire.Page[wire.TeamLoad]) {
	t := text.Table{Columns: []text.Column{{Head: "SKILL"}, {Head: "TEAMS", Wrap: true}}}
	for _, skill := range skillsOf(teams.Items) {
		var having []string
		for _, team := range teams.Items {
			if level := pmo.SkillLevels(team.Skills, 0); slices.Contains(pmo.SkillNames(team.Skills), skill) {
				having = append(having, levelOf(team.ID, level[skill]))
			}
		}
		t.Rows = append(t.Rows, []string{skill, strings.Join(having, ", ")})
	}
	p.Table(t)
}

// levelOf is a team with its level of a skill, where it says one.
func levelOf(team string, level int) string {
	if level == 0 {
		return team
	}
	return fmt.Sprintf("%s (level %d)", team, level)
}

// skillsOf are the skills of the teams, sorted and once each.
func skillsOf(teams []wire.TeamLoad) []string {
	var all []string
	for _, team := range teams {
		all = append(all, pmo.SkillNames(team.Skills)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func printPeople(p *text.Printer, people *wire.Page[wire.Person]) {
	t := text.Table{Columns: []text.Column{{Head: "PERSON"}, {Head: "NAME", Flex: true}, {Head: "ROLES", Wrap: true}, {Head: "GROUPS", Wrap: true}}}
	for _, person := range people.Items {
		t.Rows = append(t.Rows, []string{person.ID, person.Name, strings.Join(person.Roles, ", "), strings.Join(person.Groups, ", ")})
	}
	p.Table(t)
}

// strangeSkills says which of the skills no team has, and what may have been meant. It is not an error: a team may learn.
func (c *console) strangeSkills(ctx context.Context, skills []string) {
	if len(skills) == 0 || c.json {
		return
	}
	found, err := c.api.Teams(ctx)
	if err != nil {
		return // a remark, not worth an error
	}
	known := skillsOf(found.Value.Items)
	for _, skill := range pmo.SkillNames(skills) {
		if !slices.Contains(known, skill) {
			c.out.Wrapped(2, "no team has the skill "+skill+cleantext.DidYouMean(skill, known))
		}
	}
}

// words proposes the values of a flag.
type words func(ctx context.Context, api *client.Client) ([]cobra.Completion, error)

// proposing completes a flag with values that the API knows.
func (k Kit) proposing(cmd *cobra.Command, flag string, of words) {
	complete := k.completing(func(ctx context.Context, api *client.Client, _ []string) []cobra.Completion {
		list, err := of(ctx, api)
		if err != nil {
			return nil
		}
		return list
	})
	_ = cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) { // the flag is there
		return complete(cmd, nil, typed)
	})
}

func described(word, description string) cobra.Completion {
	return cobra.CompletionWithDesc(word, text.Clean(description))
}

func kindWords(ctx context.Context, api *client.Client) ([]cobra.Completion, error) {
	found, err := api.Policy(ctx)
	if err != nil {
		return nil, err
	}
	var list []cobra.Completion
	for _, kind := range found.Value.Data.Intake.Kinds {
		list = append(list, described(kind.ID, kind.Name))
	}
	return list, nil
}

func themeWords(ctx context.Context, api *client.Client) ([]cobra.Completion, error) {
	found, err := api.Policy(ctx)
	if err != nil {
		return nil, err
	}
	var list []cobra.Completion
	for _, portfolio := range found.Value.Data.Portfolios {
		for _, theme := range portfolio.Themes {
			list = append(list, described(theme.ID, theme.Name))
		}
	}
	return list, nil
}

func portfolioWords(ctx context.Context, api *client.Client) ([]cobra.Completion, error) {
	found, err := api.Policy(ctx)
	if err != nil {
		return nil, err
	}
	var list []cobra.Completion
	for _, portfolio := range found.Value.Data.Portfolios {
		list = append(list, described(portfolio.ID, portfolio.Name))
	}
	return list, nil
}

func peopleWords(ctx context.Context, api *client.Client) ([]cobra.Completion, error) {
	found, err := api.People(ctx)
	if err != nil {
		return nil, err
	}
	var list []cobra.Completion
	for _, person := range found.Value.Items {
		list = append(list, described(person.ID, person.Name))
	}
	return list, nil
}

func teamWords(ctx context.Context, api *client.Client) ([]cobra.Completion, error) {
	found, err := api.Teams(ctx)
	if err != nil {
		return nil, err
	}
	var list []cobra.Completion
	for _, team := range found.Value.Items {
		list = append(list, described(team.ID, team.Name))
	}
	return list, nil
}

// proposed are the flags whose values the API knows, by their names, in every command.
var proposed = map[string]words{
	"kind": kindWords, "template": kindWords, "theme": themeWords, "portfolio": portfolioWords, "team": teamWords, "requester": peopleWords, "waiting-on": peopleWords,
	"from": peopleWords, "to": peopleWords, "add": peopleWords, "remove": peopleWords, "mention": peopleWords, "on-behalf-of": peopleWords,
}

// proposeValues completes those flags of a command and its subcommands. The delegation's from is a date.
func (k Kit) proposeValues(cmd *cobra.Command) {
	for flag, of := range proposed {
		if cmd.Flags().Lookup(flag) != nil && (flag != "from" || cmd.Flags().Lookup("to") != nil) {
			k.proposing(cmd, flag, of)
		}
	}
	for _, sub := range cmd.Commands() {
		k.proposeValues(sub)
	}
}
