package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// object is JSON as a tool sends it.
type object = map[string]any

// fake is what the fakes of the tools share: recorded shapes, withProgress with what was sent.
type fake struct {
	t        *testing.T
	mu       sync.Mutex
	issues   []object
	comments []string
	calls    []string
	fail     func(w http.ResponseWriter, r *http.Request) bool // if it returns true, it has answered instead of the fake
	lose     func(r *http.Request) bool                        // if true, the call is executed and its response lost
	mux      *http.ServeMux
}

func newFake(t *testing.T) *fake { return &fake{t: t, mux: http.NewServeMux()} }

// start serves the fake.
func (f *fake) start() string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.calls = append(f.calls, r.Method+" "+r.URL.Path)
		if f.fail != nil && f.fail(w, r) {
			return
		}
		answer := httptest.NewRecorder()
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		f.mux.ServeHTTP(answer, r)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if f.lose != nil && f.lose(r) {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	f.t.Cleanup(server.Close)
	return server.URL
}

// set calls change while no request is served.
func (f *fake) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// shape is a recorded response.
func (f *fake) shape(name string) object {
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	require.NoError(f.t, err)
	var o object
	require.NoError(f.t, json.Unmarshal(text, &o))
	return o
}

func sentBy(r *http.Request) object {
	var o object
	_ = json.NewDecoder(r.Body).Decode(&o)
	return o
}

func sentList(r *http.Request) []object {
	var l []object
	_ = json.NewDecoder(r.Body).Decode(&l)
	return l
}

func answer(w http.ResponseWriter, status int, v any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// by finds an issue by the id in the path.
func (f *fake) by(field string, r *http.Request) object {
	for _, i := range f.issues {
		if fmt.Sprint(i[field]) == r.PathValue("id") {
			return i
		}
	}
	return nil
}

// list is an array that is never null.
func list(v any) []any {
	l, _ := v.([]any)
	if l == nil {
		l = []any{}
	}
	return l
}
