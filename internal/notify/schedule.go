package notify

import (
	"math/rand/v2"
	"time"
)

// schedule is the wait before each attempt: seconds for a hiccup, hours for an outage, three days for a long weekend.
var schedule = []time.Duration{0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour,
	14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// longestWait bounds what a receiver may ask for.
const longestWait = 24 * time.Hour

// nextAttempt is the wait after the attempts made so far; false when there is no further one. A receiver's wish is honoured when it
// is later than ours.
func nextAttempt(made int, asked time.Duration, jitter func(time.Duration) time.Duration) (time.Duration, bool) {
	if made >= len(schedule) {
		return 0, false
	}
	return max(jitter(schedule[made]), min(asked, longestWait)), true
}

// addJitter adds up to a fifth, so that what failed together does not come back together.
func addJitter(d time.Duration) time.Duration {
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}
