package policy_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// monday is a working morning.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func routeInput(v pmo.Admission, c pmo.Content) pmo.RouteInput {
	return pmo.RouteInput{Portfolio: v.Portfolio, Lane: v.Lane, Severity: v.Severity, Requester: "sam", Content: c}
}

func askInput(kind pmo.Kind) pmo.QuestionTermsInput {
	in := pmo.QuestionTermsInput{Kind: kind, Round: 1, Portfolio: "digital", Lane: pmo.LaneStandard, Requester: "sam", Sponsor: "rita", Team: "falcon", Leads: []string{"theo"}, At: monday}
	if kind == pmo.KindReview {
		in.Group, in.Quorum = "approvers", &pmo.Quorum{Mode: pmo.QuorumCount, N: 2, Reject: pmo.RejectOutOfReach}
	}
	return in
}

func TestAskEveryKind(t *testing.T) {
	for kind, want := range map[pmo.Kind]struct {
		people     []string
		escalation []string
		due        string
		silence    string
	}{
		pmo.KindClarify:    {[]string{"sam"}, nil, "2026-11-30", pmo.VerdictUnknown},
		pmo.KindSponsor:    {[]string{"rita"}, []string{"petra"}, "2026-11-30", pmo.VerdictExpire},
		pmo.KindReview:     {[]string{"ana", "bo"}, []string{"petra"}, "2026-11-26", pmo.VerdictDefer},
		pmo.KindReconfirm:  {[]string{"sam"}, nil, "2026-12-07", pmo.VerdictAskAgain},
		pmo.KindScore:      {[]string{"petra"}, []string{"ana", "bo"}, "2026-11-26", pmo.VerdictAskAgain},
		pmo.KindApproach:   {[]string{"kai", "lena", "theo"}, nil, "2026-11-25", pmo.VerdictAutoAccept},
		pmo.KindAssignment: {[]string{"theo"}, nil, "2026-11-25", pmo.VerdictNextTeam},
		pmo.KindPlan:       {[]string{"sam", "theo"}, []string{"petra"}, "2026-11-30", pmo.VerdictAskAgain},
		pmo.KindChange:     {[]string{"sam", "theo"}, []string{"petra"}, "2026-11-26", pmo.VerdictRefuse},
		pmo.KindPlace:      {[]string{"sam", "theo"}, nil, "2026-11-30", pmo.VerdictKeep},
		pmo.KindPlanReview: {[]string{"sam", "theo"}, []string{"petra"}, "2026-11-30", pmo.VerdictSilent},
		pmo.KindReport:     {[]string{"theo"}, []string{"petra"}, "2026-11-25", pmo.VerdictSilent},
		pmo.KindAcceptance: {[]string{"sam"}, []string{"petra"}, "2026-12-07", pmo.VerdictAskAgain},
		pmo.KindBenefit:    {[]string{"rita"}, nil, "2026-12-14", pmo.VerdictNotReview},
	} {
		t.Run(string(kind), func(t *testing.T) {
			a := policy.Default().QuestionTerms(askInput(kind), localDirectory(t), nil)
			require.Equal(t, want.people, a.People)
			require.Equal(t, want.escalation, a.Escalation)
			require.Equal(t, want.due+" 10:00", a.DueAt.Format("2006-01-02 15:04"))
			require.Equal(t, want.silence, a.OnSilence)
			require.Equal(t, len(want.escalation) > 0, a.LastDueAt.After(a.DueAt))
			require.Empty(t, a.Note)
			require.Equal(t, policy.Default().Name(), a.Policy)
		})
	}
}

func TestAskQuorum(t *testing.T) {
	p, dir := policy.Default(), localDirectory(t)
	require.Equal(t, 2, p.QuestionTerms(askInput(pmo.KindReview), dir, nil).Quorum.N)
	require.Equal(t, pmo.Quorum{Mode: pmo.QuorumAll, Reject: pmo.RejectAny}, p.QuestionTerms(askInput(pmo.KindPlan), dir, nil).Quorum)
	require.Equal(t, pmo.QuorumAny, p.QuestionTerms(askInput(pmo.KindApproach), dir, nil).Quorum.Mode)
}

func TestAskReminders(t *testing.T) {
	a := policy.Default().QuestionTerms(askInput(pmo.KindReview), localDirectory(t), nil)
	require.Equal(t, []time.Time{monday.AddDate(0, 0, 1), time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)}, a.Remind)
	finance := askInput(pmo.KindReview)
	finance.Group, finance.Quorum = "finance", &pmo.Quorum{Mode: pmo.QuorumAny}
	require.Equal(t, monday.AddDate(0, 0, 7), policy.Default().QuestionTerms(finance, localDirectory(t), nil).DueAt, "finance has five working days")
}

