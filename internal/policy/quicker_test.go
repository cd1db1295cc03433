package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestQuicker: the sentences are those of the rules, at the numbers of the rules, of the default policy (which the demo has) and of the example.
func TestQuicker(t *testing.T) {
	example, err := policy.Load("../../examples/policy.yaml")
	require.NoError(t, err)
	unassessed := []string{
		"Its severity is unassessed, because nothing is known about today yet.",
		"Its severity would be severe instead of unassessed, because safety or a great deal of money is at stake: with at least 500000 of money per year (not stated yet), or with criticality life or lives (not stated yet).",
		"Its severity would be major instead of unassessed, because many people, much money or much time is lost: with at least 500 people affected (not stated yet), or with at least 50000 and less than 500000 of money per year (not stated yet), or with at least 400 hours per month (volume per month and minutes each) (not stated yet), or with criticality essential (not stated yet).",
		"Its severity would be minor instead of unassessed, because the loss is known and limited: with less than 500 people affected (not stated yet), or with less than 50000 of money per year (not stated yet), or with less than 400 hours per month (volume per month and minutes each) (not stated yet).",
	}
	for name, c := range map[string]struct {
		policy  *policy.Policy
		content pmo.Content
		says    []string // of the lane
		rest    []string // of the severity
	}{
		"no estimate": {policy.Default(), pmo.Content{Kind: "bug"},
			[]string{"It would take the express lane instead of standard, because it is small and known: with a size of at most 2 team-weeks (not stated yet)."}, unassessed},
		"no estimate, by the example": {example, pmo.Content{Kind: "bug"},
			[]string{"It would take the express lane instead of standard, because it is small and known: with a size of at most 3 team-weeks (not stated yet)."}, unassessed},
		"too large": {policy.Default(), pmo.Content{Kind: "bug", Size: 20},
			[]string{"It would take the express lane instead of major, because it is small and known: with a size of at most 2 team-weeks.",
				"It would take the standard lane instead of major, because it is neither small and known nor large: with a size of more than 2 and at most 12 team-weeks."}, unassessed},
		"a programme": {policy.Default(), pmo.Content{Kind: "programme", Size: 1},
			[]string{"It would take the express lane instead of major, because it is small and known: with kind other than programme."}, unassessed},
		"confidential": {policy.Default(), pmo.Content{Kind: "bug", Size: 1, Confidential: true},
			[]string{"It would take the express lane instead of standard, because it is small and known: with confidentiality not asked for."}, unassessed},
		"two facts stand against it": {policy.Default(), pmo.Content{Kind: "bug", Confidential: true}, nil, unassessed},
		"express already":            {policy.Default(), pmo.Content{Kind: "bug", Size: 1}, nil, unassessed},
		"a severity that is known": {policy.Default(), ordinary(), nil, []string{
			"Its severity is minor, because the loss is known and limited.",
			"Its severity would be severe instead of minor, because safety or a great deal of money is at stake: with at least 500000 of money per year (not stated yet), or with criticality life or lives (not stated yet).",
			"Its severity would be major instead of minor, because many people, much money or much time is lost: with at least 500 people affected, or with at least 50000 and less than 500000 of money per year (not stated yet), or with at least 400 hours per month (volume per month and minutes each), or with criticality essential (not stated yet).",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.policy.Quicker(c.content)
			require.Equal(t, append(c.says, c.rest...), got)
		})
	}
}

// TestQuickerKnowsEveryFactThatRulesMention, in whatever way they compare it, also where the lane follows from the severity.
func TestQuickerKnowsEveryFactThatRulesMention(t *testing.T) {
	for when, want := range map[string]string{
		`size > 0 && size < 3`:             "with a size of less than 3 team-weeks (not stated yet)",
		`3 >= size && size != 0.0`:         "with a size of at most 3 team-weeks (not stated yet)",
		`size * 2.0 > 6.0 && size < 9`:     "with a size of at least 6 and less than 9 team-weeks (not stated yet)",
		`people > 7`:                       "with more than 7 people affected (not stated yet)",
		`people == 7`:                      "with exactly 7 people affected (not stated yet)",
		`class == "expedite"`:              "with class of service expedite (not stated yet)",
		`urgency == "critical"`:            "with urgency critical (not stated yet)",
		`"safety" in themes`:               "with theme safety (not stated yet)",
		`"gis" in skills`:                  "with skill gis (not stated yet)",
		`has_date`:                         "with a wanted date (not stated yet)",
		`has_sponsor`:                      "with a sponsor (not stated yet)",
		`confidential`:                     "with confidentiality asked for",
		`severity == "severe"`:             "with criticality life or lives (not stated yet)", // the money alone makes it major
		`title == "x" && size > 0`:         "",
		`baseline.hours_per_month >= 10.5`: "with at least 10.5 hours per month (volume per month and minutes each) (not stated yet)",
	} {
		p, err := policy.Parse(edit(t, "when: size > 0 && size <= 2 && money_per_year < 50000 && !confidential", "when: '"+when+"'"))
		require.NoError(t, err, when)
		got := p.Quicker(pmo.Content{Title: "t", Kind: "bug"})
		if want == "" {
			require.NotContains(t, got[0], "lane", when)
			continue
		}
		require.Equal(t, "It would take the express lane instead of standard, because it is small and known: "+want+".", got[0], when)
	}
}

func BenchmarkQuicker(b *testing.B) {
	p := policy.Default()
	for b.Loop() {
		p.Quicker(ordinary())
	}
}
