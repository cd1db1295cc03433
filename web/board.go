package web

import (
	"net/http"
	"slices"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

// column is one stage of the board with its oldest requests and the limits that decide what enters it or leaves it.
type column struct {
	Stage  pmo.Stage
	Count  int
	Cards  []card
	More   int
	All    string // the list of them
	Limits []wipLimit
}

// card is a request on the board.
type card struct {
	wire.RequestItem
	Moves bool // the reader may be able to move it
}

// wipLimit is a limit with what happens at it, in words.
type wipLimit struct {
	wire.WIPLimit
	Label string
	Says  string
}

type boardView struct {
	Columns    []column
	Filters    filterView
	Guardrails []strategy.GuardrailFlag // those that are not kept now
}

// boardRows is how many requests a column of the board shows; a link leads to all of them.
const boardRows = 12

// board shows the funnel: the open requests by stage, the oldest first.
func (s *Site) board(w http.ResponseWriter, r *http.Request) error {
	filters, err := s.filters(r, false)
	if err != nil || filters.showDefault(w, r) {
		return err
	}
	answer, err := s.api.Board(r.Context(), filters.Filter, boardRows)
	if err != nil {
		return err
	}
	view, t := boardView{Filters: filters, Guardrails: answer.Value.Guardrails}, s.readerOf(r)
	leads, err := s.leadsOf(r)
	if err != nil {
		return err
	}
	for _, c := range answer.Value.Columns {
		cards := make([]card, len(c.Items))
		for i, item := range c.Items {
			cards[i] = card{item, mayMove(viewerOf(r.Context()), leads, item)}
		}
		view.Columns = append(view.Columns, column{Stage: c.Stage, Count: c.Count, Cards: cards, More: c.Count - len(c.Items),
			All: filters.With("/requests", "stage", string(c.Stage), "sort", "age"), Limits: limitsOf(t, c.Stage, filters, answer.Value.Limits)})
	}
	return render(s, w, r, http.StatusOK, "board", view)
}

// limitsOf are the limits that the head of a column shows: before the pull those of portfolio and class, before a team those of teams. Where the
// list is filtered by class or team, only theirs.
func limitsOf(t *reader, stage pmo.Stage, filters filterView, all []wire.WIPLimit) []wipLimit {
	var list []wipLimit
	for _, l := range all {
		wl := wipLimit{WIPLimit: l, Label: l.Name}
		switch {
		case l.On == wire.LimitOnTeam && stage == pmo.StageAssignment:
			if filters.Filter.Team != "" && filters.Filter.Team != l.Team {
				continue
			}
			wl.Says = t.T("limit.team")
		case l.On == wire.LimitOnClass && stage == pmo.StagePrioritization:
			if filters.Filter.Class != "" && filters.Filter.Class != string(l.Class) {
				continue
			}
			wl.Label, wl.Says = t.Word("class", l.Class), t.T("limit.class")
			if l.Limit == 0 && l.Reserved > 0 && !l.Full {
				wl.Says = t.T("limit.reserved", "n", l.Reserved)
			}
		case l.On == wire.LimitOnPortfolio && stage == pmo.StagePrioritization:
			wl.Says = t.T("limit.portfolio")
		default:
			continue
		}
		if !l.Full && l.Limit > 0 {
			wl.Says = t.T("limit.free", "n", l.Limit-l.Taken)
		}
		list = append(list, wl)
	}
	return list
}

// leadsOf are the teams that the reader leads.
func (s *Site) leadsOf(r *http.Request) ([]string, error) {
	teams, err := s.api.Teams(r.Context())
	if err != nil {
		return nil, err
	}
	var led []string
	for _, t := range teams.Value.Items {
		if slices.Contains(t.Leads, viewerOf(r.Context()).ID) {
			led = append(led, t.ID)
		}
	}
	return led, nil
}

// mayMove reports whether a card offers "Move to…": to the PMO, and to whom the request belongs or waits on. What can be done there and then is
// the process's to say, on the next page.
func mayMove(viewer directory.Principal, leads []string, i wire.RequestItem) bool {
	return hasRole(viewer, "pmo") || i.Requester == viewer.ID || i.Team != "" && slices.Contains(leads, i.Team) || slices.Contains(i.WaitingOn, viewer.ID)
}
