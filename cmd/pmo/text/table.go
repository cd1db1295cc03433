package text

import "strings"

// Column is a column of a table.
type Column struct {
	Head  string
	Right bool // figures are aligned to the right
	Flex  bool // is cut when the terminal is too narrow
	Wrap  bool // is flexible, and is broken into lines instead of being cut
	Spare bool // is left out when cutting is not enough
}

// Table is rows with column heads.
type Table struct {
	Columns []Column
	Rows    [][]string
	Indent  int // blanks before each line
}

// leastFlex is the least width a column is cut to.
const leastFlex = 16

const gap = 2

// Table writes a table that fits the terminal. Empty columns are left out.
func (p *Printer) Table(t Table) {
	indent, room := t.Indent, p.width
	if room > 0 {
		room = max(1, room-indent)
	}
	t = t.clean()
	t = t.keep(func(i int) bool { return t.filled(i) })
	for i := len(t.Columns) - 1; i >= 0 && room > 0; i-- {
		if t.Columns[i].Spare && sum(t.least()) > room {
			t = t.keep(func(j int) bool { return j != i })
		}
	}
	widths := t.widths(room)
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head
	}
	for _, row := range append([][]string{heads}, t.Rows...) {
		p.row(indent, t.Columns, row, widths)
	}
}

// row writes a row; it has as many lines as its longest cell.
func (p *Printer) row(indent int, columns []Column, row []string, widths []int) {
	lines := make([][]string, len(row))
	most := 1
	for i, cell := range row {
		if lines[i] = []string{cut(cell, widths[i])}; columns[i].Wrap {
			lines[i] = broken(cell, widths[i])
		}
		most = max(most, len(lines[i]))
	}
	for n := range most {
		cells := make([]string, len(row))
		for i := range row {
			cell := ""
			if n < len(lines[i]) {
				cell = lines[i][n]
			}
			cells[i] = pad(cell, widths[i], columns[i].Right)
		}
		p.Line("%s", strings.TrimRight(strings.Repeat(" ", indent)+strings.Join(cells, strings.Repeat(" ", gap)), " "))
	}
}

// clean copies the table with its cells cleaned; the caller's rows do not change.
func (t Table) clean() Table {
	rows := make([][]string, len(t.Rows))
	for r, row := range t.Rows {
		rows[r] = make([]string, len(row))
		for i, cell := range row {
			rows[r][i] = Clean(cell)
		}
	}
	return Table{Columns: t.Columns, Rows: rows}
}

func (t Table) filled(column int) bool {
	for _, row := range t.Rows {
		if row[column] != "" {
			return true
		}
	}
	return len(t.Rows) == 0
}

func (t Table) keep(wanted func(int) bool) Table {
	out := Table{Rows: make([][]string, len(t.Rows))}
	for i, c := range t.Columns {
		if !wanted(i) {
			continue
		}
		out.Columns = append(out.Columns, c)
		for r, row := range t.Rows {
			out.Rows[r] = append(out.Rows[r], row[i])
		}
	}
	return out
}

// natural is the width of each column without cutting.
func (t Table) natural() []int {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = width(c.Head)
		for _, row := range t.Rows {
			widths[i] = max(widths[i], width(row[i]))
		}
	}
	return widths
}

// least is the least width of each column.
func (t Table) least() []int {
	widths := t.natural()
	for i, c := range t.Columns {
		if c.Flex || c.Wrap {
			widths[i] = min(widths[i], leastFlex)
		}
	}
	return widths
}

func sum(widths []int) int {
	total := gap * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	return total
}

// widths cuts the widest flexible column by one until all fits.
func (t Table) widths(room int) []int {
	widths, least := t.natural(), t.least()
	for room > 0 && sum(widths) > room {
		widest := -1
		for i, c := range t.Columns {
			if (c.Flex || c.Wrap) && widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return widths
}
