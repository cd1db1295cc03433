package web

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/history"
	"leanpmo/internal/wire"
)

const (
	// maxImport is the largest file that the page takes; pmo import history takes larger ones.
	maxImport = 2 << 20
	// maxImportForm is the largest form: the second one carries the file in base64.
	maxImportForm = maxImport*4/3 + 64<<10
	importsPath   = "/imports"
)

var errFileTooLarge = errors.New("the file is larger than 2 MB: import it with pmo import history")

type importsView struct {
	Sources    []wire.ImportedSource
	MayImport  bool
	Controls   []control
	Faults     []string
	Report     *history.Report // of the file that was sent; nil without one
	Columns    []importColumn
	Done       *wire.Imported // what the import did, or would do
	Portfolio  string
	Source     string
	File       string // the file, to be sent again with the confirmation
	MoreFaults int
}

// importColumn says which column of the file a field is taken from.
type importColumn struct{ Field, Column string }

// importFields are the fields of an item, in the order of a report.
var importFields = []string{"id", "kind", "created", "started", "finished"}

// imports lists what was imported, and has the form for more.
func (s *Site) imports(w http.ResponseWriter, r *http.Request) error {
	view, err := s.importsView(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "imports", view)
}

func (s *Site) importsView(r *http.Request) (importsView, error) {
	found, err := s.api.Imports(r.Context())
	if err != nil {
		return importsView{}, err
	}
	rules, err := s.rules(r)
	if err != nil {
		return importsView{}, err
	}
	var portfolios []choice
	for _, p := range rules.Portfolios {
		portfolios = append(portfolios, choice{p.ID, p.Name})
	}
	return importsView{Sources: found.Value.Items, Controls: importControls(s.readerOf(r), portfolios),
		MayImport: access.Can(viewerOf(r.Context()).Actor(), access.ImportHistory, access.Object{}).Allowed}, nil
}

func importControls(t *reader, portfolios []choice) []control {
	list := []control{{Name: "portfolio", Type: typeChoice, Label: t.T("field.portfolio"), Choices: portfolios},
		{Name: "source", Type: typeText, Label: t.T("imports.source"), Help: t.T("imports.source_help")},
		{Name: "dates", Type: typeChoice, Label: t.T("imports.dates"), Help: t.T("imports.dates_help"),
			Choices: []choice{{string(history.DatesUS), t.T("imports.dates_us")}, {string(history.DatesEuropean), t.T("imports.dates_european")}}}}
	for _, field := range importFields {
		list = append(list, control{Name: "column_" + field, Type: typeText, Label: t.T("imports.column", "field", t.Word("imported", field))})
	}
	return list
}

// tryImport reads a file and says what importing it would change; with the confirmation it imports it. Before that nothing is stored: the
// second form carries the file.
func (s *Site) tryImport(w http.ResponseWriter, r *http.Request) error {
	content, name, err := importedFile(r)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	view, failed := s.importsView(r)
	if failed != nil {
		return failed
	}
	view.Controls = fill(view.Controls, r.PostForm)
	view.Portfolio, view.Source = r.PostFormValue("portfolio"), cmp.Or(strings.TrimSpace(r.PostFormValue("source")), strings.TrimSuffix(name, filepath.Ext(name)))
	if err != nil {
		return s.importRefused(w, r, view, err)
	}
	report, err := history.Read(bytes.NewReader(content), s.importOptions(r))
	if err != nil {
		return s.importRefused(w, r, view, err)
	}
	confirmed := r.PostFormValue("step") == "import"
	done, err := s.sendImport(r, view, report.Items, !confirmed)
	if err != nil {
		faults := s.errorView(r, err)
		if faults.Status >= http.StatusInternalServerError {
			return err
		}
		return s.importRefused(w, r, view, errors.New(strings.Join(append([]string{faults.Detail}, faults.Fields...), " ")))
	}
	if confirmed {
		http.Redirect(w, r, importsPath+"?done=1", http.StatusSeeOther)
		return nil
	}
	view.Report, view.Done, view.File = &report, &done, base64.RawURLEncoding.EncodeToString(content)
	view.MoreFaults = report.FaultCount - len(report.Faults)
	for _, field := range importFields {
		view.Columns = append(view.Columns, importColumn{field, report.Columns[field]})
	}
	for i := range view.Controls { // the name that was taken from the file stays
		if view.Controls[i].Name == "source" {
			view.Controls[i].Value = view.Source
		}
	}
	return render(s, w, r, http.StatusOK, "imports", view)
}

