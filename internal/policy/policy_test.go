package policy_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
)

func localDirectory(t require.TestingT) *directory.Directory {
	dir, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	return dir
}

func TestDefault(t *testing.T) {
	p, err := policy.Parse(policy.Default().Source())
	require.NoError(t, err)
	require.NoError(t, p.CheckDirectory(localDirectory(t)))
	require.Regexp(t, `^1 \([0-9a-f]{12}\)$`, p.Name())
	require.Equal(t, p.Name(), policy.Default().Name())
	require.Equal(t, 1, p.Version())
	require.Equal(t, policy.Default().Source(), p.Source())
}

// The digest is of the rules: a comment does not change them, a number does.
func TestDigest(t *testing.T) {
	same, err := policy.Parse(append([]byte("# copied\n"), policy.Default().Source()...))
	require.NoError(t, err)
	require.Equal(t, policy.Default().Digest(), same.Digest())
	other, err := policy.Parse(edit(t, "wip_limit: 12", "wip_limit: 11"))
	require.NoError(t, err)
	require.NotEqual(t, policy.Default().Digest(), other.Digest())
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	_, err := policy.Load(path)
	require.ErrorContains(t, err, "read policy file")
	require.NoError(t, os.WriteFile(path, []byte("version: 1"), 0o600))
	_, err = policy.Load(path)
	var faults policy.Faults
	require.ErrorAs(t, err, &faults)
}

// ordinary is a small request with every field a newcomer fills in.
func ordinary() pmo.Content {
	return pmo.Content{
		Title: "Prefill the street closure form", Kind: "enhancement", Size: 1,
		Problem: "Crews type the same address and permit data for every closure.", Outcome: "A closure is reported in a minute, without errors.",
		Baseline: pmo.Baseline{VolumePerMonth: 80, MinutesEach: 12, People: 14},
	}
}

// The straight path: nothing to clarify, one yes, approach taken as recommended.
func TestNewcomersPath(t *testing.T) {
	p, dir := policy.Default(), localDirectory(t)
	require.Empty(t, p.Validate(ordinary()))
	v := p.Admit(ordinary(), dir)
	require.Empty(t, v.Missing)
	require.Equal(t, "digital", v.Portfolio)
	require.Equal(t, pmo.LaneExpress, v.Lane)
	require.Equal(t, "minor", v.Severity)
	require.True(t, v.Rules.AutoApproach)
	require.False(t, v.Rules.NeedsSponsor)
	require.Zero(t, v.Rules.BenefitAfter)
	require.Equal(t, p.Name(), v.Rules.Policy)
	require.Equal(t, 14*24*time.Hour, v.Rules.ReportEvery)
	route, err := p.Route(pmo.RouteInput{Portfolio: v.Portfolio, Lane: v.Lane, Severity: v.Severity, Requester: "sam", Content: ordinary()})
	require.NoError(t, err)
	require.Equal(t, []pmo.RouteStep{{Group: "approvers", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAny, Reject: pmo.RejectOutOfReach}}}, route.Steps)
	require.Equal(t, "small and known work needs one yes", route.Reason)

	larger := ordinary()
	larger.Size = 4
	v = p.Admit(larger, dir)
	require.Equal(t, pmo.LaneStandard, v.Lane)
	require.False(t, v.Rules.AutoApproach)
	route, err = p.Route(pmo.RouteInput{Portfolio: v.Portfolio, Lane: v.Lane, Content: larger})
	require.NoError(t, err)
	require.Equal(t, pmo.Quorum{Mode: pmo.QuorumCount, N: 2, Reject: pmo.RejectOutOfReach}, route.Steps[0].Quorum)
}

