package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type playbookView struct {
	Book   *wire.Playbook
	Others []string // the other ways of working
}

// playbook shows the playbook of a way of working.
func (s *Site) playbook(w http.ResponseWriter, r *http.Request) error {
	approach := chi.URLParam(r, "approach")
	book, err := s.api.Playbook(r.Context(), approach, s.readerOf(r).Lang)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(pmo.Approaches(), func(name string) bool { return name == approach })
	return render(s, w, r, http.StatusOK, "playbook", playbookView{Book: &book.Value, Others: others})
}

// adviceOf is the part of the playbook that matters for a request now; nil when none does.
func (s *Site) adviceOf(r *http.Request, request *wire.Request) (*wire.Playbook, error) {
	if request.Closed() || request.Stage != pmo.StageExecution && request.Stage != pmo.StageClosure {
		return nil, nil
	}
	book, err := s.api.Advice(r.Context(), request.ID, s.readerOf(r).Lang)
	var refused *client.Refused
	if errors.As(err, &refused) && refused.Kind == problem.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &book.Value, nil
}
