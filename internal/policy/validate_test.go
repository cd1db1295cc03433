package policy_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

func TestValidate(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	for name, c := range map[string]struct {
		change  func(*pmo.Content)
		pointer string
	}{
		"no title":            {func(c *pmo.Content) { c.Title = " \t" }, "/title"},
		"a long title":        {func(c *pmo.Content) { c.Title = strings.Repeat("ä", 201) }, "/title"},
		"a title of lines":    {func(c *pmo.Content) { c.Title = "a\nb" }, "/title"},
		"a title unseen":      {func(c *pmo.Content) { c.Title = "\u3164" }, "/title"},
		"a title of parts":    {func(c *pmo.Content) { c.Title = "a\u2028b" }, "/title"},
		"a skill unseen":      {func(c *pmo.Content) { c.Skills = []string{"\u200b"} }, "/skills/0"},
		"no kind":             {func(c *pmo.Content) { c.Kind = "" }, "/kind"},
		"an unknown kind":     {func(c *pmo.Content) { c.Kind = "wish" }, "/kind"},
		"an unknown class":    {func(c *pmo.Content) { c.Class = "gold" }, "/class"},
		"an unknown urgency":  {func(c *pmo.Content) { c.Urgency = "asap" }, "/urgency"},
		"no date":             {func(c *pmo.Content) { c.WantedBy = "2027-02-30" }, "/wanted_by"},
		"a long text":         {func(c *pmo.Content) { c.Outcome = strings.Repeat("x", 8001) }, "/outcome"},
		"an unknown theme":    {func(c *pmo.Content) { c.Themes = []string{"safety", "world peace"} }, "/themes/1"},
		"a theme twice":       {func(c *pmo.Content) { c.Themes = []string{"safety", "safety"} }, "/themes/1"},
		"too many skills":     {func(c *pmo.Content) { c.Skills = strings.Split(strings.Repeat("abcde ", 21), " ") }, "/skills"},
		"an empty skill":      {func(c *pmo.Content) { c.Skills = []string{""} }, "/skills/0"},
		"a negative size":     {func(c *pmo.Content) { c.Size = -1 }, "/size"},
		"no number":           {func(c *pmo.Content) { c.Size = math.NaN() }, "/size"},
		"endless size":        {func(c *pmo.Content) { c.Size = math.Inf(1) }, "/size"},
		"negative people":     {func(c *pmo.Content) { c.Baseline.People = -1 }, "/baseline/people"},
		"negative money":      {func(c *pmo.Content) { c.Baseline.MoneyPerYear = -1 }, "/baseline/money_per_year"},
		"an odd criticality":  {func(c *pmo.Content) { c.Context.Criticality = "huge" }, "/context/criticality"},
		"more than all":       {func(c *pmo.Content) { c.Context.UnplannedShare = number(101) }, "/context/unplanned_share"},
		"an input too high":   {func(c *pmo.Content) { c.Inputs.BusinessValue = number(1001) }, "/inputs/business_value"},
		"a job without size":  {func(c *pmo.Content) { c.Inputs.JobSize = number(0) }, "/inputs/job_size"},
		"a sponsor's life":    {func(c *pmo.Content) { c.Sponsor = strings.Repeat("x", 201) }, "/sponsor"},
		"a long other to act": {func(c *pmo.Content) { c.OthersToAct = strings.Repeat("x", 8001) }, "/others_to_act"},
	} {
		t.Run(name, func(t *testing.T) {
			content := ordinary()
			c.change(&content)
			faults := policy.Default().Validate(content)
			require.NotEmpty(t, faults)
			require.Equal(t, c.pointer, faults[0].Pointer)
			require.NotEmpty(t, faults[0].Problem)
		})
	}
}

// A missing required field is refused; a missing wanted field becomes a question.
func TestValidateRequired(t *testing.T) {
	p, err := policy.Parse(edit(t, `{field: problem, need: wanted, ask: "What do you want to know`, `{field: problem, need: required, when: has_date, ask: "What do you want to know`))
	require.NoError(t, err)
	content := pmo.Content{Title: "May I?", Kind: "policy_question"}
	require.Empty(t, p.Validate(content))
	content.WantedBy = "2027-03-31"
	require.Equal(t, "/problem", p.Validate(content)[0].Pointer)
}

// No form, however odd, stops intake: it is refused, or admitted with a lane and a route.
func TestAnyFormIsAdmitted(t *testing.T) {
	p, dir := policy.Default(), localDirectory(t)
	rapid.Check(t, func(t *rapid.T) {
		content := pmo.Content{
			Title: rapid.String().Draw(t, "title"), Kind: rapid.SampledFrom(append(p.Kinds(), "", "odd")).Draw(t, "kind"),
			Problem: rapid.String().Draw(t, "problem"), Size: rapid.Float64().Draw(t, "size"), Confidential: rapid.Bool().Draw(t, "confidential"),
			Themes: rapid.SliceOf(rapid.SampledFrom(p.Themes())).Draw(t, "themes"), Sponsor: rapid.StringN(0, 5, 20).Draw(t, "sponsor"),
			WantedBy: pmo.Date(rapid.StringMatching(`(2027-0[1-9]-[0-3][0-9])?`).Draw(t, "date")),
			Baseline: pmo.Baseline{VolumePerMonth: rapid.Float64().Draw(t, "volume"), MinutesEach: rapid.Float64().Draw(t, "minutes"),
				People: rapid.Int().Draw(t, "people"), MoneyPerYear: rapid.Float64().Draw(t, "money")},
		}
		p.Validate(content)
		v := p.Admit(content, dir)
		require.NotEmpty(t, v.Lane)
		require.NotEmpty(t, v.Severity)
		route, err := p.Route(routeInput(v, content))
		require.NoError(t, err)
		require.NotEmpty(t, route.Steps)
	})
}
