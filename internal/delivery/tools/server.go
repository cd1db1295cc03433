package tools

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/outbound"
	"leanpmo/internal/problem"
)

var adapters = map[string]func(Config, *slog.Logger) (*Tracker, error){"azure": NewAzure, "github": NewGitHub, "gitlab": NewGitLab, "jira": NewJira, "linear": NewLinear}

// Names lists the tools that have an adapter.
func Names() []string { return slices.Sorted(maps.Keys(adapters)) }

// New makes the adapter for a tool by name.
func New(name string, c Config, log *slog.Logger) (*Tracker, error) {
	if adapter, known := adapters[name]; known {
		return adapter(c, log)
	}
	return nil, fmt.Errorf("there is no adapter %q; there are %v", name, Names())
}

// Reporter receives the webhooks of one tool and sends reports to the PMO's server.
type Reporter struct {
	Tool   string // one of Names
	Secret string // authenticates the tool's webhooks
	PMO    string // base URL of the PMO's server
	Sign   delivery.Secret
	Guard  outbound.Guard
	Log    *slog.Logger

	now    func() time.Time
	client *http.Client
}

// NewReporter checks the fields and makes a reporter.
func NewReporter(r Reporter) (*Reporter, error) {
	if _, known := hooks[r.Tool]; !known {
		return nil, fmt.Errorf("there is no webhook parser for %q", r.Tool)
	}
	if len(r.Secret) < 16 {
		return nil, errors.New("the tool's webhook secret has at least 16 characters")
	}
	base, err := delivery.CheckBase(r.PMO)
	if err != nil {
		return nil, fmt.Errorf("the address of the PMO's server %w", err)
	}
	r.PMO, r.now, r.client = base, time.Now, delivery.HTTPClient(r.Guard)
	return &r, nil
}

const maxWebhookBytes = 2 << 20

// ServeHTTP receives a webhook. It answers 503 when the PMO's server is unavailable, so that the tool sends it again, and 202 when
// that server refuses the report, because sending it again would not help.
func (r *Reporter) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if err := r.receive(w, req); err != nil {
		p := problem.From(err)
		p.Instance = req.URL.Path
		r.Log.WarnContext(req.Context(), "webhook refused", "tool", r.Tool, "status", p.Status, "cause", err)
		problem.Write(w, p)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func (r *Reporter) receive(w http.ResponseWriter, req *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxWebhookBytes))
	if err != nil {
		return problem.Wrap(err, problem.TooLarge, "a webhook has at most %d bytes", maxWebhookBytes)
	}
	h := hooks[r.Tool]
	if !h.verify(req.Header, body, r.Secret, r.now()) {
		return problem.New(problem.Unauthenticated, "the webhook's secret or signature is wrong")
	}
	event, ours, err := h.event(req.Header, body, r.now())
	if err != nil {
		return problem.Wrap(err, problem.Malformed, "the webhook cannot be read")
	}
	if !ours {
		return nil
	}
	return r.report(req.Context(), r.eventID(h.id(req.Header, body), body), event)
}

// eventID is the same when the tool sends a webhook again.
func (r *Reporter) eventID(id string, body []byte) string {
	if id == "" {
		id = string(body)
	}
	sum := sha256.Sum256([]byte(r.Tool + "\x00" + id))
	return r.Tool + "-" + hex.EncodeToString(sum[:16])
}

// reportWithin bounds the attempts to send a report. They go on when the tool waits no longer: not every tool sends a webhook again.
const reportWithin = time.Minute

// report sends a report, again by the rule of every client of the PMO's server.
func (r *Reporter) report(ctx context.Context, id string, e delivery.Event) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reportWithin)
	defer cancel()
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	rule := problem.Retry{Tries: problem.Tries}
	for {
		answer, err := r.send(ctx, id, body)
		switch {
		case err == nil && answer.status < 300:
			return nil
		case err == nil && answer.status >= 400 && answer.status < 500 && answer.status != http.StatusTooManyRequests:
			r.Log.InfoContext(ctx, "report refused", "tool", r.Tool, "item", e.WorkItem, "status", answer.status)
			return nil
		}
		wait, again := rule.Next(answer.kind, answer.retryAfter)
		if !again {
			failed := problem.Wrap(err, problem.Unavailable, "the PMO's server cannot be reached or is busy")
			failed.RetryAfter = answer.retryAfter
			return failed
		}
		select {
		case <-ctx.Done():
			return problem.Wrap(ctx.Err(), problem.Unavailable, "the PMO's server did not answer in time")
		case <-time.After(wait):
		}
	}
}

// answered is what the PMO's server says to a report.
type answered struct {
	status     int
	kind       problem.Kind // of a refusal
	retryAfter time.Duration
}

func (r *Reporter) send(ctx context.Context, id string, body []byte) (answered, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.PMO+delivery.Prefix+"/webhooks/"+r.Tool, bytes.NewReader(body))
	if err != nil {
		return answered{}, fmt.Errorf("make report: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	r.Sign.Sign(req.Header, id, r.now(), body)
	res, err := r.client.Do(req)
	if err != nil {
		return answered{}, fmt.Errorf("send report: %w", err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, maxWebhookBytes)) // all of it, so that the connection can be reused
	var p problem.Problem
	_ = json.Unmarshal(text, &p) // another server's answer has no kind
	return answered{res.StatusCode, p.Kind, problem.RetryAfter(res.Header, r.now())}, nil
}
