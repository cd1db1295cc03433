package supply

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/pmo"
)

// resourceColumns are those of a file of shared resources. Only resource is needed; a row gives what its cells give.
var resourceColumns = []string{"resource", "name", "unit", "portfolio", "from", "until", "amount"}

// ResourceRow is what one row of a file says of a shared resource. What it does not give stays as it is.
type ResourceRow struct {
	Line                      int // of the file, from 1
	ID, Name, Unit, Portfolio string
	// Amount is how much there is from a day on; it takes the place of the period that begins on that day.
	Amount *pmo.ResourceAmount
}

// ReadResources reads rows with a head, as ReadCSV does.
func ReadResources(file string) ([]ResourceRow, []Fault) {
	return readRows(file, resourceColumns, (*csvRow).resource)
}

func (r *csvRow) resource() ResourceRow {
	row := ResourceRow{Line: r.line, ID: r.cell("resource"), Name: r.text("name"), Unit: r.text("unit"), Portfolio: r.cell("portfolio")}
	if row.ID == "" {
		r.wrong("resource", "is empty")
	}
	a := pmo.ResourceAmount{From: pmo.Date(r.cell("from")), Until: pmo.Date(r.cell("until"))}
	switch {
	case a.From != "" && r.cell("amount") == "":
		r.wrong("amount", "is empty, and there is from: 0 is nothing")
	case a.From != "":
		a.Amount = r.number("amount")
		row.Amount = &a
	case r.cell("amount") != "":
		r.wrong("from", "is empty, and there is amount")
	case a.Until != "":
		r.wrong("from", "is empty, and there is until")
	}
	if row.Name+row.Unit+row.Portfolio == "" && row.Amount == nil && len(r.faults) == 0 {
		r.wrong("from", "is empty, and the row says nothing else")
	}
	return row
}

// text is a cell that is shown as it is. One that a spreadsheet would compute is none.
func (r *csvRow) text(name string) string {
	text := r.cell(name)
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		r.wrong(name, "begins as a formula")
	}
	return text
}

// ResourceChange is what the rows of a file make of a shared resource.
type ResourceChange struct {
	Before *pmo.Resource // nil: there is none yet
	Then   pmo.Resource
	Says   []string // what becomes different, in words; none: it is so already
	kept   []pmo.ResourceAmount
	given  []pmo.ResourceAmount // by the file
	// from is which line a part of the resource is from, by its JSON pointer, and a period by its first day; the empty one is for all others.
	from map[string]int
}

// ResourceChanges are what rows make of the resources that they name, by id. A new one is of the portfolio of its rows, or of the one given.
func ResourceChanges(rows []ResourceRow, resources []pmo.Resource, portfolio string) (changes []*ResourceChange, faults []Fault) {
	byID := map[string]*ResourceChange{}
	for _, r := range rows {
		c := byID[r.ID]
		if c == nil {
			c = newResourceChange(r, resources, portfolio)
			byID[r.ID] = c
		}
		faults = append(faults, c.apply(r)...)
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		c := byID[id]
		c.Then.Amounts = slices.Concat(c.kept, c.given) // those of the file last: a fault of two periods is that of the later one
		for i, a := range c.given {
			c.from[fmt.Sprintf("/amounts/%d", len(c.kept)+i)] = c.from[string(a.From)]
		}
		changes = append(changes, c)
	}
	return changes, faults
}

func newResourceChange(r ResourceRow, resources []pmo.Resource, portfolio string) *ResourceChange {
	c := &ResourceChange{from: map[string]int{"": r.Line}}
	i := slices.IndexFunc(resources, func(known pmo.Resource) bool { return known.ID == r.ID })
	if i < 0 {
		if r.Portfolio != "" {
			portfolio = r.Portfolio
		}
		c.Then = pmo.Resource{ID: r.ID, Portfolio: portfolio}
		c.Says = []string{"new resource of " + portfolio}
		return c
	}
	before := resources[i]
	c.Before, c.Then, c.kept = &before, before, slices.Clone(before.Amounts)
	return c
}

func (c *ResourceChange) apply(r ResourceRow) (faults []Fault) {
	if r.Portfolio != "" && r.Portfolio != c.Then.Portfolio {
		faults = append(faults, Fault{r.Line, "portfolio", fmt.Sprintf("is not %s, whose requests share %s", c.Then.Portfolio, r.ID)})
	}
	for _, text := range []struct {
		field, is string
		then      *string
	}{{"name", r.Name, &c.Then.Name}, {"unit", r.Unit, &c.Then.Unit}} {
		if text.is == "" {
			continue
		}
		c.from["/"+text.field] = r.Line
		if *text.then != text.is {
			c.Says = append(c.Says, text.field+" "+text.is)
			*text.then = text.is
		}
	}
	if r.Amount != nil {
		faults = append(faults, c.period(*r.Amount, r.Line)...)
	}
	return faults
}

// period takes the place of the one that begins on the same day, or is added.
func (c *ResourceChange) period(a pmo.ResourceAmount, line int) []Fault {
	if first := c.from[string(a.From)]; first > 0 {
		return []Fault{{line, "from", fmt.Sprintf("is that of line %d: a period is given once", first)}}
	}
	c.from[string(a.From)] = line
	c.given = append(c.given, a)
	i := slices.IndexFunc(c.kept, func(known pmo.ResourceAmount) bool { return known.From == a.From })
	switch {
	case i < 0:
		c.Says = append(c.Says, "period "+a.Words())
		return nil
	case c.kept[i] != a:
		c.Says = append(c.Says, "period "+a.Words()+" instead of "+c.kept[i].Words())
	}
	c.kept = slices.Delete(c.kept, i, i+1)
	return nil
}

// LineOf is which line a fault of the resource is from, by the fault's JSON pointer, and which field of it.
func (c *ResourceChange) LineOf(pointer string) (line int, field string) {
	for at := pointer; at != "" && line == 0; at = at[:strings.LastIndexByte(at, '/')] {
		line = c.from[at]
	}
	if line == 0 {
		line = c.from[""]
	}
	parts := strings.Split(pointer, "/")
	switch field = parts[len(parts)-1]; field {
	case "id":
		field = "resource"
	case "amounts":
		field = "from"
	}
	return line, field
}

// LineOn is which line says how much there is on a day, and which field of it: of a day of no period, the end of the one before it.
func (c *ResourceChange) LineOn(day pmo.Date) (line int, field string) {
	last := -1
	for i, a := range c.Then.Amounts {
		switch {
		case a.From > day:
		case a.Until == "" || day <= a.Until:
			return c.LineOf("/amounts/" + strconv.Itoa(i) + "/amount")
		case last < 0 || a.Until > c.Then.Amounts[last].Until:
			last = i
		}
	}
	return c.LineOf("/amounts/" + strconv.Itoa(last) + "/until")
}
