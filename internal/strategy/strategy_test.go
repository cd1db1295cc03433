package strategy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func share(x float64) *float64 { return &x }

var (
	now   = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	rules = Rules{Window: 26 * 7 * 24 * time.Hour, Themes: []Theme{{ID: "service", Name: "Service", Weight: 3}, {ID: "safety", Name: "Safety", Target: share(0.2)},
		{ID: "modern", Name: "Modernization", Weight: 1}}, Kinds: []Named{{"support", "Support"}, {"bug", "Defect"}}, Horizons: []Named{{"run", "Keep running"}, {"grow", "Grow"}},
		Guardrails: []Guardrail{{ID: "support", By: ByKind, Of: "support", Name: "Support", AtMost: share(0.3)},
			{ID: "safe", By: ByTheme, Of: "safety", Name: "Safety", AtLeast: share(0.2)},
			{ID: "grown", By: ByHorizon, Of: "grow", Name: "Grow", AtLeast: share(0.5), Window: 7 * 24 * time.Hour}}}
)

func TestTargetsByWeightShareWhatTheOthersLeave(t *testing.T) {
	got := Targets(rules.Themes)
	require.InDelta(t, 0.6, *got[0].Target, 1e-12)
	require.Equal(t, 0.2, *got[1].Target)
	require.InDelta(t, 0.2, *got[2].Target, 1e-12)
	require.Nil(t, rules.Themes[0].Target, "the rules stay as they are")
	require.Nil(t, Targets([]Theme{{ID: "a"}})[0].Target, "neither weight nor target: the policy says nothing")
}

func TestSharesOfCapacity(t *testing.T) {
	work := []Work{{ID: "1", Themes: []string{"service", "safety"}, Kind: "bug", Horizon: "run", Size: 4}, {ID: "2", Kind: "support", Horizon: "run", Size: 6, Assumed: true},
		{ID: "3", Themes: []string{"modern"}, Kind: "bug", Horizon: "grow", Size: 5, Delivered: now.AddDate(0, 0, -30)},
		{ID: "4", Themes: []string{"modern"}, Kind: "bug", Horizon: "grow", Size: 50, Delivered: now.AddDate(-1, 0, 0)}}
	got := Compare(rules, work, now)
	require.Equal(t, Portion{Count: 2, Size: 10, Share: 1}, got.InProcess)
	require.Equal(t, Portion{Count: 1, Size: 5, Share: 1}, got.Delivered, "what was delivered before the window does not count")
	require.Equal(t, 1, got.Assumed)
	require.Equal(t, Portion{Count: 1, Size: 2, Share: 0.2}, got.Themes[0].InProcess, "of what serves two themes each has the half")
	require.Equal(t, Portion{Count: 1, Size: 5, Share: 1}, got.Themes[2].Delivered)
	none := got.Themes[3]
	require.Equal(t, NoTheme, none.ID)
	require.Equal(t, Portion{Count: 1, Size: 6, Share: 0.6}, none.InProcess)
	require.Equal(t, "support", got.Kinds[0].ID)
	support, safe, grown := got.Guardrails[0], got.Guardrails[1], got.Guardrails[2]
	require.True(t, support.Broken)
	require.Equal(t, "Support has 60 % of the work in process (6 of 10 team-weeks); the guardrail is at most 30 %.", support.Words)
	require.False(t, safe.Broken, "exactly at its bound")
	require.False(t, grown.Broken, "nothing was delivered in seven days, so that there is no share")
	require.Contains(t, grown.Words, "there is nothing in what was delivered in 7 days yet; the guardrail is at least 50 %")
	require.Equal(t, []GuardrailFlag{support}, Broken(got.Guardrails))
}

func TestAPullSaysWhatItDoesToGuardrails(t *testing.T) {
	work := []Work{{ID: "1", Themes: []string{"safety"}, Kind: "bug", Size: 2}, {ID: "2", Kind: "support", Size: 2}}
	said := Pulled(rules, work, []Work{{ID: "3", Kind: "support", Size: 4}, {ID: "4", Themes: []string{"safety"}, Kind: "bug", Size: 12}, {ID: "5", Kind: "bug", Size: 1}}, now)
	require.Equal(t, []string{"against a guardrail: Support then has 75 % of the work in process, the guardrail is at most 30 %"}, said[0])
	require.Equal(t, []string{"towards a guardrail: Support then has 30 % of the work in process, the guardrail is at most 30 %"}, said[1])
	require.Empty(t, said[2], "every guardrail is kept before and after")
	first := Pulled(rules, nil, []Work{{ID: "1", Kind: "bug", Size: 1}}, now)
	require.Equal(t, []string{"against a guardrail: Safety then has 0 % of the work in process, the guardrail is at least 20 %"}, first[0])
}

