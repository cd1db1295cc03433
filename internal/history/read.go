package history

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// fields are what is taken from a file, in the order of a report.
var fields = []string{"id", "kind", "created", "started", "finished"}

// names are the columns that a field is taken from when the file has them, the best first; case, spaces and underscores do not matter.
var names = map[string][]string{
	"id":       {"id", "key", "issuekey", "workitemid", "number", "issueid"},
	"kind":     {"kind", "type", "workitemtype", "issuetype", "issuetypename"},
	"created":  {"created", "createddate", "createdat", "issuecreateddate", "opened", "openedat"},
	"started":  {"started", "starteddate", "startedat", "start", "startdate", "activateddate", "activated", "inprogress", "inprogressdate"},
	"finished": {"finished", "finisheddate", "finishedat", "completed", "completeddate", "closeddate", "closed", "closedat", "done", "donedate", "resolved", "resolutiondate", "end", "enddate"},
}

func plain(name string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// Read reads a file. It fails when nothing can be read: no header, no column with an end, dates that could be read in two ways.
func Read(r io.Reader, o Options) (Report, error) {
	table, err := readTable(r)
	if err != nil {
		return Report{}, err
	}
	if table.changes() {
		return table.readChanges(o)
	}
	report := Report{Columns: map[string]string{}, Rows: len(table.rows), Faults: table.faults, FaultCount: len(table.faults)}
	at, err := table.columns(&report, o.Columns)
	if err != nil {
		return Report{}, err
	}
	dates, words, err := readerFor(table.cells(at["created"], at["started"], at["finished"]), o.Dates, o.Location)
	if err != nil {
		return Report{}, err
	}
	report.Dates = words
	seen := map[string]int{}
	for _, row := range table.rows {
		item, fault := row.item(at, dates, seen)
		report.add(item, row.line, fault, o.Now)
	}
	report.finish()
	return report, nil
}

// row is a line of the file with its cells.
type row struct {
	line  int
	cells []string
}

func (r row) cell(at int) string {
	if at < 0 || at >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[at])
}

// item reads a row. The fault has the field in place of the column.
func (r row) item(at map[string]int, dates dateReader, seen map[string]int) (Item, *Fault) {
	item := Item{ID: r.cell(at["id"]), Kind: r.cell(at["kind"])}
	if at["id"] < 0 {
		item.ID = rowID(r.cells, seen)
	}
	for _, f := range []struct {
		field string
		to    *time.Time
	}{{"created", &item.Created}, {"started", &item.Started}, {"finished", &item.Finished}} {
		var err error
		if *f.to, err = dates.read(r.cell(at[f.field])); err != nil {
			return item, &Fault{Column: f.field, Problem: err.Error()}
		}
	}
	return item, nil
}

// add takes an item, or names its row.
func (r *Report) add(item Item, line int, fault *Fault, now time.Time) {
	if fault == nil && item.Finished.IsZero() {
		r.Unfinished++
		return
	}
	if fault == nil {
		ordered, moved := item.ordered()
		if item = ordered; moved {
			r.Reordered++
		}
		if field, problem := item.Check(now); problem != "" {
			fault = &Fault{Column: field, Problem: problem}
		}
	}
	if fault == nil {
		r.Items = append(r.Items, item)
		return
	}
	if fault.Line = line; r.Columns[fault.Column] != "" {
		fault.Column = r.Columns[fault.Column]
	}
	if r.FaultCount++; len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, *fault)
	}
}

// finish keeps the last of the items with one id, and sorts them by their end.
func (r *Report) finish() {
	last := map[string]int{}
	for i, item := range r.Items {
		last[item.ID] = i
	}
	kept := r.Items[:0]
	for i, item := range r.Items {
		if last[item.ID] == i {
			kept = append(kept, item)
		}
	}
	r.Repeated, r.Items = len(r.Items)-len(kept), kept
	slices.SortStableFunc(r.Items, func(a, b Item) int { return cmp.Or(a.Finished.Compare(b.Finished), cmp.Compare(a.ID, b.ID)) })
}

// table is a file as it came.
type table struct {
	head   []string
	rows   []row
	faults []Fault
}

func readTable(r io.Reader) (*table, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > MaxBytes:
		return nil, fmt.Errorf("the file has more than %d bytes", MaxBytes)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return nil, errors.New("the file is no UTF-8 text: save it as CSV in UTF-8")
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = delimiter(text), -1, false
	t := &table{}
	for {
		cells, err := reader.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF) && t.head == nil:
			return nil, errors.New("the file is empty")
		case errors.Is(err, io.EOF):
			return t, nil
		case errors.As(err, &syntax):
			t.faults = append(t.faults, Fault{Line: syntax.StartLine, Problem: syntax.Err.Error()})
			if len(t.faults) >= maxFaults || t.head == nil {
				return nil, fmt.Errorf("line %d: %w", syntax.StartLine, syntax.Err)
			}
			continue
		case err != nil:
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		switch {
		case t.head == nil:
			t.head = cells
		case len(t.rows) >= MaxItems:
			return nil, fmt.Errorf("the file has more than %d rows", MaxItems)
		case len(cells) > 1 || strings.TrimSpace(cells[0]) != "":
			t.rows = append(t.rows, row{line, cells})
		}
	}
}

// delimiter is what the header separates its columns with.
func delimiter(text []byte) rune {
	head, _, _ := bufio.NewReader(bytes.NewReader(text)).ReadLine()
	best, most := ',', 0
	for _, candidate := range []rune{',', ';', '\t'} {
		if n := bytes.Count(head, []byte(string(candidate))); n > most {
			best, most = candidate, n
		}
	}
	return best
}

// column is where a column is by its plain name; -1 when there is none.
func (t *table) column(name string) int {
	return slices.IndexFunc(t.head, func(head string) bool { return plain(head) == plain(name) })
}

// columns finds the column of each field, and notes it.
func (t *table) columns(report *Report, asked map[string]string) (map[string]int, error) {
	at := map[string]int{}
	for field := range asked {
		if !slices.Contains(fields, field) {
			return nil, fmt.Errorf("%q is no field; the fields are %s", field, strings.Join(fields, ", "))
		}
	}
	used := make([]bool, len(t.head))
	for _, field := range fields {
		at[field] = -1
		candidates := names[field]
		if name, given := asked[field]; given {
			if candidates = []string{name}; t.column(name) < 0 {
				return nil, fmt.Errorf("there is no column %q; the file has %s", name, strings.Join(t.head, ", "))
			}
		}
		for _, name := range candidates {
			if k := t.column(name); k >= 0 && at[field] < 0 {
				at[field], used[k], report.Columns[field] = k, true, t.head[k]
			}
		}
	}
	for k, name := range t.head {
		if !used[k] {
			report.Ignored = append(report.Ignored, name)
		}
	}
	if at["finished"] < 0 {
		return nil, fmt.Errorf("no column says when an item was finished; the file has %s: name it", strings.Join(t.head, ", "))
	}
	return at, nil
}

// cells are all cells of some columns.
func (t *table) cells(columns ...int) []string {
	var out []string
	for _, r := range t.rows {
		for _, k := range columns {
			if cell := r.cell(k); cell != "" {
				out = append(out, cell)
			}
		}
	}
	return out
}
