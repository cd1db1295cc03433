package pmo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

func TestNeeded(t *testing.T) {
	cases := []struct {
		quorum pmo.Quorum
		people int
		needed int
	}{
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 50}, 3, 2},
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 60}, 5, 3},
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 66}, 5, 4},
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 50}, 7, 4},
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 50}, 1, 1},
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 100}, 4, 4},
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 1}, 100, 1},
		{pmo.Quorum{Mode: pmo.QuorumPercent, N: 50}, 0, 1},
		{pmo.Quorum{Mode: pmo.QuorumAll}, 4, 4},
		{pmo.Quorum{Mode: pmo.QuorumAll}, 0, 1},
		{pmo.Quorum{Mode: pmo.QuorumAny}, 9, 1},
		{pmo.Quorum{Mode: pmo.QuorumCount, N: 3}, 9, 3},
		{pmo.Quorum{Mode: pmo.QuorumCount}, 9, 1},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s of %d", c.quorum, c.people), func(t *testing.T) {
			require.Equal(t, c.needed, c.quorum.Needed(c.people))
		})
	}
}

// question is a review question with votes given as letters: y, n, a for yes, no, abstain, in the order asked; capitals are votes of
// those it was escalated to.
func question(quorum pmo.Quorum, asked int, votes string) *pmo.Question {
	q := &pmo.Question{Kind: pmo.KindReview, Options: pmo.Options(pmo.KindReview), Quorum: quorum, Counting: pmo.CountSeats, Status: pmo.QuestionOpen,
		Escalation: []string{"E0", "E1", "E2"}, Escalated: votes != strings.ToLower(votes)}
	for i := range asked {
		q.People = append(q.People, fmt.Sprint("p", i))
	}
	verdicts := map[rune]string{'y': pmo.VerdictApprove, 'n': pmo.VerdictReject, 'a': pmo.VerdictAbstain, 'Y': pmo.VerdictApprove, 'N': pmo.VerdictReject, 'A': pmo.VerdictAbstain}
	for i, v := range votes {
		who := fmt.Sprint("p", i)
		if v < 'a' {
			who = fmt.Sprint("E", i%3)
		}
		q.Answers = append(q.Answers, pmo.Answer{By: who, For: who, Verdict: verdicts[v]})
	}
	return q
}

