package web

import (
	"net/http"
	"strconv"

	"leanpmo/internal/access"
	"leanpmo/internal/wire"
)

type retrospectiveView struct {
	Report   *wire.Retrospective
	Spans    []daySpan
	Proposes bool // the reader may propose a policy
}

// retrospective shows how delivered work went by way of working, and which changes of the policy that speaks for.
func (s *Site) retrospective(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	days := calibrationDays(q)
	answer, err := s.api.Retrospective(r.Context(), q.Get("portfolio"), days)
	if err != nil {
		return err
	}
	view := retrospectiveView{Report: &answer.Value, Proposes: access.Can(viewerOf(r.Context()).Actor(), access.ProposePolicy, access.Object{}).Allowed}
	for _, n := range []int{90, 365, 730} {
		q.Set("days", strconv.Itoa(n))
		view.Spans = append(view.Spans, daySpan{Days: n, Link: "/retrospective?" + q.Encode(), Chosen: n == days})
	}
	return render(s, w, r, http.StatusOK, "retrospective", view)
}
