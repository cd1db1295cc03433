package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

const (
	// toolsPath is where programs find the tools of agents.
	toolsPath = "/mcp"
	// toolsInFlight is how many of their calls are answered at once; each makes a call of the API that takes a place of its own.
	toolsInFlight = 20
)

// ServeTools makes a handler answer at /mcp. Call it before the API serves; without it nothing is there. The handler gives the context of its
// calls to those that it makes of the API, which are then of the same caller: see signedIn.
func (a *API) ServeTools(h http.Handler) { a.tools = h }

// toolRoutes registers the door of the tools. Who calls is judged here, once, as at every other door.
func (a *API) toolRoutes(r chi.Router) {
	r.With(a.offered, limitConcurrency(toolsInFlight, toolsInFlight, inFlightWait), a.timed, a.signedIn).Post(toolsPath, func(w http.ResponseWriter, r *http.Request) {
		a.tools.ServeHTTP(w, r)
	})
}

// offered answers as if nothing were there where the tools are off.
func (a *API) offered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.tools == nil {
			a.notFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
