package delivery

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/problem"
)

// Handler serves the delivery API for one backend. Callers authenticate with a bearer token.
type Handler struct {
	backend Backend
	token   [sha256.Size]byte
	log     *slog.Logger
	mux     *http.ServeMux
}

// NewHandler makes a handler. The token must not be empty.
func NewHandler(b Backend, token string, log *slog.Logger) (*Handler, error) {
	if token == "" {
		return nil, errors.New("the delivery API needs a token")
	}
	h := &Handler{backend: b, token: sha256.Sum256([]byte(token)), log: log, mux: http.NewServeMux()}
	for pattern, serve := range map[string]func(w http.ResponseWriter, r *http.Request) error{
		"POST " + Prefix + "/work-items": h.open, "GET " + Prefix + "/work-items": h.find,
		"GET " + Prefix + "/work-items/{id}": h.get, "PATCH " + Prefix + "/work-items/{id}": h.change,
	} {
		h.mux.HandleFunc(pattern, h.wrap(serve))
	}
	h.mux.HandleFunc("GET /delivery/openapi.json", ServeOpenAPI)
	h.mux.HandleFunc("GET "+problem.Path+"/{kind}", problem.Page)
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, problem.New(problem.NotFound, "there is no such route; see /delivery/openapi.json"))
	})
	return h, nil
}

// ServeHTTP handles a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func (h *Handler) wrap(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := h.authenticate(r)
		if err == nil {
			err = serve(w, r)
		}
		if err != nil {
			h.fail(w, r, err)
		}
	}
}

func (h *Handler) authenticate(r *http.Request) error {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sent := sha256.Sum256([]byte(strings.TrimSpace(token)))
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(sent[:], h.token[:]) != 1 {
		return problem.New(problem.Unauthenticated, "send the delivery API's bearer token")
	}
	return nil
}

func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problem.From(err)
	p.Instance = cleantext.Short(r.URL.Path)
	if p.Status >= http.StatusInternalServerError {
		h.log.ErrorContext(r.Context(), "delivery call failed", "method", r.Method, "path", r.URL.Path, "status", p.Status, "cause", err)
	}
	problem.Write(w, p)
}

var keyPattern = regexp.MustCompile(`^[!-~]{8,128}$`)

func (h *Handler) open(w http.ResponseWriter, r *http.Request) error {
	key := r.Header.Get("Idempotency-Key")
	if !keyPattern.MatchString(key) {
		return problem.InvalidField("header/Idempotency-Key", "is 8 to 128 visible characters")
	}
	var n New
	if err := readBody(w, r, &n); err != nil {
		return err
	}
	if err := n.check(); err != nil {
		return err
	}
	item, created, err := h.backend.Open(r.Context(), key, n)
	switch {
	case err != nil:
		return err
	case item.Request != n.Request:
		return problem.New(problem.KeyReused, "this key opened a work item of another request")
	case created:
		w.Header().Set("Location", Prefix+"/work-items/"+item.ID)
		return writeBody(w, http.StatusCreated, item)
	}
	w.Header().Set("Idempotency-Replayed", "true")
	return writeBody(w, http.StatusOK, item)
}

func (h *Handler) find(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get("key")
	if !keyPattern.MatchString(key) {
		return problem.InvalidField("query/key", "is 8 to 128 visible characters")
	}
	item, found, err := h.backend.Find(r.Context(), key)
	if err != nil {
		return err
	}
	list := List{Items: []Item{}}
	if found {
		list.Items = append(list.Items, item)
	}
	return writeBody(w, http.StatusOK, list)
}

func (h *Handler) get(w http.ResponseWriter, r *http.Request) error {
	item, err := h.backend.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return writeBody(w, http.StatusOK, item)
}

func (h *Handler) change(w http.ResponseWriter, r *http.Request) error {
	var p Patch
	if err := readBody(w, r, &p); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	item, err := h.backend.Change(r.Context(), r.PathValue("id"), p)
	if err != nil {
		return err
	}
	return writeBody(w, http.StatusOK, item)
}
