package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/version"
)

// live answers that the process runs. It does not check Postgres and Temporal: a restart of this process would not repair them.
func live(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok", "version": version.Number})
}

// readiness is the state of each part the API depends on.
type readiness struct {
	Ready    bool             `json:"ready"`
	Degraded bool             `json:"degraded,omitempty"` // ready, and a check wants somebody to look
	Checks   map[string]check `json:"checks"`
}

type check struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

const readyWithin = 3 * time.Second

// ready answers whether every part the API depends on answers. While one does not, the API still serves what it can.
func (a *API) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	out := readiness{Ready: true, Checks: map[string]check{}}
	var mu sync.Mutex
	var all sync.WaitGroup
	for name, ask := range map[string]func(context.Context) error{
		"postgres": a.Store.Ping, "schema": a.Store.SchemaOK, "temporal": a.Commands.Ping,
	} {
		all.Go(func() {
			err := ask(ctx)
			mu.Lock()
			defer mu.Unlock()
			out.Checks[name] = checkOf(name, err)
			out.Ready = out.Ready && err == nil
			if err != nil {
				a.Log.WarnContext(ctx, "not ready", "check", name, "cause", err)
			}
		})
	}
	all.Wait()
	if b := a.broken.Load(); b != nil {
		out.Checks["requests"] = b.check()
		out.Degraded = !out.Checks["requests"].OK
	}
	if a.DirectoryFault != nil && a.DirectoryFault() != nil {
		out.Checks["directory"], out.Degraded = check{Detail: "the newest directory file is not valid, and the one before is in force; the log says why"}, true
	}
	if nobody := a.nobodyOfPMO(); nobody != "" {
		out.Checks["people"], out.Degraded = check{Detail: nobody}, true
	}
	if a.mayChangeLedgers(ctx) {
		out.Checks["ledgers"], out.Degraded = check{Detail: "the database role of this process may change the ledgers; run it with a role of its own, see PMO_DATABASE_ROLE"}, true
	}
	if a.PolicyState != nil {
		name, fault := a.PolicyState()
		out.Checks["policy"] = check{OK: fault == "", Detail: strings.TrimSuffix(name+": "+fault, ": ")}
		out.Degraded = out.Degraded || fault != ""
	}
	if a.draining.Load() {
		out.Ready, out.Checks["serving"] = false, check{Detail: "this process is about to stop"}
	}
	status := http.StatusOK
	if !out.Ready {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "2")
	}
	writeJSON(w, status, out)
}

// Starting answers while a server cannot begin: it is alive and not ready, and every other call is refused as unavailable.
func Starting(cause string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", live)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "2")
		writeJSON(w, http.StatusServiceUnavailable, readiness{Checks: map[string]check{"policy": {Detail: cause}}})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, r, problem.New(problem.Unavailable, "the server is starting: %s", cause))
	})
	return mux
}

// mayChangeLedgers asks the database; one that does not answer is another check's fault.
func (a *API) mayChangeLedgers(ctx context.Context) bool {
	may, err := a.Store.MayChangeLedgers(ctx)
	return err == nil && may
}

// nobodyOfPMO says of which portfolios nobody of the PMO could answer an exception; empty when of none.
func (a *API) nobodyOfPMO() string {
	var without []string
	rules := a.Policy.Now()
	for _, portfolio := range rules.Portfolios() {
		if !slices.ContainsFunc(a.Directory.Members(rules.PortfolioGroup(portfolio)), func(person string) bool {
			p, _ := a.Directory.Principal(person)
			return access.Named(access.Candidate{Actor: rules.Actor(p)}, access.Seats{Kind: pmo.KindException}) == ""
		}) {
			without = append(without, portfolio)
		}
	}
	if len(without) == 0 {
		return ""
	}
	return "exceptions would reach nobody: the PMO's group has no member who may answer them, of " + strings.Join(without, ", ")
}

// checkOf leaves out addresses and causes, which are in the log: anybody who can reach the port may read the answer.
func checkOf(name string, err error) check {
	if err == nil {
		return check{OK: true}
	}
	return check{Detail: map[string]string{
		"postgres": "the database does not answer", "schema": "the database is not at this program's schema; run pmo migrate",
		"temporal": "Temporal does not answer",
	}[name]}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status is sent: an error of writing cannot be reported to the client any more.
	_ = json.NewEncoder(w).Encode(v)
}
