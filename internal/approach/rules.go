package approach

// rule is one row of the heuristics: conditions that must all hold, the
// approach they lead to and the reason that is shown.
type rule struct {
	name     string
	approach Approach
	reason   string
	needs    []condition
}

// rules are tried in order; the first whose conditions all hold decides. What
// nobody can choose (safety, the nature of the problem, a contract, the number
// of people) comes before how the team prefers to work, and the special case
// before the general one.
var rules = []rule{
	{"critical_separable", Hybrid,
		"Safety or certification asks for a predictive core; the parts that users touch can be an agile edge",
		[]condition{livesOrCertified, frozen, noIncrements, separable}},
	{"critical_frozen", Predictive,
		"Safety or a certified baseline, hardly any change and no increments ask for stage gates",
		[]condition{livesOrCertified, frozen, noIncrements}},
	{"express", Checklist,
		"Express-lane work needs a checklist and an owner, not a method",
		[]condition{expressLane, noLives}},
	{"unknown_problem", Exploratory,
		"While the problem or the demand is unknown, experiments tell more than plans",
		[]condition{unknownProblem}},
	{"fixed_contract", Hybrid,
		"A contract with fixed price and scope asks for a predictive shell, iterations inside and a change budget",
		[]condition{fixedContract}},
	{"program", Program,
		"So many people on one shared solution need a common planning interval",
		[]condition{bigCrowd, shared}},
	{"interrupts", Kanban,
		"Small independent items that arrive at any time flow; a timebox would not hold",
		[]condition{interrupts}},
	{"many_releases", ContinuousDelivery,
		"Where each change can be released when it is ready, batching it into iterations only delays it",
		[]condition{manyReleases}},
	{"much_unplanned", Scrumban,
		"A Scrum team with a large unplanned share keeps its cadence and pulls its work",
		[]condition{stableTeam, oneTeam, productOwner, muchUnplanned}},
	{"one_team", Scrum,
		"One stable team with a product owner and an increment every month fits iterations",
		[]condition{stableTeam, oneTeam, productOwner, increments}},
	{"small_job", Kanban,
		"A small job is done in one go; iterations would cost more than they give",
		[]condition{smallJob, noLives}},
}

// assessment is how far a rule, or a reading used in place of one, holds.
type assessment struct {
	rule
	holds   bool
	refuted bool    // one known answer contradicts it
	gap     float64 // how many answers' worth of change it is away
	share   float64 // share of its conditions that hold
}

func assess(r rule, c *Context, p *Policy) assessment {
	s := assessment{rule: r, holds: true}
	for _, need := range r.needs {
		gap, known := need.gap(c, p)
		if gap > 0 {
			s.holds = false
		} else {
			s.share += 1 / float64(len(r.needs))
		}
		if known && gap > 0 {
			s.refuted = true
		}
		s.gap += gap
	}
	return s
}

// assessments evaluates all rules and then the readings that decide when no rule
// does: the suitability filter, the Stacey matrix, the life-cycle grid, the
// policy's default for the kind, and Kanban, which starts from today's way.
func assessments(c *Context, p *Policy) []assessment {
	all := make([]assessment, 0, len(rules)+5)
	for _, r := range rules {
		all = append(all, assess(r, c, p))
	}
	add := func(name string, a Approach, reason string) {
		if a == Predictive && c.Separable == Yes {
			a, reason = Hybrid, reason+"; the parts that users touch can be split off"
		}
		all = append(all, assessment{rule: rule{name: name, approach: a, reason: reason}, holds: true, share: 1})
	}
	if f := filterOf(c, *p); f.Zone != ZoneUnknown {
		add("filter", byZone(f.Zone, c), "The suitability filter's mean is "+num(f.Mean)+" of 10: "+string(f.Zone)+" by our cuts")
	}
	if d := domainOf(c); d.Stacey != "" {
		add("domain", byDomain(d), "The work is "+d.Cynefin+": "+d.Act)
	}
	if l := lifeCycleOf(c, *p); l != "" {
		add("life_cycle", byLifeCycle(l), "Its rate of change and frequency of delivery make it "+l)
	}
	if a, ok := p.KindDefaults[c.Kind]; ok {
		add("kind_default", a, "Nothing else decides and the policy names it for kind "+c.Kind)
	}
	add("default", Kanban, "Nothing that decides is known; Kanban starts from the way work flows today")
	return all
}

func byZone(z Zone, c *Context) Approach {
	switch {
	case z == ZonePredictive:
		return Predictive
	case z == ZoneHybrid:
		return Hybrid
	case c.StableTeam == No || c.ProductOwnerAvailable == No:
		return Kanban
	}
	return Scrum
}

func byDomain(d Domain) Approach {
	switch d.Cynefin {
	case "complex":
		return Exploratory
	case "complicated":
		return Hybrid
	}
	return Kanban
}

func byLifeCycle(l string) Approach {
	switch l {
	case "agile":
		return Scrum
	case "predictive":
		return Predictive
	}
	return Hybrid
}

// winner is the first that holds; the default always does.
func winner(all []assessment) int {
	for i, s := range all {
		if s.holds {
			return i
		}
	}
	return len(all) - 1
}
