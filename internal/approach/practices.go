package approach

// Practice is something to add to the approach, with its reason.
type Practice struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// practices lists add-ons: XP first where quality is the risk and the people
// can do it, then what the answers ask for under any approach.
func practices(c *Context, a Approach, p *Policy) []Practice {
	out := []Practice{}
	add := func(when bool, name, why string) {
		if when {
			out = append(out, Practice{name, why})
		}
	}
	xp := c.TechnicalRisk == Yes && c.SkilledPairs == Yes
	add(xp, string(XP), "technical risk is high and skilled pairs write tests first: pairing, test first, continuous integration")
	add(c.TechnicalRisk == Yes && !xp, "technical spike", "technical risk is high: try the riskiest part first, in a timebox")
	add(c.Criticality.lives(), "independent verification", "lives are at stake")
	add(c.FixedPriceScope == Yes, "change budget", "the contract fixes the scope, the need will still move")
	add(c.Dependencies == Yes, "dependency board", "work depends on other people's work")
	add(c.CustomerAccess == No, "proxy user", "nobody can ask the users every day")
	add(c.Experience == No, "coach", "not every role has someone experienced")
	people, _ := number(c.People)
	add(a == Program && people > p.ProgramMax, "solution train", "more than "+num(p.ProgramMax)+" people need more than one team of teams")
	return out
}
