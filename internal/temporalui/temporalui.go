// Package temporalui makes the addresses of pages of the Temporal UI: a request's history, and the saved views.
package temporalui

import (
	"fmt"
	"net/url"
	"strings"

	"leanpmo/internal/contract"
)

// UI is a Temporal UI, and the namespace that it shows. Without an address all its links are empty.
type UI struct{ address, namespace string }

// defaultNamespace is the one of the SDK.
const defaultNamespace = "default"

// New makes the UI at an address such as http://127.0.0.1:8233. An empty address is allowed: nobody said where the UI is.
func New(address, namespace string) UI {
	if namespace == "" {
		namespace = defaultNamespace
	}
	return UI{address: strings.TrimRight(address, "/"), namespace: namespace}
}

// Check refuses an address that a browser cannot open.
func Check(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return fmt.Errorf("is not an address like http://127.0.0.1:8233")
	}
	return nil
}

// Request is the history of a request. The UI finds the newest run by itself, so that the link stays true after a reset or a
// continue-as-new.
func (u UI) Request(id string) string {
	return u.page("workflows/" + url.PathEscape(contract.RequestWorkflowID(id)))
}

// list is the list of workflows that a query finds.
func (u UI) list(query string) string {
	return u.page("workflows?query=" + url.QueryEscape(query))
}

func (u UI) page(path string) string {
	if u.address == "" {
		return ""
	}
	return u.address + "/namespaces/" + url.PathEscape(u.namespace) + "/" + path
}
