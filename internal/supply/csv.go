package supply

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/yamlstrict"
)

// maxCapacity is the largest capacity of a team, in team-weeks, as the API takes it.
const maxCapacity = 1000

// columns of a file of supply. Only team is needed; a row gives what its cells give.
var columns = []string{"team", "person", "share", "skills", "from", "until", "amount", "whole_team", "reason", "capacity"}

// ReadCSV reads rows with a head, separated by commas or semicolons. Skills are separated by commas, semicolons or bars within their cell.
func ReadCSV(file string) ([]Row, []Fault) { return readRows(file, columns, (*csvRow).read) }

// readRows reads each row below the head with read. The first of the columns is needed.
func readRows[R any](file string, columns []string, read func(*csvRow) R) (rows []R, faults []Fault) {
	file = strings.TrimPrefix(file, "\ufeff")
	r := csv.NewReader(strings.NewReader(file))
	if head, _, _ := strings.Cut(file, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
		r.Comma = ';'
	}
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, err := r.Read()
	if err != nil {
		return nil, []Fault{{1, "file", "has no head: " + strings.Join(columns, ",")}}
	}
	at, faults := readHead(head, columns)
	if len(faults) > 0 {
		return nil, faults
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, append(faults, Fault{line, "file", "cannot be read: " + err.Error()})
		}
		if len(rows) == MaxRows {
			return nil, append(faults, Fault{line, "file", fmt.Sprintf("has more than %d rows", MaxRows)})
		}
		row := csvRow{line: line, at: at, cells: cells}
		rows = append(rows, read(&row))
		faults = append(faults, row.faults...)
	}
	if len(rows) == 0 && len(faults) == 0 {
		faults = []Fault{{1, "file", "has no row"}}
	}
	return rows, faults
}

func readHead(head, columns []string) (at map[string]int, faults []Fault) {
	at = map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		_, twice := at[name]
		switch {
		case !slices.Contains(columns, name):
			faults = append(faults, Fault{1, "file", fmt.Sprintf("has a column %q, which is none of %s", name, strings.Join(columns, ", "))})
		case twice:
			faults = append(faults, Fault{1, "file", fmt.Sprintf("has the column %q twice", name)})
		}
		at[name] = i
	}
	if _, ok := at[columns[0]]; !ok && len(faults) == 0 {
		faults = append(faults, Fault{1, "file", "has no column " + columns[0]})
	}
	return at, faults
}

// csvRow is a row that is being read.
type csvRow struct {
	line   int
	at     map[string]int
	cells  []string
	faults []Fault
}

func (r *csvRow) cell(name string) string {
	if i, ok := r.at[name]; ok && i < len(r.cells) {
		return strings.TrimSpace(r.cells[i])
	}
	return ""
}

func (r *csvRow) wrong(field, why string) { r.faults = append(r.faults, Fault{r.line, field, why}) }

func (r *csvRow) read() Row {
	row := Row{Line: r.line, Team: r.cell("team"), Person: r.cell("person")}
	if row.Team == "" {
		r.wrong("team", "is empty")
	}
	if r.cell("share") != "" {
		share := r.part("share")
		row.Share = &share
		if row.Person == "" {
			r.wrong("person", "is empty, and there is a share")
		}
	}
	if r.cell("capacity") != "" {
		capacity := r.number("capacity")
		if capacity > maxCapacity {
			r.wrong("capacity", fmt.Sprintf("is more than %d", maxCapacity))
		}
		row.Capacity = &capacity
	}
	row.Skills = r.skills()
	row.Absence = r.absence(row.Person)
	if row.Person == "" && len(row.Skills) == 0 && row.Absence == nil && row.Capacity == nil && len(r.faults) == 0 {
		r.wrong("person", "is empty, and the row says nothing else")
	}
	return row
}

// skills of a cell. A blank may be in a name, so that blanks separate nothing.
func (r *csvRow) skills() (skills []string) {
	for _, skill := range strings.FieldsFunc(r.cell("skills"), func(c rune) bool { return c == ',' || c == ';' || c == '|' }) {
		if skill = strings.TrimSpace(skill); skill != "" {
			skills = append(skills, skill)
		}
	}
	return skills
}

func (r *csvRow) absence(person string) *pmo.Absence {
	a := pmo.Absence{From: pmo.Date(r.cell("from")), Until: pmo.Date(r.cell("until")), Who: person, Reason: r.cell("reason")}
	if a.From == "" {
		for _, name := range []string{"until", "amount", "whole_team", "reason"} {
			if r.cell(name) != "" {
				r.wrong("from", "is empty, and there is "+name)
				return nil
			}
		}
		return nil
	}
	if a.Until == "" {
		a.Until = a.From
	}
	if r.cell("amount") != "" {
		a.Amount = r.number("amount")
	}
	switch strings.ToLower(r.cell("whole_team")) {
	case "", "no", "false", "0":
	case "yes", "true", "1":
		a.WholeTeam = true
	default:
		r.wrong("whole_team", "is yes or no")
	}
	return &a
}

// number is a cell as a number; what is none is a fault.
func (r *csvRow) number(name string) float64 {
	text := strings.ReplaceAll(r.cell(name), ",", ".")
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || !yamlstrict.Decimal(text):
		r.wrong(name, "is no number")
	case n < 0:
		r.wrong(name, "is negative")
	}
	return n
}

// part is a cell as a part of a whole: 0.5, or 50 %.
func (r *csvRow) part(name string) float64 {
	text, percent := strings.CutSuffix(r.cell(name), "%")
	if !percent {
		return r.number(name)
	}
	whole := csvRow{line: r.line, at: map[string]int{name: 0}, cells: []string{text}}
	n := whole.number(name) / 100
	r.faults = append(r.faults, whole.faults...)
	return n
}
