package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

// auditView is the office ledger as far as it was asked for.
type auditView struct {
	Lines     []auditRow
	Kinds     []string
	Everybody []choice
	Kind      string
	Person    string
	From      string // days, as they were given
	Until     string
	Next      string
	CSV       string
}

// auditRow is a line in words.
type auditRow struct {
	wire.AuditLine
	Says string
	Whom string // a name, where it is about a person
	More string // what was done in detail, for whoever looks closer
}

// auditKinds are the kinds of lines in the order in which they are offered.
var auditKinds = []string{"policy", "team", "delegation", "token", "session", "history", "person", "sign_in", "right", "channel", "resource"}

func (s *Site) audit(w http.ResponseWriter, r *http.Request) error {
	filter, view := s.auditFilter(r)
	page, err := s.api.Audit(r.Context(), filter)
	if err != nil {
		return err
	}
	t := s.readerOf(r)
	for _, line := range page.Value.Items {
		view.Lines = append(view.Lines, auditRowOf(t, line))
	}
	view.Everybody, view.Next = s.principals(), nextPage(r, page.Value.Next)
	return render(s, w, r, http.StatusOK, "audit", view)
}

// auditFilter reads what is asked for. Days are those of the reader; what is no day asks for nothing.
func (s *Site) auditFilter(r *http.Request) (client.AuditFilter, auditView) {
	q, zone := r.URL.Query(), s.readerOf(r).zone
	filter := client.AuditFilter{Kind: q.Get("kind"), Person: q.Get("person"), Cursor: q.Get("cursor")}
	view := auditView{Kinds: auditKinds, Kind: filter.Kind, Person: filter.Person}
	if day, err := time.ParseInLocation(time.DateOnly, q.Get("from"), zone); err == nil {
		filter.From, view.From = day, q.Get("from")
	}
	if day, err := time.ParseInLocation(time.DateOnly, q.Get("until"), zone); err == nil {
		filter.Until, view.Until = day.AddDate(0, 0, 1), q.Get("until")
	}
	asked := url.Values{}
	for name, value := range map[string]string{"kind": view.Kind, "person": view.Person, "from": view.From, "until": view.Until} {
		if value != "" {
			asked.Set(name, value)
		}
	}
	view.CSV = "/access/audit.csv?" + asked.Encode()
	return filter, view
}

func auditRowOf(t *reader, l wire.AuditLine) auditRow {
	row := auditRow{AuditLine: l, Says: l.Event, Whom: l.About}
	if key := "audit." + l.Kind + "." + l.Event; t.Has(key) {
		row.Says = t.T(key)
	}
	if l.Kind == "person" || l.Kind == "delegation" {
		row.Whom = t.Name(l.About)
	}
	var more bytes.Buffer
	if len(l.Details) > 2 && json.Indent(&more, l.Details, "", "  ") == nil { // more than {}
		row.More = more.String()
	}
	return row
}

// auditCSV is the office ledger for a spreadsheet.
func (s *Site) auditCSV(w http.ResponseWriter, r *http.Request) error {
	filter, _ := s.auditFilter(r)
	body, err := s.api.AuditCSV(r.Context(), filter)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	// Nobody is left to tell when the reader has gone.
	_, _ = w.Write(body)
	return nil
}

// readsAudit reports whether the reader may read the office ledger.
func readsAudit(r *http.Request) bool {
	return access.Can(viewerOf(r.Context()).Actor(), access.ReadAudit, access.Object{}).Allowed
}