func TestAdmit(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*pmo.Content)
		lane     pmo.Lane
		severity string
		missing  []string
	}{
		"nothing but a title":      {func(c *pmo.Content) { *c = pmo.Content{Title: "Help", Kind: "new_application"} }, "standard", "unassessed", []string{"problem", "outcome", "baseline", "success_measure"}},
		"placeholder signs":        {func(c *pmo.Content) { c.Problem, c.Outcome = "\u2014", "\uff2e\uff0f\uff21" }, "express", "minor", []string{"problem", "outcome"}},
		"a copy in capitals":       {func(c *pmo.Content) { c.Title, c.Problem = "Größe, ΟΔΟΣ", "GRÖSSE, οδος" }, "express", "minor", []string{"problem"}},
		"placeholder words":        {func(c *pmo.Content) { c.Problem, c.Outcome = "See attachment", "N/A" }, "express", "minor", []string{"problem", "outcome"}},
		"the same sentence thrice": {func(c *pmo.Content) { c.Problem, c.Outcome = c.Title, "  "+strings.ToUpper(c.Title) }, "express", "minor", []string{"problem", "outcome"}},
		"a date without a cause":   {func(c *pmo.Content) { c.WantedBy = "2027-03-31" }, "express", "minor", []string{"wanted_cause"}},
		"a fixed date without one": {func(c *pmo.Content) { c.Class = pmo.ClassFixedDate }, "express", "minor", []string{"wanted_by"}},
		"large without a sponsor":  {func(c *pmo.Content) { c.Size = 20 }, "major", "minor", []string{"sponsor"}},
		"a sponsor nobody knows":   {func(c *pmo.Content) { c.Sponsor = "the mayor" }, "express", "minor", []string{"sponsor"}},
		"urgency does not count":   {func(c *pmo.Content) { c.Urgency = "critical" }, "express", "minor", nil},
		"many people":              {func(c *pmo.Content) { c.Baseline.People = 500 }, "express", "major", nil},
		"much time":                {func(c *pmo.Content) { c.Baseline.VolumePerMonth, c.Baseline.MinutesEach = 400, 60 }, "express", "major", nil},
		"lives":                    {func(c *pmo.Content) { c.Context.Criticality = "life" }, "express", "severe", nil},
		"confidential":             {func(c *pmo.Content) { c.Confidential = true }, "standard", "minor", nil},
		"costly":                   {func(c *pmo.Content) { c.Baseline.MoneyPerYear, c.Sponsor = 300_000, "ana" }, "major", "major", nil},
		"a programme":              {func(c *pmo.Content) { c.Kind, c.Sponsor, c.SuccessMeasure = "programme", "ana", "90 % in a minute" }, "major", "minor", nil},
	} {
		t.Run(name, func(t *testing.T) {
			content := ordinary()
			c.change(&content)
			v := policy.Default().Admit(content, localDirectory(t))
			require.Equal(t, c.lane, v.Lane)
			require.Equal(t, c.severity, v.Severity)
			var missing []string
			for _, gap := range v.Missing {
				require.NotEmpty(t, gap.Why)
				missing = append(missing, gap.Field)
			}
			require.Equal(t, c.missing, missing)
			require.Equal(t, v.Lane == pmo.LaneMajor, v.Rules.NeedsSponsor)
			require.Equal(t, v.Lane == pmo.LaneMajor, v.Rules.BenefitAfter > 0)
		})
	}
}

func TestRoute(t *testing.T) {
	for name, c := range map[string]struct {
		in   pmo.RouteInput
		want []string
	}{
		"major":               {pmo.RouteInput{Lane: pmo.LaneMajor}, []string{"approvers/1", "architecture/2", "finance/2"}},
		"confidential":        {pmo.RouteInput{Lane: pmo.LaneStandard, Content: pmo.Content{Confidential: true}}, []string{"approvers/1", "security/1"}},
		"buying":              {pmo.RouteInput{Lane: pmo.LaneStandard, Content: pmo.Content{Kind: "procurement", Baseline: pmo.Baseline{MoneyPerYear: 10_000}}}, []string{"approvers/1", "finance/1"}},
		"buying a little":     {pmo.RouteInput{Lane: pmo.LaneExpress, Content: pmo.Content{Kind: "procurement"}}, []string{"approvers/1"}},
		"an unknown one":      {pmo.RouteInput{}, []string{"approvers/1"}},
		"a vanished lane too": {pmo.RouteInput{Lane: "gone", Portfolio: "gone"}, []string{"approvers/1"}},
	} {
		t.Run(name, func(t *testing.T) {
			route, err := policy.Default().Route(c.in)
			require.NoError(t, err)
			var got []string
			for _, s := range route.Steps {
				got = append(got, s.Group+"/"+string(rune('0'+s.Order)))
			}
			require.Equal(t, c.want, got)
			require.NotEmpty(t, route.Reason)
		})
	}
}

func TestAccessors(t *testing.T) {
	p := policy.Default()
	require.Equal(t, priority.Weights{BusinessValue: 1, TimeCriticality: 1, RiskReduction: 1}, p.Scoring("digital").Weights)
	require.Equal(t, 8*7*24*time.Hour, p.Scoring("digital").UnknownLead)
	limits := p.Limits("digital")
	require.Equal(t, 12, limits.WIP)
	require.Equal(t, 1, *limits.Classes[pmo.ClassExpedite].Max)
	require.Equal(t, 2, limits.Classes[pmo.ClassIntangible].Reserved)
	require.Equal(t, []pmo.Lane{pmo.LaneExpress}, p.ApproachPolicy().AutoAcceptLanes)
	require.Equal(t, policy.AssignPolicy{Version: p.Name(), WIPLimit: 4, LoadCeiling: 0.8, Lateness: 0.1, Switching: 0.2, AssumeSize: 2, RetryAfter: 24 * time.Hour}, p.AssignPolicy())
	require.Equal(t, policy.SchedulePolicy{Every: 15 * time.Minute, RunAtMostEvery: time.Minute, TimeZone: "UTC"}, p.Schedule("digital"))
	require.Equal(t, []string{"digital"}, p.Portfolios())
	require.Equal(t, "pmo", p.PortfolioGroup("a portfolio that is gone"))
	require.Contains(t, p.Kinds(), "enhancement")
	require.Contains(t, p.Themes(), "efficiency")
	require.Len(t, p.Fields("bug"), 10)
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) // a Friday
	require.Equal(t, at.AddDate(0, 0, 7), p.RequesterDue(pmo.KindClarify, "digital", at))
}