func (s *Site) importRefused(w http.ResponseWriter, r *http.Request, view importsView, err error) error {
	view.Faults = []string{err.Error()}
	return render(s, w, r, http.StatusUnprocessableEntity, "imports", view)
}

// importedFile is the file of a form: chosen in it, or carried from the form before.
func importedFile(r *http.Request) (content []byte, name string, err error) {
	if err := r.ParseMultipartForm(maxImportForm); err != nil {
		return nil, "", err
	}
	if carried := r.PostFormValue("file_content"); carried != "" {
		content, err = base64.RawURLEncoding.DecodeString(carried)
		if err == nil && len(content) > maxImport {
			err = errFileTooLarge
		}
		return content, "", err
	}
	file, head, err := r.FormFile("file")
	if err != nil {
		return nil, "", errors.New("choose a file")
	}
	defer file.Close() //nolint:errcheck // it was only read
	content, err = io.ReadAll(io.LimitReader(file, maxImport+1))
	if err == nil && len(content) > maxImport {
		err = errFileTooLarge
	}
	return content, filepath.Base(head.Filename), err
}

// importOptions are what the form says of the file.
func (s *Site) importOptions(r *http.Request) history.Options {
	o := history.Options{Columns: map[string]string{}, Location: s.readerOf(r).zone, Now: s.Now()}
	if dates := history.Dates(r.PostFormValue("dates")); slices.Contains([]history.Dates{history.DatesUS, history.DatesEuropean}, dates) {
		o.Dates = dates
	}
	for _, field := range importFields {
		if column := strings.TrimSpace(r.PostFormValue("column_" + field)); column != "" {
			o.Columns[field] = column
		}
	}
	return o
}

// sendImport sends items in parts. Each part is taken as a whole; after a fault the same file again takes what is missing.
func (s *Site) sendImport(r *http.Request, view importsView, items []history.Item, dry bool) (wire.Imported, error) {
	done := wire.Imported{Dry: dry}
	for part := range slices.Chunk(items, wire.MostImportItems) {
		body := wire.ImportHistory{Portfolio: view.Portfolio, Source: view.Source, Dry: dry}
		for _, item := range part {
			body.Items = append(body.Items, wire.ImportedItem(item))
		}
		answer, err := s.api.ImportHistory(r.Context(), body)
		if err != nil {
			return done, err
		}
		done.Added, done.Changed, done.Same = done.Added+answer.Value.Added, done.Changed+answer.Value.Changed, done.Same+answer.Value.Same
	}
	return done, nil
}

// removeImport removes what was imported from a source.
func (s *Site) removeImport(w http.ResponseWriter, r *http.Request) error {
	if err := s.api.RemoveImport(r.Context(), r.PostFormValue("portfolio"), chi.URLParam(r, "source")); err != nil {
		return err
	}
	http.Redirect(w, r, importsPath, http.StatusSeeOther)
	return nil
}

// Day is the day of a moment in a table.
func (v importsView) Day(at time.Time) string { return at.Format(time.DateOnly) }

// First are the controls that every file may need, Rest name its columns.
func (v importsView) First() []control { return v.Controls[:min(len(v.Controls), importFirst)] }

// Rest are the other controls.
func (v importsView) Rest() []control { return v.Controls[min(len(v.Controls), importFirst):] }

// importFirst is how many controls stand before those of columns.
const importFirst = 3
