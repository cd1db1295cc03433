package web

import (
	"net/http"
	"strconv"
	"time"

	"leanpmo/internal/clientaddr"
	"leanpmo/internal/problem"
)

// paced lets an address sign in so often. Each try asks the provider, and what is begun is kept for a while.
func (s *Site) paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wait, ok := s.signIns.Take(clientaddr.Network(s.Proxies.Of(r)).String())
		if ok {
			next.ServeHTTP(w, r)
			return
		}
		wait = max(wait, time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		s.noteRefusal(r, "", "too often from one address")
		s.fail(w, r, problem.New(problem.RateLimited, "too many people begin to sign in from your address"))
	})
}
