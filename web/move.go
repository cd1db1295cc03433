package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// Where a move leads that is no stage.
const (
	toHold   = "on_hold"
	toClosed = "closed"
)

// move is something the reader can do that moves the request: where it leads, and the page that asks for what it needs.
type move struct {
	To   string // a stage, on_hold or closed; empty: it stays
	Name string
	Says string
	Spec bool // Says describes an option of a question, in English
	Link string
}

// commandMoves are the commands that move a request, in the order in which they are offered. An empty stage is the one it is in.
var commandMoves = []struct {
	command, query, to string
}{
	{"pull", "", string(pmo.StageApproach)}, {"reassign", "", string(pmo.StageAssignment)}, {"progress", "?done=yes", string(pmo.StageClosure)}, {"resume", "", ""}, {"wake", "", ""},
	{"hold", "", toHold}, {"withdraw", "", toClosed}, {"cancel", "", toClosed},
}

// answerMoves are the answers that move a request by themselves, or as the last one that was asked for.
var answerMoves = map[pmo.Kind]map[string]string{
	pmo.KindClarify: {pmo.VerdictProvide: string(pmo.StageReview)},
	pmo.KindReview: {pmo.VerdictApprove: string(pmo.StagePrioritization), pmo.VerdictApproveConditions: string(pmo.StagePrioritization), pmo.VerdictReject: toClosed,
		pmo.VerdictNeedInfo: string(pmo.StageIntake), pmo.VerdictDuplicate: toClosed, pmo.VerdictAnswered: toClosed, pmo.VerdictDefer: toHold},
	pmo.KindReconfirm:  {pmo.VerdictNotNeeded: toClosed},
	pmo.KindApproach:   {pmo.VerdictAccept: string(pmo.StageAssignment), pmo.VerdictChoose: string(pmo.StageAssignment)},
	pmo.KindAssignment: {pmo.VerdictAccept: string(pmo.StageExecution)},
	pmo.KindPlace:      {pmo.VerdictMove: string(pmo.StageAssignment)},
	pmo.KindAcceptance: {pmo.VerdictAccept: toClosed, pmo.VerdictRemarks: toClosed, pmo.VerdictRework: string(pmo.StageExecution)},
	pmo.KindException:  {pmo.VerdictBacklog: string(pmo.StagePrioritization), pmo.VerdictCancel: toClosed},
}

// movesOf are what the reader can do to move the request now. It is what the request's own page offers, by where it leads.
func movesOf(t *reader, r *wire.Request) []move {
	var moves []move
	for i := range r.Questions {
		q := &r.Questions[i]
		if !q.MayAnswer {
			continue
		}
		for _, o := range q.Options {
			to, moved := answerMoves[q.Kind][o.Verdict]
			if !moved {
				continue
			}
			address := url.Values{"question": {q.ID}, "verdict": {o.Verdict}}
			moves = append(moves, move{To: to, Name: t.Word("verdict", o.Verdict), Says: t.Capital(o.Description) + ".", Spec: true, Link: "/requests/" + r.ID + "/answer?" + address.Encode()})
		}
	}
	for _, c := range commandMoves {
		if !slices.Contains(r.Commands, c.command) || c.command == "progress" && r.Stage != pmo.StageExecution {
			continue
		}
		to, name := c.to, t.T("command."+c.command)
		if to == "" {
			to = string(r.Stage)
		}
		if c.command == "progress" {
			name = t.T("move.done")
		}
		moves = append(moves, move{To: to, Name: name, Says: t.T("command-says." + c.command), Link: "/requests/" + r.ID + "/" + c.command + c.query})
	}
	return moves
}

type moveView struct {
	Request *wire.Request
	To      string // where somebody wants it; empty: they have not said
	Moves   []move
	Ranked  bool // it waits in the backlog, and its rank is computed
	Rank    *wire.RankedRequest
	Inputs  bool // the reader may change what its score is computed from
	Amends  bool
}

// moves shows what moves a request, each with the page that asks for the reason. A card that was dragged names where to; where one thing alone leads
// there, its page is shown at once.
func (s *Site) moves(w http.ResponseWriter, r *http.Request) error {
	ref := chi.URLParam(r, "ref")
	answer, err := s.api.Request(r.Context(), ref)
	if err != nil {
		return err
	}
	request := &answer.Value
	view := moveView{Request: request, To: r.URL.Query().Get("to"), Moves: movesOf(s.readerOf(r), request), Ranked: request.Stage == pmo.StagePrioritization && !request.Closed(),
		Inputs: slices.Contains(request.Commands, "inputs"), Amends: slices.Contains(request.Commands, "amend")}
	if view.To != "" {
		there := slices.DeleteFunc(slices.Clone(view.Moves), func(m move) bool { return m.To != view.To })
		if len(there) == 1 {
			http.Redirect(w, r, there[0].Link, http.StatusSeeOther)
			return nil
		}
		if len(there) > 0 {
			view.Moves = there
		}
	}
	if view.Ranked {
		why, err := s.api.Explain(r.Context(), ref)
		if err != nil {
			return err
		}
		view.Rank = why.Value.Rank
	}
	return render(s, w, r, http.StatusOK, "move", view)
}

// Reached reports whether something leads to where somebody wants the request.
func (v moveView) Reached() bool {
	return v.To == "" || slices.ContainsFunc(v.Moves, func(m move) bool { return m.To == v.To })
}
