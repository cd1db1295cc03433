package api

import (
	_ "embed"
	"encoding/json"
	"net/http"
)

//go:embed docs.html
var docsHTML []byte

//go:embed docs.js
var docsJS []byte

//go:embed docs.css
var docsCSS []byte

// docsPolicy allows the page to load its own files only: it works without any network.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func docsPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy", docsPolicy)
	serve(w, "text/html; charset=utf-8", docsHTML)
}

func docsScript(w http.ResponseWriter, _ *http.Request) {
	serve(w, "text/javascript; charset=utf-8", docsJS)
}

func docsStyle(w http.ResponseWriter, _ *http.Request) { serve(w, "text/css; charset=utf-8", docsCSS) }

func (a *API) openAPI(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(a.OpenAPI())
	if err != nil {
		writeProblem(w, r, err)
		return
	}
	serve(w, "application/openapi+json", body)
}

func serve(w http.ResponseWriter, media string, body []byte) {
	w.Header().Set("Content-Type", media)
	// The status is sent: an error of writing cannot be reported to the client any more.
	_, _ = w.Write(body)
}
