package approach

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func drawAnswer(t *rapid.T, label string) Answer {
	return rapid.SampledFrom([]Answer{Unknown, Unknown, Yes, Partial, No}).Draw(t, label)
}

func drawNumber(t *rapid.T, label string, of ...float64) *float64 {
	if rapid.IntRange(0, 2).Draw(t, label+"?") == 0 {
		return nil
	}
	return ptr(rapid.SampledFrom(of).Draw(t, label))
}

func drawContext(t *rapid.T) Context {
	return Context{
		Lane:                  rapid.SampledFrom([]string{"", "express", "standard", "major"}).Draw(t, "lane"),
		Kind:                  rapid.SampledFrom([]string{"", "law"}).Draw(t, "kind"),
		JobSize:               drawNumber(t, "size", 1, 2, 3, 13, 0, math.NaN()),
		People:                drawNumber(t, "people", 0, 1, 8, 30, 60, 200, math.Inf(1)),
		TeamSize:              drawNumber(t, "team", 5, 10, 11, 40),
		ChangePerMonth:        drawNumber(t, "change", 0, 3, 5, 6, 15, 60, -1),
		UnplannedShare:        drawNumber(t, "unplanned", 0, 0.25, 0.4),
		Criticality:           rapid.SampledFrom(append(losses[:], LossUnknown, "reputation")).Draw(t, "criticality"),
		CertifiedBaseline:     drawAnswer(t, "certified"),
		IncrementalDelivery:   drawAnswer(t, "increments"),
		Separable:             drawAnswer(t, "separable"),
		UnknownProblem:        drawAnswer(t, "unknown problem"),
		InterruptDriven:       drawAnswer(t, "interrupts"),
		FixedPriceScope:       drawAnswer(t, "fixed"),
		ManyReleasesPerDay:    drawAnswer(t, "releases"),
		Dependencies:          drawAnswer(t, "dependencies"),
		StableTeam:            drawAnswer(t, "stable"),
		ProductOwnerAvailable: drawAnswer(t, "owner"),
		TechnicalRisk:         drawAnswer(t, "risk"),
		BuyIn:                 drawAnswer(t, "buy-in"), Trust: drawAnswer(t, "trust"), DecisionPower: drawAnswer(t, "power"),
		Experience: drawAnswer(t, "experience"), CustomerAccess: drawAnswer(t, "access"),
		Agreement: drawAnswer(t, "agreement"), Certainty: drawAnswer(t, "certainty"),
		OnChaos: drawNumber(t, "chaos", 5, 50, 95), Level1B: drawNumber(t, "1b", 0, 25, 60),
	}
}

var lawful = Policy{KindDefaults: map[string]Approach{"law": Predictive}}

func TestEveryContextGetsAnAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContext(t)
		r := Recommend(c, lawful)
		require.True(t, r.Approach.Valid())
		require.NotEqual(t, XP, r.Approach, "XP is an add-on")
		require.True(t, r.RunnerUp.Valid())
		require.NotEqual(t, r.Approach, r.RunnerUp)
		require.GreaterOrEqual(t, r.Distance, 0.0)
		require.LessOrEqual(t, len(r.Reasons), 3)
		require.NotEmpty(t, r.Reasons)
		for _, reason := range r.Reasons {
			require.NotEmpty(t, reason.Text)
		}
		require.True(t, r.Confidence >= 0 && r.Confidence <= 1)
		require.Subset(t, r.Unknown, r.Decisive)
		require.Equal(t, r, Recommend(c, lawful))
	})
}

func TestMoreCriticalityNeverMovesTowardsAgile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContext(t)
		last := 0
		for _, l := range losses {
			c.Criticality = l
			r := Recommend(c, lawful).Approach.Rigidity()
			require.GreaterOrEqual(t, r, last, l)
			last = r
		}
	})
}

func TestMoreBuyInTrustAndAccessNeverMoveTowardsPredictive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContext(t)
		last := 2
		for _, a := range []Answer{No, Partial, Yes} {
			c.BuyIn, c.Trust, c.CustomerAccess = a, a, a
			r := Recommend(c, lawful).Approach.Rigidity()
			require.LessOrEqual(t, r, last, a)
			last = r
		}
	})
}

func TestSensitivitiesChangeTheApproach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContext(t)
		p := lawful.filled()
		r := Recommend(c, p)
		for _, f := range r.Sensitivities {
			require.NotEqual(t, r.Approach, f.Approach)
			require.NotEmpty(t, f.Questions)
		}
		// Holding or breaking a condition of the rules does what its name says.
		for _, rule := range rules {
			for _, need := range rule.needs {
				held, broken := c, c
				need.hold(&held, &p)
				gap, _ := need.gap(&held, &p)
				require.Zero(t, gap, need.wish(&p))
				need.drop(&broken, &p)
				gap, _ = need.gap(&broken, &p)
				require.Positive(t, gap, need.loss(&p))
			}
		}
	})
}

func TestSkeletonIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(approaches).Draw(t, "approach")
		points := drawNumber(t, "size", 0.2, 1, 8, 20, 400, 1e12, 0, -3, math.NaN(), math.Inf(1))
		start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		plan := Skeleton(a, points, start, PlanPolicy{})
		require.Equal(t, a, plan.Kind)
		last := start
		for _, m := range plan.Milestones {
			require.False(t, m.Due.Before(last), "milestones do not run backwards")
			require.Equal(t, start.AddDate(0, 0, 7*m.Week), m.Due)
			last = m.Due
		}
		require.True(t, len(plan.Milestones)+len(plan.Steps)+plan.WIPLimit+plan.IterationWeeks > 0, "never empty")
	})
}
