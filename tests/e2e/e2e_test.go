// Package e2e runs the whole product as one child process and uses it as people do: over HTTP, with tokens.
package e2e

import (
	"testing"

	"leanpmo/internal/calendar"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/tests/harness"
)

const portfolio = harness.Portfolio

// seconds makes waits short enough to see: reviews are reminded after a second; the finance group has two seconds, then two more after
// escalation; the security group has long enough for a restart. The PMO has five seconds for an exception.
func seconds(d *policy.Document) {
	harness.Fast(d)
	d.Questions[pmo.KindException].Due = harness.Duration("5s")
	d.Questions[pmo.KindException].Remind = policy.RemindDoc{}
	review := d.Questions[pmo.KindReview]
	review.Remind = policy.RemindDoc{After: []calendar.Duration{harness.Duration("1s")}}
	review.Groups = []policy.GroupQuestionDoc{harness.ReviewGroup("finance", "2s", "2s"), harness.ReviewGroup("security", "25s", "1h")}
}

// start runs the whole local stack.
func start(t *testing.T) *harness.Environment {
	t.Helper()
	return harness.Start(t, harness.Options{Mode: harness.Local, Policy: seconds})
}