// When separation of duties, absence and removal leave too few people, the escalation group joins, then the PMO; if nobody may answer,
// the question says so.
func TestAskFallbacks(t *testing.T) {
	for name, c := range map[string]struct {
		kind       pmo.Kind
		change     func(*pmo.QuestionTermsInput)
		away       map[string]string
		people     []string
		escalation []string
		note       string
	}{
		"the requester is an approver":       {pmo.KindReview, func(in *pmo.QuestionTermsInput) { in.Requester = "ana" }, nil, []string{"bo", "petra"}, nil, "ana, whose own request it is"},
		"the submitter is one":               {pmo.KindReview, func(in *pmo.QuestionTermsInput) { in.OnBehalf = "bo" }, nil, []string{"ana", "petra"}, nil, "bo, who submitted it"},
		"both are":                           {pmo.KindReview, func(in *pmo.QuestionTermsInput) { in.Requester, in.OnBehalf = "ana", "bo" }, nil, []string{"petra"}, nil, "Only 1 may answer where 2 must agree"},
		"one is enough":                      {pmo.KindReview, func(in *pmo.QuestionTermsInput) { in.Requester, in.Quorum.Mode = "ana", pmo.QuorumAny }, nil, []string{"bo"}, []string{"petra"}, "ana"},
		"an unknown group":                   {pmo.KindReview, func(in *pmo.QuestionTermsInput) { in.Group = "gone" }, nil, []string{"petra"}, nil, "pmo is asked too"},
		"away with a delegate":               {pmo.KindReview, nil, map[string]string{"ana": "rita"}, []string{"bo", "ana"}, []string{"petra"}, ""},
		"away, delegate is the requester":    {pmo.KindReview, nil, map[string]string{"ana": "sam"}, []string{"bo", "petra"}, nil, "sam, who acts for them, may not answer"},
		"away, delegate is asked too":        {pmo.KindReview, nil, map[string]string{"ana": "bo"}, []string{"bo", "petra"}, nil, "bo acts for them and is asked already"},
		"all of two whose delegate is one":   {pmo.KindReview, func(in *pmo.QuestionTermsInput) { in.Quorum = &pmo.Quorum{Mode: pmo.QuorumAll} }, map[string]string{"ana": "bo"}, []string{"bo", "petra"}, nil, "pmo is asked too"},
		"away without a delegate":            {pmo.KindReview, nil, map[string]string{"ana": ""}, []string{"bo", "petra"}, nil, "ana, who is away"},
		"away, delegate is gone":             {pmo.KindReview, nil, map[string]string{"ana": "zoe"}, []string{"bo", "petra"}, nil, "zoe"},
		"one is the requester's delegate":    {pmo.KindReview, nil, map[string]string{"sam": "bo"}, []string{"ana", "petra"}, nil, "the requester's delegate"},
		"an administrator does not judge":    {pmo.KindReview, func(in *pmo.QuestionTermsInput) { in.Group = "approvers" }, map[string]string{"bo": "ada"}, []string{"ana", "petra"}, nil, "an administrator"},
		"the PMO asks for something":         {pmo.KindScore, func(in *pmo.QuestionTermsInput) { in.Requester = "petra" }, nil, []string{"ana", "bo"}, nil, "petra, whose own request it is"},
		"nobody may score":                   {pmo.KindScore, func(in *pmo.QuestionTermsInput) { in.Requester = "petra" }, map[string]string{"ana": "petra", "bo": "petra"}, nil, nil, "Nobody may answer"},
		"the sponsor asks":                   {pmo.KindSponsor, func(in *pmo.QuestionTermsInput) { in.Sponsor = "sam" }, nil, []string{"petra"}, nil, "cannot sponsor it"},
		"no sponsor":                         {pmo.KindBenefit, func(in *pmo.QuestionTermsInput) { in.Sponsor = "" }, nil, []string{"sam"}, nil, ""},
		"neither sponsor nor requester left": {pmo.KindBenefit, func(in *pmo.QuestionTermsInput) { in.Sponsor, in.Requester = "", "zoe" }, nil, []string{"petra"}, nil, "zoe, who is no longer known"},
		"the requester is gone":              {pmo.KindClarify, func(in *pmo.QuestionTermsInput) { in.Requester = "zoe" }, nil, []string{"petra"}, nil, "pmo is asked too"},
		"one side of a plan is gone":         {pmo.KindPlan, func(in *pmo.QuestionTermsInput) { in.Leads = nil }, nil, []string{"sam", "petra"}, nil, "pmo is asked too"},
		"the lead asks for it":               {pmo.KindPlan, func(in *pmo.QuestionTermsInput) { in.Requester = "theo" }, nil, []string{"theo"}, []string{"petra"}, ""},
		"a portfolio that is gone":           {pmo.KindScore, func(in *pmo.QuestionTermsInput) { in.Portfolio = "gone" }, nil, []string{"petra"}, []string{"ana", "bo"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := askInput(c.kind)
			if c.change != nil {
				c.change(&in)
			}
			a := policy.Default().QuestionTerms(in, localDirectory(t), c.away)
			require.Equal(t, c.people, a.People, a.Note)
			require.Equal(t, c.escalation, a.Escalation)
			if c.note == "" {
				require.Empty(t, a.Note)
			}
			require.Contains(t, a.Note, c.note)
		})
	}
}

