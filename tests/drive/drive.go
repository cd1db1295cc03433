// Package drive is the HTTP API as tests and recorders use it: people with tokens who call routes and read JSON.
package drive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// API is a running product. A call waits as long as any test.
type API struct {
	URL string
	t   testing.TB
}

// New is the API at a base URL.
func New(t testing.TB, url string) *API { return &API{URL: strings.TrimSuffix(url, "/"), t: t} }

// In is the same API for a subtest, which fails by itself.
func (a *API) In(t testing.TB) *API { return New(t, a.URL) }

// As is somebody of the local directory, by id.
func (a *API) As(id string) *Person { return &Person{api: a, ID: id, token: "dev-" + id} }

// Person calls the API as somebody.
type Person struct {
	api   *API
	ID    string
	token string
}

// Answer is what a call brought.
type Answer struct {
	Status int
	Header http.Header
	Body   any
	Raw    []byte
	t      testing.TB
}

var caller = &http.Client{Timeout: testkit.Patience}

// Try calls a route and takes any status. headers come in pairs. An error means that nothing answered.
func (p *Person) Try(method, path string, body any, headers ...string) (*Answer, error) {
	var content io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encode body: %w", err)
		}
		content = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, p.api.URL+path, content)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return p.do(req)
}

func (p *Person) do(req *http.Request) (*Answer, error) {
	res, err := caller.Do(req)
	if err != nil {
		return nil, fmt.Errorf("call: %w", err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	a := &Answer{Status: res.StatusCode, Header: res.Header, Raw: raw, t: p.api.t}
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(raw, &a.Body); err != nil {
			return nil, fmt.Errorf("the answer is no JSON: %w", err)
		}
	}
	return a, nil
}

// Call calls a route and requires the status.
func (p *Person) Call(want int, method, path string, body any, headers ...string) *Answer {
	p.api.t.Helper()
	a, err := p.Try(method, path, body, headers...)
	require.NoError(p.api.t, err)
	require.Equal(p.api.t, want, a.Status, "%s %s as %s: %s", method, path, p.ID, a.Raw)
	return a
}

// Get reads a route that answers 200.
func (p *Person) Get(path string) *Answer {
	p.api.t.Helper()
	return p.Call(http.StatusOK, http.MethodGet, path, nil)
}

// At is the value at a path like "questions.0.id"; nil where there is none.
func (a *Answer) At(path string) any {
	value := a.Body
	for _, key := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// Text is At as a text; empty where there is none.
func (a *Answer) Text(path string) string {
	text, _ := a.At(path).(string)
	return text
}

// List is At as a list; empty where there is none.
func (a *Answer) List(path string) []any {
	list, _ := a.At(path).([]any)
	return list
}