func TestTally(t *testing.T) {
	percent := func(n int) pmo.Quorum { return pmo.Quorum{Mode: pmo.QuorumPercent, N: n} }
	cases := map[string]struct {
		quorum  pmo.Quorum
		asked   int
		votes   string
		verdict pmo.Effect
		stuck   bool
	}{
		"enough yes decides early":                   {percent(50), 5, "yyy", pmo.EffectYes, false},
		"one short is open":                          {percent(50), 5, "yy", "", false},
		"out of reach decides early":                 {percent(60), 5, "nnn", pmo.EffectNo, false},
		"still within reach":                         {percent(60), 5, "nn", "", false},
		"all: one no is out of reach":                {pmo.Quorum{Mode: pmo.QuorumAll}, 3, "n", pmo.EffectNo, false},
		"any: one no is not the end":                 {pmo.Quorum{Mode: pmo.QuorumAny}, 3, "nn", "", false},
		"any: all no":                                {pmo.Quorum{Mode: pmo.QuorumAny}, 3, "nnn", pmo.EffectNo, false},
		"reject any":                                 {pmo.Quorum{Mode: pmo.QuorumAny, Reject: pmo.RejectAny}, 3, "n", pmo.EffectNo, false},
		"reject by number, not yet":                  {pmo.Quorum{Mode: pmo.QuorumAny, Reject: pmo.RejectCount, RejectN: 2}, 5, "n", "", false},
		"reject by number":                           {pmo.Quorum{Mode: pmo.QuorumAny, Reject: pmo.RejectCount, RejectN: 2}, 5, "nn", pmo.EffectNo, false},
		"reject by number, or out of reach":          {pmo.Quorum{Mode: pmo.QuorumAll, Reject: pmo.RejectCount, RejectN: 3}, 3, "n", pmo.EffectNo, false},
		"reject by no number needs one":              {pmo.Quorum{Mode: pmo.QuorumAny, Reject: pmo.RejectCount}, 3, "n", pmo.EffectNo, false},
		"yes and no at once: yes was enough":         {pmo.Quorum{Mode: pmo.QuorumAny, Reject: pmo.RejectAny}, 3, "yn", pmo.EffectYes, false},
		"abstention leaves the count":                {pmo.Quorum{Mode: pmo.QuorumAll}, 3, "yya", pmo.EffectYes, false},
		"abstention counts":                          {pmo.Quorum{Mode: pmo.QuorumAll, AbstainCounts: true}, 3, "yya", "", true},
		"abstention counts, percent":                 {pmo.Quorum{Mode: pmo.QuorumPercent, N: 50, AbstainCounts: true}, 4, "yaa", "", false},
		"percent of those who do not abstain":        {percent(50), 4, "yaa", pmo.EffectYes, false},
		"everybody abstains: nobody is no quorum":    {pmo.Quorum{Mode: pmo.QuorumAll}, 2, "aa", "", true},
		"nobody asked: nobody is no quorum":          {pmo.Quorum{Mode: pmo.QuorumAll}, 0, "", "", true},
		"more needed than asked":                     {pmo.Quorum{Mode: pmo.QuorumCount, N: 3}, 2, "yy", "", true},
		"escalated: one of them decides alone, yes":  {pmo.Quorum{Mode: pmo.QuorumAll}, 3, "Y", pmo.EffectYes, false},
		"escalated: one of them decides alone, no":   {pmo.Quorum{Mode: pmo.QuorumAny}, 3, "N", pmo.EffectNo, false},
		"escalated: against those asked":             {pmo.Quorum{Mode: pmo.QuorumAll}, 3, "ynN", pmo.EffectNo, false},
		"escalated: an abstention decides nothing":   {pmo.Quorum{Mode: pmo.QuorumAll}, 3, "A", "", false},
		"escalated: an abstention does not lower n":  {pmo.Quorum{Mode: pmo.QuorumAll}, 2, "yA", "", false},
		"escalated: nor does it count as a seat":     {pmo.Quorum{Mode: pmo.QuorumPercent, N: 50}, 3, "yA", "", false},
		"escalated: the first of them who has a say": {pmo.Quorum{Mode: pmo.QuorumAll}, 3, "AYN", pmo.EffectYes, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			tally := question(c.quorum, c.asked, c.votes).Tally()
			require.Equal(t, c.verdict, tally.Verdict)
			require.Equal(t, c.stuck, tally.Stuck)
		})
	}
}

// TestTallyProperties: a fixed outcome stays fixed however the rest votes, nobody is never a quorum, and order does not matter.
func TestTallyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		quorum := drawQuorum(t)
		asked := rapid.IntRange(0, 6).Draw(t, "asked")
		votes := rapid.StringOfN(rapid.SampledFrom([]rune("yna")), 0, asked, -1).Draw(t, "votes")
		tally := question(quorum, asked, votes).Tally()
		require.Equal(t, asked, tally.Yes+tally.No+tally.Abstain+tally.Pending)
		require.GreaterOrEqual(t, tally.Needed, 1)
		switch tally.Verdict {
		case pmo.EffectYes:
			require.GreaterOrEqual(t, tally.Yes, tally.Needed)
		case pmo.EffectNo:
			require.Positive(t, tally.No, "silence is no rejection")
		case "":
			require.Equal(t, tally.Pending == 0, tally.Stuck)
		}
		if len(votes) == 0 {
			require.Empty(t, tally.Verdict)
		}
		reversed := []rune(votes)
		for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
			reversed[i], reversed[j] = reversed[j], reversed[i]
		}
		require.Equal(t, tally, question(quorum, asked, string(reversed)).Tally())
	})
}

func TestQuorumInWords(t *testing.T) {
	require.Equal(t, "all must agree", pmo.Quorum{Mode: pmo.QuorumAll}.String())
	require.Equal(t, "2 must agree", pmo.Quorum{Mode: pmo.QuorumCount, N: 2}.String())
	require.Equal(t, "60 % must agree", pmo.Quorum{Mode: pmo.QuorumPercent, N: 60}.String())
	require.Equal(t, "any one decides", pmo.Quorum{Mode: pmo.QuorumAny}.String())
}