// Each waiting request stands alone: what the one before it would do does not count.
func TestAWaitingRequestSaysWhatItsPullWouldDoToGuardrails(t *testing.T) {
	work := []Work{{ID: "1", Themes: []string{"safety"}, Kind: "bug", Size: 2}, {ID: "2", Kind: "support", Size: 2}, {ID: "old", Kind: "bug", Size: 90, Delivered: now.AddDate(0, 0, -1)}}
	waiting := []Work{{ID: "3", Kind: "support", Size: 4}, {ID: "4", Themes: []string{"safety"}, Kind: "bug", Size: 12}, {ID: "5", Kind: "support", Size: 4}, {ID: "6", Themes: []string{"safety"}, Kind: "support", Size: 4}}
	said := IfPulled(rules, work, waiting, now)
	require.Len(t, said, 4)
	for _, i := range []int{0, 2} {
		require.Len(t, said[i], 1)
		e := said[i][0]
		require.Equal(t, []any{"support", 0.5, 0.75, false, true}, []any{e.Of, e.Before, e.Share, e.Towards, e.Broken})
	}
	require.Len(t, said[1], 1)
	healed := said[1][0]
	require.Equal(t, []any{"support", 0.5, 2.0 / 16, true, false}, []any{healed.Of, healed.Before, healed.Share, healed.Towards, healed.Broken})
	require.Equal(t, "towards a guardrail: Support then has 12.5 % of the work in process, the guardrail is at most 30 %", healed.Words)
	require.Equal(t, Pulled(rules, work, waiting[:1], now)[0][0], said[0][0].Words, "the words of a pull")

	least := 0.5
	window := Rules{Guardrails: []Guardrail{{ID: "safe", By: ByTheme, Of: "safety", Name: "Safety", AtLeast: &least, Window: 7 * 24 * time.Hour}}}
	said = IfPulled(window, work, waiting, now)
	require.Empty(t, said[0], "every delivery makes the shares of others smaller: that is no news of this one")
	require.Equal(t, "towards a guardrail: Safety then has 11.8 % of what was delivered in 7 days, the guardrail is at least 50 %", said[1][0].Words)
	require.Equal(t, []any{0.0, 12.0 / 102, true}, []any{said[1][0].Before, said[1][0].Share, said[1][0].Towards})
}

func TestSharesAddUpToAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		themes, kinds := []string{"service", "safety", "modern"}, []string{"support", "bug"}
		var work []Work
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			work = append(work, Work{Themes: rapid.SliceOfNDistinct(rapid.SampledFrom(themes), 0, 3, rapid.ID[string]).Draw(t, "themes"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				Horizon: rapid.SampledFrom([]string{"run", "grow"}).Draw(t, "horizon"), Size: rapid.Float64Range(0.1, 40).Draw(t, "size")})
		}
		got := Compare(rules, work, now)
		for _, lines := range [][]ShareLine{got.Themes, got.Kinds, got.Horizons} {
			size, part := 0.0, 0.0
			for _, l := range lines {
				size, part = size+l.InProcess.Size, part+l.InProcess.Share
			}
			require.InDelta(t, got.InProcess.Size, size, 1e-6)
			require.InDelta(t, 1, part, 1e-9)
		}
		turned := Compare(rules, append(append([]Work{}, work[len(work)/2:]...), work[:len(work)/2]...), now)
		for i, f := range got.Guardrails {
			require.InDelta(t, f.Share, turned.Guardrails[i].Share, 1e-9, "the order of the work changes nothing")
			require.Equal(t, f.Total > 0 && (f.AtMost != nil && f.Share > *f.AtMost+1e-9 || f.AtLeast != nil && f.Share < *f.AtLeast-1e-9), f.Broken)
		}
	})
}
