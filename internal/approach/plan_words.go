package approach

import (
	"fmt"
	"strings"
)

// words are the plan in a line or two.
func (s *skeleton) words() string {
	parts := []string{s.work.Approach.Title()}
	if s.weeks > 0 {
		parts = append(parts, "about "+plural(s.weeks, "week"))
	}
	if s.Iterations > 0 {
		parts = append(parts, plural(s.Iterations, "iteration")+" of "+plural(s.WeeksEach, "week"))
	}
	if s.Expectation != nil {
		parts = append(parts, s.Expectation.Words())
	}
	if s.WIPLimit > 0 {
		parts = append(parts, "at most "+plural(s.WIPLimit, "item")+" in progress")
	}
	if n := len(s.Milestones); n > 0 {
		last := s.Milestones[n-1]
		end := last.Name
		if last.Due != "" {
			end += " on " + string(last.Due)
		}
		parts = append(parts, plural(n, "milestone")+", the last: "+end)
	}
	if s.Due != "" {
		parts = append(parts, "done by "+string(s.Due))
	}
	return strings.Join(append(parts, s.notes...), "; ") + "."
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
