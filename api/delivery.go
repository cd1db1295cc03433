package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/contract"
	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// Verifier checks the signature of a webhook and returns its id; delivery.Secret is one.
type Verifier interface {
	Verify(h http.Header, body []byte, now time.Time) (id string, err error)
}

// deliveryAPI registers the routes for teams' tools: our own implementation of the delivery API, with a token of its own, and the
// signed webhook by which a tool reports back. Each is registered only when it is configured; the contract is public.
func (a *API) deliveryAPI(r chi.Router) {
	r.Get("/delivery/openapi.json", delivery.ServeOpenAPI)
	r.Group(func(r chi.Router) {
		r.Use(limitConcurrency(readsInFlight, a.writesInFlight(), inFlightWait), a.timed, guard)
		if a.Delivery != nil {
			for _, path := range []string{"/work-items", "/work-items/{id}"} {
				r.Handle(delivery.Prefix+path, a.Delivery)
			}
		}
		if a.Webhooks != nil {
			r.Post(delivery.Prefix+"/webhooks/{source}", a.webhook)
		}
	})
}

func (a *API) webhook(w http.ResponseWriter, r *http.Request) {
	receipt, err := a.report(r)
	if err != nil {
		writeProblem(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"result": receipt.Result})
}

var goodSource = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// report turns a webhook into a progress report; the actor is the tool of that one work item.
func (a *API) report(r *http.Request) (pmo.Receipt, error) {
	source := chi.URLParam(r, "source")
	if !goodSource.MatchString(source) {
		return pmo.Receipt{}, problem.New(problem.NotFound, "there is no such route; see /delivery/openapi.json")
	}
	body, err := io.ReadAll(r.Body) // the guard limits its size
	if err != nil {
		return pmo.Receipt{}, problem.Wrap(err, problem.Malformed, "the body did not arrive completely")
	}
	id, err := a.Webhooks.Verify(r.Header, body, a.Now())
	if err != nil {
		return pmo.Receipt{}, problem.Wrap(err, problem.Unauthenticated, "the webhook's signature is not valid, or it comes too late")
	}
	actor := access.Actor{ID: "delivery." + source}
	requestLogOf(r.Context()).actor = actor.ID
	event, err := readEvent(body)
	if err != nil {
		return pmo.Receipt{}, err
	}
	leave, err := a.place(r.Context(), commands, actor.ID)
	if err != nil {
		return pmo.Receipt{}, err
	}
	defer leave()
	t, err := a.ofItem(r.Context(), event)
	if err != nil {
		return pmo.Receipt{}, err
	}
	if err := may(actor, access.ReportProgress, t.object()); err != nil {
		return pmo.Receipt{}, err
	}
	cmd := event.Report()
	return a.Commands.Update(r.Context(), t.ID, contract.UpdateProgress, &cmd, pmo.By{Actor: actor.ID, Via: pmo.ViaDelivery}, id)
}

// ofItem finds the request that the work item belongs to. The read model may not have a work item that was just opened.
func (a *API) ofItem(ctx context.Context, event delivery.Event) (*target, error) {
	if _, isID, ok := parseRef(event.Request); !ok || !isID {
		return nil, problem.InvalidField("/request", "is the id of a request")
	}
	t, err := a.find(ctx, event.Request)
	if err != nil {
		return nil, err
	}
	if !t.has(event.WorkItem) && (!a.refresh(ctx, t) || !t.has(event.WorkItem)) {
		return nil, problem.New(problem.NotFound, "the request has no such work item")
	}
	t.relation = access.Tool
	return t, nil
}

func (t *target) has(item string) bool {
	w := t.Request.Work
	return w != nil && item != "" && w.ID == item
}

// longestNote is the limit of a report's note, the same as in wire.Report.
const longestNote = 4000

// readEvent ignores unknown fields: a later version of the contract may add some.
func readEvent(body []byte) (delivery.Event, error) {
	var e delivery.Event
	if err := json.Unmarshal(body, &e); err != nil {
		return e, problem.OfDecoder(err, "the body is no report")
	}
	e.Note = cleantext.Strip(e.Note)
	var faults []problem.Field
	if e.Percent != nil && (*e.Percent < 0 || *e.Percent > 100) {
		faults = append(faults, problem.Field{Pointer: "/percent", Detail: "lies between 0 and 100"})
	}
	if !slices.Contains([]pmo.Health{"", pmo.HealthGreen, pmo.HealthAmber, pmo.HealthRed}, e.Health) {
		faults = append(faults, problem.Field{Pointer: "/health", Detail: "is green, amber or red"})
	}
	if utf8.RuneCountInString(e.Note) > longestNote {
		faults = append(faults, problem.Field{Pointer: "/note", Detail: "is too long"})
	}
	if len(faults) > 0 {
		return e, problem.InvalidFields(faults)
	}
	return e, nil
}
