package api

import "net/http/httptest"

// get asks without a token and without looking at the answer.
func get(b *bundle, path string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec
}
