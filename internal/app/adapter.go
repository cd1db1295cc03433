package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/delivery/tools"
	"leanpmo/internal/history"
)

// AdapterConfig is everything an adapter of the delivery API for one tool needs.
type AdapterConfig struct {
	Tool          string // one of tools.Names
	Addr          string
	Token         string // PMO_DELIVERY_TOKEN: the token the worker sends
	ServerURL     string // PMO_SERVER_URL: the PMO's server, for progress reports; empty: no reports
	WebhookSecret string // PMO_WEBHOOK_SECRET: signs reports
	HookSecret    string // PMO_TOOL_WEBHOOK_SECRET: authenticates the tool's webhooks
	AllowCIDRs    string // PMO_NOTIFY_ALLOW_CIDRS: networks that are called without TLS though they are public
	tools.Config         // PMO_TOOL_URL, PMO_TOOL_PROJECT, PMO_TOOL_USER, PMO_TOOL_TOKEN, PMO_TOOL_ISSUE_TYPE
}

// AdapterFromEnv reads the configuration of an adapter; its error names everything that cannot be read.
func AdapterFromEnv(lookup func(string) (string, bool), tool, addr string) (AdapterConfig, error) {
	e := env{lookup: lookup}
	c := AdapterConfig{Tool: tool, Addr: addr, Token: e.secret("PMO_DELIVERY_TOKEN"), ServerURL: e.text("PMO_SERVER_URL", ""),
		WebhookSecret: e.secret("PMO_WEBHOOK_SECRET"), HookSecret: e.secret("PMO_TOOL_WEBHOOK_SECRET"), AllowCIDRs: e.text("PMO_NOTIFY_ALLOW_CIDRS", ""),
		Config: e.tool()}
	if len(c.Token) < minSecret {
		e.fault("PMO_DELIVERY_TOKEN", "needs at least %d characters", minSecret)
	}
	if c.ServerURL != "" && (c.WebhookSecret == "" || c.HookSecret == "") {
		e.fault("PMO_SERVER_URL", "also needs PMO_WEBHOOK_SECRET and PMO_TOOL_WEBHOOK_SECRET")
	}
	return c, misconfigured(e.faults)
}

// tool reads the address of a tool and our credentials.
func (e *env) tool() tools.Config {
	c := tools.Config{URL: e.text("PMO_TOOL_URL", ""), Project: e.text("PMO_TOOL_PROJECT", ""), User: e.text("PMO_TOOL_USER", ""),
		Token: e.secret("PMO_TOOL_TOKEN"), Kind: e.text("PMO_TOOL_ISSUE_TYPE", "")}
	if c.Token == "" {
		e.fault("PMO_TOOL_TOKEN", "is missing: our token for the tool's API")
	}
	return c
}

// ToolHistory reads what was finished in a tool since a moment, for the forecasts. Of the settings of an adapter it needs those of the tool.
func ToolHistory(ctx context.Context, lookup func(string) (string, bool), tool string, since time.Time, log *slog.Logger) ([]history.Item, error) {
	e := env{lookup: lookup}
	c, cidrs := e.tool(), e.text("PMO_NOTIFY_ALLOW_CIDRS", "")
	if err := misconfigured(e.faults); err != nil {
		return nil, err
	}
	guard, err := guardOf(cidrs)
	if err != nil {
		return nil, misconfigured([]error{err})
	}
	c.Guard = guard
	tracker, err := tools.New(tool, c, log)
	if err != nil {
		return nil, misconfigured([]error{err})
	}
	return tracker.Finished(ctx, since)
}

// ServeAdapter serves the delivery API for a tool until ctx ends, and receives the tool's webhooks at /hooks/<tool>.
func ServeAdapter(ctx context.Context, c AdapterConfig, log *slog.Logger) error {
	handler, err := c.handler(log)
	if err != nil {
		return misconfigured([]error{err})
	}
	return serveHTTP(ctx, []*http.Server{newServer(c.Addr, handler, log)}, func() {}, make(chan error, 1), log)
}

func (c AdapterConfig) handler(log *slog.Logger) (http.Handler, error) {
	guard, err := guardOf(c.AllowCIDRs)
	if err != nil {
		return nil, err
	}
	c.Guard = guard
	backend, err := tools.New(c.Tool, c.Config, log)
	if err != nil {
		return nil, err
	}
	contract, err := delivery.NewHandler(backend, c.Token, log)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/delivery/", contract)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	if c.ServerURL == "" {
		return mux, nil
	}
	sign, err := delivery.NewSecret(c.WebhookSecret)
	if err != nil {
		return nil, fmt.Errorf("PMO_WEBHOOK_SECRET: %w", err)
	}
	reporter, err := tools.NewReporter(tools.Reporter{Tool: c.Tool, Secret: c.HookSecret, PMO: c.ServerURL, Sign: sign, Guard: guard, Log: log})
	if err != nil {
		return nil, err
	}
	mux.Handle("POST /hooks/"+c.Tool, reporter)
	return mux, nil
}
