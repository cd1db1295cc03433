package history

import (
	"cmp"
	"slices"
	"time"
)

// The columns of an export of status changes, one row a change, as Jira's.
const (
	changeKey  = "issue_key"
	changeTo   = "status_to_category_name"
	changeAt   = "status_change_date"
	changeType = "issue_type_name"
	changeMade = "issue_created_date"
)

// changes reports whether the file has one row a change of status.
func (t *table) changes() bool {
	return t.column(changeKey) >= 0 && t.column(changeTo) >= 0 && t.column(changeAt) >= 0
}

// change is one of an item's changes of status.
type change struct {
	at time.Time
	to string
}

// readChanges takes for each item its first change to "In Progress" as its beginning, and its last to "Done", unless it was left again, as
// its end.
func (t *table) readChanges(o Options) (Report, error) {
	report := Report{Columns: map[string]string{"id": changeKey, "started": changeAt, "finished": changeAt}, Rows: len(t.rows), Faults: t.faults, FaultCount: len(t.faults)}
	dates, words, err := readerFor(t.cells(t.column(changeAt), t.column(changeMade)), o.Dates, o.Location)
	if err != nil {
		return Report{}, err
	}
	report.Dates = words
	items, changes, lines := map[string]*Item{}, map[string][]change{}, map[string]int{}
	var order []string
	for _, r := range t.rows {
		id := r.cell(t.column(changeKey))
		at, err := dates.read(r.cell(t.column(changeAt)))
		to := r.cell(t.column(changeTo))
		if err == nil && at.IsZero() && to != "" {
			report.add(Item{}, r.line, &Fault{Column: "finished", Problem: "is empty"}, o.Now)
			continue
		}
		created, errCreated := dates.read(r.cell(t.column(changeMade)))
		if err = cmp.Or(err, errCreated); err != nil {
			report.add(Item{}, r.line, &Fault{Column: "finished", Problem: err.Error()}, o.Now)
			continue
		}
		if items[id] == nil {
			items[id], order = &Item{ID: id, Kind: r.cell(t.column(changeType)), Created: created}, append(order, id)
		}
		if to != "" { // otherwise it has not changed yet
			changes[id] = append(changes[id], change{at, to})
		}
		lines[id] = r.line
	}
	for _, id := range order {
		item, all := items[id], changes[id]
		slices.SortStableFunc(all, func(a, b change) int { return a.at.Compare(b.at) })
		for _, c := range all {
			switch {
			case c.to == "Done" && item.Finished.IsZero():
				item.Finished = c.at
			case c.to != "Done":
				item.Finished = time.Time{}
				if c.to == "In Progress" && item.Started.IsZero() {
					item.Started = c.at
				}
			}
		}
		report.add(*item, lines[id], nil, o.Now)
	}
	report.finish()
	return report, nil
}
