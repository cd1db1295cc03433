package web

import (
	"net/http"
	"strconv"
	"strings"

	"leanpmo/internal/selection"
	"leanpmo/internal/wire"
)

type fundingView struct {
	Controls  []control // the question; the form is read, so it changes nothing
	Portfolio string
	Found     *wire.Funding // nil when the question could not be answered
	Rows      []fundingRow
	Left      int // how many requests of set or list have no row
	Faults    []string
}

// fundingRow is a request of the set or of the plain list; before the first one below the cut line the line is drawn.
type fundingRow struct {
	wire.FundingLine
	Cut    bool
	Reason string // in the reader's language
}

// funding shows what to fund with a capacity: the set of most value beside the ranked list's cut line. Without a capacity it is what the
// portfolio's teams can hold at once.
func (s *Site) funding(w http.ResponseWriter, r *http.Request) error {
	t, q := s.readerOf(r), r.URL.Query()
	view := fundingView{Portfolio: q.Get("portfolio"), Controls: fundingControls(t)}
	view.Controls[0].Value, view.Controls[1].Value = q.Get("capacity"), q.Get("needs")
	if view.Controls[0].Value == "" {
		held, err := s.teamCapacity(r, view.Portfolio)
		if err != nil {
			return err
		}
		view.Controls[0].Value = strconv.FormatFloat(held, 'f', -1, 64)
	}
	capacity, err := numberIn(view.Controls[0].Value)
	if err != nil {
		view.Controls[0].Error = t.T("funding.no_number")
		return render(s, w, r, http.StatusUnprocessableEntity, "funding", view)
	}
	found, err := s.api.Funding(r.Context(), view.Portfolio, capacity, strings.Fields(strings.ReplaceAll(view.Controls[1].Value, ",", " ")))
	if err != nil {
		others, named := blame(view.Controls, "", err)
		if !named {
			return err
		}
		view.Faults = others
		return render(s, w, r, http.StatusUnprocessableEntity, "funding", view)
	}
	view.Found = &found.Value
	view.Rows, view.Left = fundingRows(t, found.Value)
	view.Left += found.Value.MoreItems
	return render(s, w, r, http.StatusOK, "funding", view)
}

// teamCapacity is what the teams of the portfolio can hold at once; of all portfolios without one.
func (s *Site) teamCapacity(r *http.Request, portfolio string) (float64, error) {
	teams, err := s.api.Teams(r.Context())
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, team := range teams.Value.Items {
		if portfolio == "" || team.Portfolio == portfolio {
			sum += team.Capacity
		}
	}
	return sum, nil
}

func fundingControls(t *reader) []control {
	return []control{
		{Name: "capacity", Type: typeNumber, Label: t.T("funding.capacity"), Help: t.T("funding.capacity_help"), Required: true},
		{Name: "needs", Type: typeText, Label: t.T("funding.needs"), Help: t.T("funding.needs_help")},
	}
}

// mostAgreed is how many requests the page has that both set and list fund, mostDiffering how many of the others: a page stays below 150 kB.
const mostAgreed, mostDiffering = 120, 150

// fundingRows are the rows of the page, and how many requests of set and list it leaves out.
func fundingRows(t *reader, f wire.Funding) (rows []fundingRow, left int) {
	rooms, below := map[bool]int{true: mostAgreed, false: mostDiffering}, false
	for _, l := range f.Items {
		agreed := l.InSet && l.InList
		if rooms[agreed]--; rooms[agreed] < 0 {
			left++
			continue
		}
		row := fundingRow{FundingLine: l, Reason: fundingReason(t, l)}
		if !below && l.Rank > f.CutLine {
			row.Cut, below = true, true
		}
		rows = append(rows, row)
	}
	return rows, left
}

// fundingReason says in the reader's language why set and list differ in a request.
func fundingReason(t *reader, l wire.FundingLine) string {
	switch l.Reason {
	case selection.ReasonValue, selection.ReasonLess, selection.ReasonRoom:
		return t.T("funding.reason."+string(l.Reason), "rate", t.Number(l.Rate), "others", t.Number(l.OthersRate), "size", t.Number(l.Size))
	case selection.ReasonFits:
		return t.T("funding.reason.fits", "value", t.Number(l.Value))
	case selection.ReasonNeeded:
		return t.T("funding.reason.needed", "by", strings.Join(l.NeededBy, ", "))
	}
	return ""
}

// Wrong reports whether a control of the form is marked.
func (v fundingView) Wrong() bool {
	return len(v.Faults) > 0 || v.Controls[0].Error != "" || v.Controls[1].Error != ""
}

// Joins are the refs of the requests that only the set has, Leaves of those that only the list has.
func (v fundingView) Joins() string { return v.differing(true) }

// Leaves is told with Joins.
func (v fundingView) Leaves() string { return v.differing(false) }

func (v fundingView) differing(inSet bool) string {
	var refs []string
	for _, row := range v.Rows {
		if row.InSet != row.InList && row.InSet == inSet {
			refs = append(refs, row.Ref)
		}
	}
	return strings.Join(refs, ", ")
}

// More is what one more team-week would bring, as refs.
func (v fundingView) More() string { return strings.Join(v.Found.OneMore.In, ", ") }

// Instead is what would have to go for it.
func (v fundingView) Instead() string { return strings.Join(v.Found.OneMore.Out, ", ") }
