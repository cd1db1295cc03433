package backtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// Limits are what a result does not say.
func Limits() []string {
	return []string{
		"Contents are those that the requests had at the end: what was amended in between is not undone, and nobody can say what people would have written for another form.",
		"People answer as they did. A group that was not asked, or of which more would have had to agree, takes its usual time; what it would have said is not known.",
		"A request that was rejected stays ended, also where nobody who rejected it would have been asked; its line says so.",
		"As many requests are pulled at the same moments as they were: other WIP limits, teams and holds are not tried, and requests that would belong to another portfolio wait where they did.",
		"Pulls by override stay what they were. What requests needed of each other is taken as given.",
		"Points of stakeholders do not count: nobody can say where they would have been put under other rules.",
		"Ranks and pulls are compared with what the rules in force give when they are run over the same past, not with what was: other rules were in force then.",
	}
}

// Words say what would have been different for a request.
func (l Line) Words() []string {
	var words []string
	add := func(holds bool, format string, args ...any) {
		if holds {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(l.Then.Portfolio != l.Was.Portfolio, "Portfolio %s instead of %s.", l.Then.Portfolio, name(l.Was.Portfolio))
	add(l.Then.Severity != l.Was.Severity, "Severity %s instead of %s.", name(l.Then.Severity), name(l.Was.Severity))
	add(l.Then.Lane != l.Was.Lane, "Lane %s instead of %s.", l.Then.Lane, name(string(l.Was.Lane)))
	if !sameRoute(l.Then.Route, l.Was.Route) {
		add(true, "Review by %s instead of %s%s.", RouteWords(l.Then.Route), RouteWords(l.Was.Route), l.reviewWords())
	}
	if already := l.already(); already != "" {
		words = append(words, already)
	}
	add(len(l.Rejecters) > 0, "It was rejected by %s, which would not have been asked.", strings.Join(l.Rejecters, ", "))
	for _, group := range l.Then.Late {
		add(!slices.Contains(l.Now.Late, group), "%s answered after the deadline that it would have had.", group)
	}
	for _, group := range l.Now.Late {
		add(!slices.Contains(l.Then.Late, group), "%s would have answered in time.", group)
	}
	add(l.Then.Rank != l.Now.Rank, "At rank %d instead of %d when it was pulled.", l.Then.Rank, l.Now.Rank)
	return append(words, l.pullWords()...)
}

// already says that the rules in force, too, differ from what was.
func (l Line) already() string {
	differs := l.Then.Portfolio != l.Was.Portfolio || l.Then.Severity != l.Was.Severity || l.Then.Lane != l.Was.Lane || !sameRoute(l.Then.Route, l.Was.Route)
	if differs && l.Then.Portfolio == l.Now.Portfolio && l.Then.Severity == l.Now.Severity && l.Then.Lane == l.Now.Lane && sameRoute(l.Then.Route, l.Now.Route) {
		return "The rules in force lead there too."
	}
	return ""
}

func (l Line) reviewWords() string {
	switch was, then := l.Was.Review, l.Then.Review; {
	case then == nil:
		return ", in a time that is not known"
	case was == nil:
		return ", in " + days(*then)
	case l.Then.Assumed:
		return fmt.Sprintf(", in about %s instead of %s", days(*then), days(*was))
	default:
		return fmt.Sprintf(", in %s instead of %s", days(*then), days(*was))
	}
}

func (l Line) pullWords() []string {
	now, then := l.Now.PullAt, l.Then.PullAt
	switch {
	case now.Equal(then):
		return nil
	case then.IsZero():
		return []string{"It would not have been pulled."}
	case now.IsZero() && !l.LeftAt.IsZero():
		return []string{fmt.Sprintf("Pulled after %s; it was given up after %s without a pull.", days(then.Sub(l.BacklogAt)), days(l.LeftAt.Sub(l.BacklogAt)))}
	case now.IsZero():
		return []string{fmt.Sprintf("Pulled after %s, instead of not at all.", days(then.Sub(l.BacklogAt)))}
	case then.Before(now):
		return []string{fmt.Sprintf("Pulled %s earlier.", days(now.Sub(then)))}
	default:
		return []string{fmt.Sprintf("Pulled %s later.", days(then.Sub(now)))}
	}
}

// RouteWords lists the groups of a way through review and how many of each must agree.
func RouteWords(steps []pmo.RouteStep) string {
	if len(steps) == 0 {
		return "nobody"
	}
	var words []string
	for _, s := range steps {
		words = append(words, fmt.Sprintf("%s (%s)", s.Group, s.Quorum))
	}
	return strings.Join(words, ", ")
}

func days(d time.Duration) string {
	if d < 24*time.Hour {
		return fmt.Sprintf("%.1f hours", d.Hours())
	}
	return fmt.Sprintf("%.1f days", d.Hours()/24)
}

func name(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
