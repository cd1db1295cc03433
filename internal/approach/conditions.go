package approach

// The conditions that the rules are made of.
var (
	livesOrCertified = condition{
		asks: []string{"criticality", "certified_baseline"},
		gap: func(c *Context, _ *Policy) (float64, bool) {
			if c.Criticality.lives() || c.CertifiedBaseline == Yes {
				return 0, true
			}
			if _, known := c.Criticality.level(); !known || !c.CertifiedBaseline.known() {
				return unknownGap, false
			}
			return 1, true
		},
		fact: func(c *Context, _ *Policy) string {
			if c.Criticality.lives() {
				return "a failure may cost " + words(string(c.Criticality))
			}
			return "an outside body certifies a fixed baseline"
		},
		wish: fixed("lives were at stake or a baseline were certified"),
		loss: fixed("no lives were at stake and no baseline were certified"),
		hold: func(c *Context, _ *Policy) { c.Criticality = LossLife },
		drop: func(c *Context, _ *Policy) { c.Criticality, c.CertifiedBaseline = LossEssential, No },
	}
	// noLives holds unless the answer is that lives are at stake: without an answer
	// the rules about lives still list the question.
	noLives = condition{
		asks: []string{"criticality"},
		gap: func(c *Context, _ *Policy) (float64, bool) {
			_, known := c.Criticality.level()
			if c.Criticality.lives() {
				return 1, known
			}
			return 0, known
		},
		fact: func(c *Context, _ *Policy) string {
			if c.Criticality == LossUnknown {
				return "nobody has said that lives are at stake"
			}
			return "no lives are at stake"
		},
		wish: fixed("no lives were at stake"),
		loss: fixed("lives were at stake"),
		hold: func(c *Context, _ *Policy) { c.Criticality = LossEssential },
		drop: func(c *Context, _ *Policy) { c.Criticality = LossLife },
	}
	expressLane = condition{
		asks: []string{"lane"},
		gap: func(c *Context, _ *Policy) (float64, bool) {
			switch c.Lane {
			case "express":
				return 0, true
			case "":
				return unknownGap, false
			}
			return 1, true
		},
		fact: func(*Context, *Policy) string { return "intake chose the express lane" },
		wish: fixed("intake chose the express lane"),
		loss: fixed("it needed more than the express lane"),
		hold: func(c *Context, _ *Policy) { c.Lane = "express" },
		drop: func(c *Context, _ *Policy) { c.Lane = "standard" },
	}
	frozen = threshold{name: "change_per_month",
		cut: func(p *Policy) float64 { return p.FrozenChange }, most: true,
		label: "change", unit: " % a month", scale: 1}.condition()
	bigCrowd = threshold{name: "people",
		cut:   func(p *Policy) float64 { return p.ProgramMin },
		label: "the effort", unit: " people", scale: 1}.condition()
	oneTeam = impliedByPeople(threshold{name: "team_size",
		cut: func(p *Policy) float64 { return p.TeamMax }, most: true,
		label: "the team", unit: " people", scale: 1})
	muchUnplanned = threshold{name: "unplanned_share",
		cut: func(p *Policy) float64 { return p.UnplannedShare }, over: true,
		label: "unplanned work", unit: " %", scale: 100}.condition()
	smallJob = threshold{name: "job_size",
		cut: func(p *Policy) float64 { return p.SmallJob }, most: true,
		label: "job size", scale: 1}.condition()

	noIncrements = answerIs("incremental_delivery", No,
		"nothing usable can be shown before the end",
		"nothing usable could be shown before the end", "usable parts could be shown every month")
	increments = answerIs("incremental_delivery", Yes,
		"a usable increment is possible every month",
		"a usable increment were possible every month", "nothing usable could be shown before the end")
	separable = answerIs("separable", Yes,
		"the parts that users touch can be split off",
		"the parts that users touch could be split off", "no part could be split off")
	unknownProblem = answerIs("unknown_problem", Yes,
		"the problem or the demand is not understood yet",
		"the problem or the demand were not understood", "the problem were understood")
	interrupts = answerIs("interrupt_driven", Yes,
		"small independent items arrive at any time",
		"small independent items arrived at any time", "work could be planned for a timebox")
	fixedContract = answerIs("fixed_price_scope", Yes,
		"a contract fixes price and scope",
		"a contract fixed price and scope", "the contract left the scope open")
	shared = answerIs("dependencies", Yes,
		"many people build one shared solution",
		"many people built one shared solution", "the parts did not depend on each other")
	stableTeam = answerIs("stable_team", Yes,
		"the team is stable", "the team were stable", "there were no stable team")
	productOwner = answerIs("product_owner_available", Yes,
		"a product owner is available",
		"a product owner were available", "no product owner were available")
	manyReleases = answerIs("many_releases_per_day", Yes,
		"many releases a day are possible",
		"many releases a day were possible", "many releases a day were not possible")
)

// impliedByPeople concludes from a small whole effort that the team is small. A large effort says nothing about one team in it.
func impliedByPeople(t threshold) condition {
	team := t.condition()
	implied := func(c *Context, p *Policy) (float64, bool) {
		people, ok := number(c.People)
		_, known := number(c.TeamSize)
		return people, ok && !known && people <= t.cut(p)
	}
	gap, fact := team.gap, team.fact
	team.gap = func(c *Context, p *Policy) (float64, bool) {
		if _, ok := implied(c, p); ok {
			return 0, true
		}
		return gap(c, p)
	}
	team.fact = func(c *Context, p *Policy) string {
		if n, ok := implied(c, p); ok {
			return "the whole effort is " + num(n) + " people, so its team is at most " + num(t.cut(p))
		}
		return fact(c, p)
	}
	return team
}
