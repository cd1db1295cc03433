package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/history"
	"leanpmo/internal/wire"
)

func (k Kit) imports() *cobra.Command {
	read := k.command(spec{
		use: "history FILE", short: "Give finished work of another tool to the forecasts (PMO, administrators)", args: cobra.ExactArgs(1), run: importHistory,
		long: `
Reads CSV as Jira, Azure DevOps and spreadsheets export it: commas, semicolons or tabs; ISO, American or European dates; or one row a change of
status. It says which column became what. A row that is wrong is named with its line and left out; the rest is taken. Importing a file again
changes only what is different. Imported work is history: nobody is asked about it.`,
		example: `  pmo import history jira.csv --dry
  pmo import history export.csv --source azure --dates us
  pmo import history work.csv --column finished="Went live" --column id=Nr`,
	})
	read.Flags().Bool("dry", false, "say what would change, and change nothing")
	read.Flags().String("portfolio", "", "which one; the policy's first when absent")
	read.Flags().String("source", "", "a name for what the file is from; the file's name when absent")
	read.Flags().String("dates", "", "us (month/day/year) or european (day/month/year), where a file does not say")
	read.Flags().StringArray("column", nil, "field=column, where a column's name does not say it; fields: id, kind, created, started, finished")
	list := k.command(spec{use: "list", short: "What was imported", example: "  pmo import list", run: func(ctx context.Context, c *console, _ []string) error {
		found, err := c.api.Imports(ctx)
		if err != nil {
			return err
		}
		return show(c, found, printImports)
	}})
	remove := k.command(spec{use: "remove SOURCE", short: "Remove what was imported from a source", example: "  pmo import remove jira", args: cobra.ExactArgs(1), run: func(ctx context.Context, c *console, args []string) error {
		if err := c.api.RemoveImport(ctx, c.flag("portfolio"), args[0]); err != nil {
			return err
		}
		if c.json {
			return nil
		}
		c.out.Line("%s  removed", text.Clean(args[0]))
		return c.out.Err()
	}})
	remove.Flags().String("portfolio", "", "which one; the policy's first when absent")
	return parent("import", "Import history of finished work, so that forecasts have a past", GroupOffice, read, list, remove)
}

func printImports(p *text.Printer, page *wire.Page[wire.ImportedSource]) {
	if len(page.Items) == 0 {
		p.Line("Nothing was imported. Try: pmo import history FILE --dry")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "SOURCE", Flex: true}, {Head: "PORTFOLIO"}, {Head: "ITEMS", Right: true}, {Head: "WITH START", Right: true}, {Head: "FIRST"}, {Head: "LAST"}, {Head: "IMPORTED"}}}
	for _, s := range page.Items {
		t.Rows = append(t.Rows, []string{s.Source, s.Portfolio, fmt.Sprint(s.Items), fmt.Sprint(s.Started), s.First.Format(time.DateOnly), s.Last.Format(time.DateOnly), p.Since(s.At)})
	}
	p.Table(t)
}

func importHistory(ctx context.Context, c *console, args []string) error {
	name, content, err := c.readFile(args[0])
	if err != nil {
		return err
	}
	options, err := c.importOptions()
	if err != nil {
		return err
	}
	report, err := history.Read(bytes.NewReader(content), options)
	if err != nil {
		return usagef("read %s: %w", name, err)
	}
	source := c.flag("source")
	if source == "" {
		if args[0] == "-" {
			return usagef("--source is needed: a name for what standard input is from")
		}
		source = strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
	}
	done, err := c.sendImport(ctx, source, report.Items)
	if err != nil {
		return err
	}
	if c.json {
		doc, err := json.Marshal(map[string]any{"rows": report.Rows, "added": done.Added, "changed": done.Changed, "same": done.Same, "dry": done.Dry,
			"unfinished": report.Unfinished, "repeated": report.Repeated, "wrong": report.FaultCount, "columns": report.Columns, "dates": report.Dates})
		if err != nil {
			return err
		}
		return c.raw(doc)
	}
	printImport(c.out, report, done)
	return c.out.Err()
}

// importOptions are what the flags say of a file.
func (c *console) importOptions() (history.Options, error) {
	o := history.Options{Dates: history.Dates(c.flag("dates")), Columns: map[string]string{}, Location: time.Local, Now: c.out.Now()}
	if !slices.Contains([]history.Dates{history.DatesAuto, history.DatesUS, history.DatesEuropean}, o.Dates) {
		return o, usagef("--dates is us or european")
	}
	for _, pair := range c.list("column") {
		field, column, found := strings.Cut(pair, "=")
		if !found || column == "" {
			return o, usagef("--column %q: write field=column", pair)
		}
		o.Columns[field] = column
	}
	return o, nil
}

// sendImport sends items in parts. Each part is taken as a whole; after a fault the same file again takes what is missing.
func (c *console) sendImport(ctx context.Context, source string, items []history.Item) (wire.Imported, error) {
	done := wire.Imported{Dry: c.yes("dry")}
	for part := range slices.Chunk(items, wire.MostImportItems) {
		body := wire.ImportHistory{Portfolio: c.flag("portfolio"), Source: source, Dry: done.Dry}
		for _, item := range part {
			body.Items = append(body.Items, wire.ImportedItem(item))
		}
		answer, err := c.api.ImportHistory(ctx, body)
		if err != nil {
			return done, err
		}
		done.Added, done.Changed, done.Same = done.Added+answer.Value.Added, done.Changed+answer.Value.Changed, done.Same+answer.Value.Same
	}
	return done, nil
}

func printImport(p *text.Printer, r history.Report, done wire.Imported) {
	for _, field := range []string{"id", "kind", "created", "started", "finished"} {
		if column := r.Columns[field]; column != "" {
			p.Named(field, "column "+text.Clean(column))
		}
	}
	if r.Columns["id"] == "" {
		p.Named("id", "made from each row, because no column has one")
	}
	if r.Columns["started"] == "" {
		p.Named("started", "unknown: the items say nothing about how long work takes")
	}
	p.Named("dates", r.Dates)
	if len(r.Ignored) > 0 {
		p.Named("left out", "columns "+text.Clean(strings.Join(r.Ignored, ", ")))
	}
	for _, f := range r.Faults {
		p.Line("%s", text.Clean(f.String()))
	}
	if more := r.FaultCount - len(r.Faults); more > 0 {
		p.Line("and %d more rows that are wrong", more)
	}
	verb := "imported"
	if done.Dry {
		verb = "would be imported"
	}
	p.Line("%d rows: %d new, %d changed, %d as before %s; %d not finished, %d repeated, %d wrong and left out", r.Rows, done.Added, done.Changed, done.Same, verb, r.Unfinished, r.Repeated, r.FaultCount)
}
