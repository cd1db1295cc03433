package problem

import (
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryAfter reads the header Retry-After, in seconds or as a date; 0 without one that can be read.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		return time.Duration(min(seconds, math.MaxInt32)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

const (
	// Tries are the attempts of a call that fails for the moment.
	Tries = 3
	// busyTries are the attempts while the server says that it is busy and when to come back: nothing was started, so coming back is what
	// it asks for.
	busyTries  = 8
	firstPause = 200 * time.Millisecond
	// longestPause bounds how long a Retry-After header is followed; after a longer one the caller gives up.
	longestPause = 10 * time.Second
)

// Retry is the rule by which a client of our API repeats one call that failed for the moment. The zero value makes one attempt.
type Retry struct {
	Tries  int
	failed int
	pause  time.Duration
}

// Next is called after an attempt failed. It says how long to wait before the next one, or that there is none. The kind is that of the
// refusal, empty if nothing answered; retryAfter is what its header says.
func (r *Retry) Next(kind Kind, retryAfter time.Duration) (wait time.Duration, again bool) {
	r.failed++
	tries := r.Tries
	if tries > 1 && retryAfter > 0 && (kind == Busy || kind == RateLimited) {
		tries = max(tries, busyTries)
	}
	if r.failed >= tries || retryAfter > longestPause {
		return 0, false
	}
	pause := max(r.pause, firstPause)
	r.pause = min(3*pause, longestPause)
	if retryAfter > 0 {
		return retryAfter + rand.N(firstPause), true // those refused together do not come back together
	}
	return pause + rand.N(pause/2), true
}