// Everybody who is asked may answer through the API, every question has a deadline in the future and an outcome of silence, and nobody
// fills two seats.
func TestAskProperties(t *testing.T) {
	p, dir := policy.Default(), localDirectory(t)
	people := []string{"sam", "rita", "ana", "bo", "petra", "theo", "lena", "kai", "ada", "zoe"}
	someone := rapid.SampledFrom(people)
	rapid.Check(t, func(t *rapid.T) {
		in := askInput(rapid.SampledFrom(pmo.Kinds()).Draw(t, "kind"))
		in.Requester, in.Sponsor = someone.Draw(t, "requester"), someone.Draw(t, "sponsor")
		in.OnBehalf = rapid.SampledFrom(append(people, "")).Draw(t, "on behalf")
		in.Lane = rapid.SampledFrom([]pmo.Lane{pmo.LaneExpress, pmo.LaneStandard, pmo.LaneMajor}).Draw(t, "lane")
		in.Leads = rapid.SliceOfN(someone, 0, 3).Draw(t, "leads")
		in.At = monday.Add(time.Duration(rapid.Int64Range(0, 365*24*3600).Draw(t, "at")) * time.Second)
		if in.Kind == pmo.KindReview {
			in.Group = rapid.SampledFrom([]string{"approvers", "architecture", "finance", "security", "pmo"}).Draw(t, "group")
			mode := rapid.SampledFrom([]pmo.QuorumMode{pmo.QuorumAny, pmo.QuorumAll, pmo.QuorumCount, pmo.QuorumPercent}).Draw(t, "mode")
			in.Quorum = &pmo.Quorum{Mode: mode, N: rapid.IntRange(1, 4).Draw(t, "n")}
		}
		away := rapid.MapOfN(someone, someone, 0, 4).Draw(t, "away")
		a := p.QuestionTerms(in, dir, away)

		require.True(t, a.DueAt.After(in.At))
		require.Equal(t, len(a.Escalation) > 0, !a.LastDueAt.IsZero())
		require.True(t, a.LastDueAt.IsZero() || a.LastDueAt.After(a.DueAt))
		require.Contains(t, pmo.SilenceVerdicts(in.Kind), a.OnSilence)
		require.True(t, slices.IsSortedFunc(a.Remind, time.Time.Compare))
		for _, at := range a.Remind {
			require.True(t, at.After(in.At) && at.Before(a.DueAt))
		}
		if len(a.People) == 0 {
			require.Contains(t, a.Note, "Nobody may answer")
		}
		var hands []string
		for _, seat := range a.People {
			hand := seat
			if delegate, isAway := away[seat]; isAway {
				hand = delegate
			}
			require.NotContains(t, hands, hand)
			hands = append(hands, hand)
			requireMayAnswer(t, p, in, away, seat, hand)
		}
		for _, person := range a.Escalation {
			require.NotContains(t, a.People, person)
			if _, isAway := away[person]; !isAway {
				requireMayAnswer(t, p, in, away, person, person)
			}
		}
	})
}

// requireMayAnswer asks the rule that the API asks.
func requireMayAnswer(t *rapid.T, _ *policy.Policy, in pmo.QuestionTermsInput, away map[string]string, seat, hand string) {
	principal, known := localDirectory(t).Principal(hand)
	require.True(t, known, hand)
	c := access.Candidate{Actor: access.Actor{ID: hand, Roles: principal.Roles}, For: seat}
	for absent, delegate := range away {
		if delegate == hand {
			c.ActsFor = append(c.ActsFor, absent)
		}
	}
	e := access.Eligible(c, access.Seats{Kind: in.Kind, Asked: []string{seat}, Requester: in.Requester, SubmittedBy: in.OnBehalf})
	require.True(t, e.Allowed, "%s for %s on %s: %s", hand, seat, in.Kind, e.Reason)
}

// TestTermsSayWhatTheyCountIn: so that the process keeps the lengths of the steps.
func TestTermsSayWhatTheyCountIn(t *testing.T) {
	in := askInput(pmo.KindReview)
	terms := policy.Default().QuestionTerms(in, localDirectory(t), nil)
	require.Equal(t, pmo.InWorkingTime, terms.DueIn)
	require.Equal(t, pmo.InWorkingTime, terms.LastDueIn)
	require.NotNil(t, terms.Calendar)
	in.Calendar = terms.Calendar.Name
	require.Nil(t, policy.Default().QuestionTerms(in, localDirectory(t), nil).Calendar, "the request carries it already")
	in.At = in.At.AddDate(1, 0, 0)
	require.NotNil(t, policy.Default().QuestionTerms(in, localDirectory(t), nil).Calendar, "a year later it gets the next years")
}
