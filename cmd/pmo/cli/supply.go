package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/supply"
	"leanpmo/internal/wire"
)

// importTeams is a command of pmo teams.
func (k Kit) importTeams() *cobra.Command {
	cmd := k.command(spec{use: "import FILE", short: "Members, parts of the week, skills, absences and capacities of teams from CSV", args: cobra.ExactArgs(1), run: importTeams,
		long: `
The columns are team, person, share, skills, from, until, amount, whole_team, reason and capacity; only team is needed, and examples/supply.csv shows them.
All rows are taken, or none: each one that is wrong is named with its line and field. What a row does not give stays as it is, nothing is
removed, and a file that is imported again changes nothing. Leads may import for their own teams; the PMO and administrators for any.`,
		example: "  pmo teams import examples/supply.csv --dry\n  pmo teams import supply.csv --new-skills"})
	cmd.Flags().Bool("dry", false, "say what would change, and change nothing")
	cmd.Flags().Bool("new-skills", false, "skills that no team has yet are meant")
	return cmd
}

func (k Kit) absences() *cobra.Command {
	read := k.command(spec{use: "import FILE", short: "Absences of a team from a calendar (ICS)", args: cobra.ExactArgs(1), run: importAbsences,
		long: `
Each event from today on for a year is an absence; of one that repeats, each occurrence. Events that are over, cancelled, or shorter than half a
working day are left out. All events are taken, or none: one that is wrong is named with its line. A calendar that is imported again changes nothing.`,
		example: "  pmo absences import theo.ics --team falcon --who theo --dry\n  pmo absences import closed.ics --team falcon"})
	read.Flags().String("team", "", "whose absences they are")
	read.Flags().String("who", "", "who is absent: a lead or member; absent: the whole team")
	read.Flags().Float64("amount", 0, "how much of the capacity is absent, in team-weeks; absent: what --who holds, or the whole team")
	read.Flags().Bool("dry", false, "say what would change, and change nothing")
	return parent("absences", "Import absences of a team", GroupOffice, read)
}

func importTeams(ctx context.Context, c *console, args []string) error {
	return c.importSupply(ctx, args[0], wire.ImportSupply{Format: "csv", NewSkills: c.yes("new-skills"), Dry: c.yes("dry")})
}

func importAbsences(ctx context.Context, c *console, args []string) error {
	team, err := c.needed("team", "whose absences they are")
	if err != nil {
		return err
	}
	in := wire.ImportSupply{Format: "ics", Team: team, Who: c.flag("who"), Dry: c.yes("dry")}
	if amount := c.decimal("amount"); amount != nil {
		in.Amount = *amount
	}
	return c.importSupply(ctx, args[0], in)
}

func (c *console) importSupply(ctx context.Context, path string, in wire.ImportSupply) (err error) {
	if in.File, err = c.supplyFile(path); err != nil {
		return err
	}
	done, err := c.api.ImportSupply(ctx, in)
	if err != nil {
		return err
	}
	return show(c, done, printSupply)
}

// supplyFile is the text of a file that is imported.
func (c *console) supplyFile(path string) (string, error) {
	name, content, err := c.readFile(path)
	if err == nil && len(content) > supply.MaxFile {
		err = usagef("%s is larger than %d kB", text.Clean(name), supply.MaxFile>>10)
	}
	return string(content), err
}

func printSupply(p *text.Printer, done *wire.SupplyImported) {
	for _, t := range done.Teams {
		printDifferences(p, t.Team, t.Changes)
	}
	end := ""
	if done.LeftOut > 0 {
		end = fmt.Sprintf(" %d events were left out: over, cancelled, later than a year, or shorter than half a working day.", done.LeftOut)
	}
	printRead(p, done.Rows, end, done.Dry)
}

// printDifferences says what becomes different of something that a file names.
func printDifferences(p *text.Printer, name string, changes []string) {
	if len(changes) == 0 {
		p.Line("%s  is so already", text.Clean(name))
	}
	for _, change := range changes {
		p.Line("%s  %s", text.Clean(name), text.Clean(change))
	}
}

func printRead(p *text.Printer, rows int, end string, dry bool) {
	if dry {
		end += " Nothing was changed."
	}
	p.Line("%d rows were read.%s", rows, end)
}