func TestWords(t *testing.T) {
	words := strings.Join(policy.Default().Words(), "\n")
	for _, want := range []string{
		"Whether a request shall be done: asked of the groups of its route, due in 3 working days; after that pmo may decide for another 2 working days. Without an answer: it is put off.",
		"A request takes the standard lane otherwise, because it is neither small and known nor large.",
		"Digital services works on at most 12 requests at once, at most 1 expedite beside them, at most 4 of them fixed_date, 2 kept for intangible first.",
		"A team that reports nothing for 2 weeks is asked how it goes.",
	} {
		require.Contains(t, words, want)
	}
}

// Each rule says what it is about, the parts stand together in one order, and each kind of question is called by what it asks.
func TestRulesStandByPart(t *testing.T) {
	var parts []policy.Part
	for _, r := range policy.Default().Rules() {
		if len(parts) == 0 || parts[len(parts)-1] != r.Part {
			parts = append(parts, r.Part)
		}
		require.NotContains(t, r.Text, "The question of")
		require.NotRegexp(t, `Without an answer: \w+\.`, r.Text)
	}
	require.Equal(t, []policy.Part{policy.PartPolicy, policy.PartIntake, policy.PartTriage, policy.PartReview, policy.PartQuestions, policy.PartStrategy, policy.PartRanking, policy.PartApproach, policy.PartWork, policy.PartNotifications}, parts)
}

// TestRules: conditions stand apart from the sentence, those of fields and portfolios too.
func TestRules(t *testing.T) {
	p, err := policy.Parse([]byte(strings.Replace(string(policy.Default().Source()), "classes:", `  - {id: small, name: Small things, time_zone: UTC, calendar: office, group: pmo, wip_limit: 2}

classes:`, 1)))
	require.ErrorContains(t, err, "portfolios", "the first one takes everything")
	require.Nil(t, p)
	p, err = policy.Parse([]byte(strings.Replace(strings.Replace(string(policy.Default().Source()), "    time_zone: UTC", "    when: size > 1\n    time_zone: UTC", 1), "classes:", `  - {id: small, name: Small things, time_zone: UTC, calendar: office, group: pmo, wip_limit: 2}

classes:`, 1)))
	require.NoError(t, err)
	for _, want := range []policy.Rule{
		{Text: "A request belongs to Digital services.", When: "size > 1"},
		{Text: "A request belongs to Small things otherwise."},
		{Text: "Every form asks for sponsor: Who stands behind it and will say later whether the benefit came?", When: `lane == "major"`},
		{Text: "A request takes the express lane, because it is small and known.", When: "size > 0 && size <= 2 && money_per_year < 50000 && !confidential"},
		{Text: "A request takes the standard lane otherwise, because it is neither small and known nor large."},
	} {
		require.True(t, slices.ContainsFunc(p.Rules(), func(r policy.Rule) bool { return r.Text == want.Text && r.When == want.When }), want.Text)
	}
	require.Len(t, p.Words(), len(p.Rules()))
	require.Contains(t, p.Words(), "A request belongs to Digital services when size > 1.")
}

// TestAServiceJudgesWhereThePolicySaysSo, and only a service of the directory can be named.
func TestAServiceJudgesWhereThePolicySaysSo(t *testing.T) {
	text := string(policy.Default().Source()) + "\nservices: {judge: [robot]}\n"
	p, err := policy.Parse([]byte(text))
	require.NoError(t, err)
	people := string(directory.Local())
	dir, err := directory.Parse([]byte(people))
	require.NoError(t, err)
	require.ErrorContains(t, p.CheckDirectory(dir), `services.judge[0]: "robot" is not a service`)
	dir, err = directory.Parse([]byte(strings.ReplaceAll(people, "\ngroups:", "  - {id: robot, name: Robot, roles: [approver], service: true}\n  - {id: other, name: Other, roles: [approver], service: true}\n\ngroups:")))
	require.NoError(t, err)
	require.NoError(t, p.CheckDirectory(dir))
	for id, judges := range map[string]bool{"robot": true, "other": false, "ana": true} {
		principal, known := dir.Principal(id)
		require.True(t, known, id)
		e := access.Eligible(access.Candidate{Actor: p.Actor(principal)}, access.Seats{Kind: pmo.KindReview, Asked: []string{id}, Requester: "sam"})
		require.Equal(t, judges, e.Allowed, id)
	}
	require.Contains(t, strings.Join(p.Words(), " "), "Of the services, robot may judge requests.")
}
