package approach

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// DontKnow answers a question that nobody can answer yet. It is an answer: the question is not asked again, nothing is concluded from it,
// and Recommendation.Possible says what the answer could still make of it.
const DontKnow = "dont_know"

// Yes, Partly and No are the answers of most questions.
const (
	Yes    = "yes"
	Partly = "partly"
	No     = "no"
)

// Option is one answer that the form offers.
type Option struct {
	// Value is the answer; of a number, the text of its range.
	Value string `json:"value"`
	// Label is the anchor in plain words.
	Label string `json:"label"`
	// Number stands for the range, and From is its least value; both are used for questions about a number alone.
	Number float64 `json:"number,omitempty"`
	From   float64 `json:"-"`
	// fact says that it is so, and would what would have to be: "usable parts can be delivered every month", "usable parts could be …".
	fact, would string
}

// Question is one fact about the work that rules may use.
type Question struct {
	// Name is the field of a request's context, and the variable in a condition.
	Name string `json:"name"`
	// Group is work, project, team, culture or people.
	Group string `json:"group"`
	Ask   string `json:"ask"`
	// Unit is of a number: people, %.
	Unit    string   `json:"unit,omitempty"`
	Options []Option `json:"options"`
	// fact of a number takes the number in its unit, would a range.
	fact, would string
}

// Numeric reports whether it is answered by a number.
func (q *Question) Numeric() bool { return q.Unit != "" }

// Groups of questions.
const (
	GroupWork    = "work"
	GroupProject = "project"
	GroupTeam    = "team"
	GroupCulture = "culture"
	GroupPeople  = "people"
)

func option(value, label, fact, would string) Option {
	return Option{Value: value, Label: label, fact: fact, would: would}
}

// ranges are the answers about a number: from is the least value of each range, number stands for it.
func ranges(pairs ...any) []Option {
	var list []Option
	for i := 0; i < len(pairs); i += 3 {
		label := pairs[i].(string)
		list = append(list, Option{Value: label, Label: label, From: pairs[i+1].(float64), Number: pairs[i+2].(float64)})
	}
	return list
}

// questions are all that bear on a recommendation, in the order in which they are asked when nothing else decides.
var questions = []Question{
	{Name: "criticality", Group: GroupProject, Ask: "What is the worst that is lost if the result fails?", Options: []Option{
		option("comfort", "Some time or comfort", "a failure costs time or comfort at most", "a failure cost no more than time or comfort"),
		option("discretionary", "Money that could have been spent otherwise", "a failure costs discretionary money", "a failure cost discretionary money at most"),
		option("essential", "Money that the organisation cannot do without", "a failure costs essential money", "a failure cost essential money"),
		option("life", "One life", "a failure may cost a life", "a life were at stake"),
		option("lives", "Many lives", "a failure may cost many lives", "many lives were at stake"),
	}},
	{Name: "people", Group: GroupTeam, Ask: "How many people does the whole effort take?", Unit: "people",
		fact: "the whole effort takes %s people", would: "the whole effort took %s people",
		Options: ranges("1 to 10", 1.0, 6.0, "11 to 30", 11.0, 20.0, "31 to 49", 31.0, 40.0, "50 to 125", 50.0, 80.0, "more than 125", 126.0, 300.0)},
	{Name: "nature", Group: GroupWork, Ask: "What kind of work is it?", Options: []Option{
		option("product", "A product or service that grows over time", "it is a product that grows over time", "it were a product that grows over time"),
		option("interrupts", "Small independent items that arrive at any time", "small independent items arrive at any time", "small independent items arrived at any time"),
		option("contract", "A contract that fixes price and scope", "a contract fixes price and scope", "a contract fixed price and scope"),
		option("regulated", "Work that an outside body certifies against a fixed baseline", "an outside body certifies a fixed baseline", "an outside body certified a fixed baseline"),
		option("research", "Research: whether it can work is the question", "whether it can work is the question", "whether it can work were the question"),
		option("operations", "Operations that keep something running", "it keeps something running", "it kept something running"),
	}},
	yesOrNo("unknown_problem", GroupWork, "Is the problem or the demand itself still unknown?",
		"the problem or the demand is not understood yet", "the problem is understood", "the problem were not understood yet", "the problem were understood"),
	yesOrNo("interrupt_driven", GroupWork, "Do small independent items arrive at any time, so that no timebox would hold?",
		"small independent items arrive at any time", "the work can be planned for a timebox", "small independent items arrived at any time", "the work could be planned for a timebox"),
	yesOrNo("fixed_price", GroupWork, "Does a contract fix price and scope?",
		"a contract fixes price and scope", "no contract fixes the scope", "a contract fixed price and scope", "no contract fixed the scope"),
	{Name: "change_per_month", Group: GroupProject, Ask: "Which share of the requirements is likely to change in a month?", Unit: "%",
		fact: "%s %% of the requirements change in a month", would: "%s %% of the requirements changed in a month",
		Options: ranges("5 or less", 0.0, 3.0, "6 to 9", 5.01, 7.0, "10 to 24", 10.0, 15.0, "25 to 49", 25.0, 30.0, "50 or more", 50.0, 50.0)},
	yesOrNo("incremental", GroupProject, "Can usable parts be delivered early and often, at least every month?",
		"usable parts can be delivered every month", "nothing usable can be delivered before the end", "usable parts could be delivered every month", "nothing usable could be delivered before the end"),
	yesOrNo("separable", GroupProject, "Can parts that users touch be split off from the rest?",
		"the parts that users touch can be split off", "no part can be split off", "the parts that users touch could be split off", "no part could be split off"),
	yesOrNo("certified", GroupProject, "Does an outside body certify the result against a fixed baseline?",
		"an outside body certifies a fixed baseline", "nobody certifies it", "an outside body certified a fixed baseline", "nobody certified it"),
	yesOrNo("many_dependencies", GroupWork, "Do many people build one shared solution, so that their parts depend on each other?",
		"many people build one shared solution", "the parts do not depend on each other", "many people built one shared solution", "the parts did not depend on each other"),
	yesOrNo("many_releases_per_day", GroupWork, "Do skills, tests and pipeline allow many releases a day?",
		"many releases a day are possible", "many releases a day are not possible", "many releases a day were possible", "many releases a day were not possible"),
	yesOrNo("product_owner", GroupTeam, "Is there somebody who may decide for the users and is there every day?",
		"a product owner is available", "no product owner is available", "a product owner were available", "no product owner were available"),
	{Name: "unplanned_share", Group: GroupTeam, Ask: "Which share of the team's work is unplanned?", Unit: "%",
		fact: "%s %% of the team's work is unplanned", would: "%s %% of the team's work were unplanned",
		Options: ranges("10 or less", 0.0, 5.0, "11 to 25", 10.01, 20.0, "26 to 50", 25.01, 40.0, "more than 50", 50.01, 70.0)},
	threeWays("stable_team", GroupTeam, "Is there a stable team, whose people stay together?", "the team is stable", "the team were stable", "the people change often"),
	threeWays("buy_in", GroupCulture, "Does the sponsor support an agile way of working?", "the sponsor supports an agile way", "the sponsor supported an agile way", "the sponsor does not support an agile way"),
	threeWays("trust", GroupCulture, "Do sponsor and users trust the team?", "the team is trusted", "the team were trusted", "the team is not trusted"),
	threeWays("decision_power", GroupCulture, "May the team decide how it works?", "the team decides how it works", "the team decided how it works", "others decide how the team works"),
	threeWays("experience", GroupTeam, "Is somebody experienced in each role?", "each role has an experienced person", "each role had an experienced person", "roles are without an experienced person"),
	threeWays("customer_access", GroupTeam, "Can the team ask users or business every day?", "users can be asked every day", "users could be asked every day", "users can hardly be asked"),
	threeWays("clear_what", GroupWork, "Is it agreed what is wanted?", "it is agreed what is wanted", "it were agreed what is wanted", "it is not agreed what is wanted"),
	threeWays("clear_how", GroupWork, "Is it known how it is done?", "it is known how it is done", "it were known how it is done", "it is not known how it is done"),
	{Name: "on_chaos", Group: GroupPeople, Ask: "Which share of the people thrives on freedom rather than on order?", Unit: "%",
		fact: "%s %% of the people thrive on freedom rather than on order", would: "%s %% of the people throve on freedom rather than on order",
		Options: ranges("20 or less", 0.0, 10.0, "21 to 40", 20.01, 30.0, "41 to 60", 40.01, 50.0, "61 to 80", 60.01, 70.0, "more than 80", 80.01, 90.0)},
	{Name: "level_1b", Group: GroupPeople, Ask: "Which share of the people needs guidance in every step?", Unit: "%",
		fact: "%s %% of the people need guidance in every step", would: "%s %% of the people needed guidance in every step",
		Options: ranges("5 or less", 0.0, 0.0, "6 to 15", 5.01, 10.0, "16 to 25", 15.01, 20.0, "26 to 35", 25.01, 30.0, "more than 35", 35.01, 40.0)},
	{Name: "level_2_up", Group: GroupPeople, Ask: "Which share of the people can adapt a method to a new situation?", Unit: "%",
		fact: "%s %% of the people can adapt a method", would: "%s %% of the people could adapt a method",
		Options: ranges("17 or less", 0.0, 15.0, "18 to 22", 17.01, 20.0, "23 to 27", 22.01, 25.0, "28 to 32", 27.01, 30.0, "more than 32", 32.01, 35.0)},
	yesOrNo("technical_risk", GroupWork, "Is quality or technology the main risk?",
		"quality or technology is the main risk", "technology is no great risk", "technology were the main risk", "technology were no great risk"),
	yesOrNo("skilled_pairs", GroupPeople, "Are the people skilled, close together, and used to write tests first?",
		"skilled people work close together", "the people do not work in pairs", "skilled people worked close together", "the people did not work in pairs"),
}

func yesOrNo(name, group, ask, fact, contrary, would, wouldNot string) Question {
	return Question{Name: name, Group: group, Ask: ask, Options: []Option{option(Yes, "Yes", fact, would), option(No, "No", contrary, wouldNot)}}
}

func threeWays(name, group, ask, fact, would, contrary string) Question {
	return Question{Name: name, Group: group, Ask: ask, Options: []Option{option(Yes, "Yes", fact, would),
		option(Partly, "In part, or probably", "in part only: "+fact, "in part, "+would), option(No, "No, or hardly", contrary, "the answer were no: "+contrary)}}
}

// Questions are all questions, in order.
func Questions() []Question { return slices.Clone(questions) }

// QuestionNamed finds a question; nil where there is none.
func QuestionNamed(name string) *Question {
	if i := slices.IndexFunc(questions, func(q Question) bool { return q.Name == name }); i >= 0 {
		return &questions[i]
	}
	return nil
}

// rangeOf is the range that a number lies in.
func (q *Question) rangeOf(n float64) Option {
	found := q.Options[0]
	for _, o := range q.Options {
		if n >= o.From {
			found = o
		}
	}
	return found
}

// booleans are the questions whose answer a request's context keeps as true or false.
var booleans = []string{"incremental", "unknown_problem", "interrupt_driven", "product_owner", "fixed_price", "separable", "certified",
	"many_dependencies", "many_releases_per_day", "technical_risk", "skilled_pairs"}

// Value is an option as a request's context takes it: true or false, a number, or a word.
func (q *Question) Value(o Option) any {
	switch {
	case q.Numeric():
		return o.Number
	case slices.Contains(booleans, q.Name):
		return o.Value == Yes
	}
	return o.Value
}

// answer is what a context has when an option is chosen.
func (q *Question) answer(o Option) Answer {
	if q.Numeric() {
		return Answer{Number: o.Number}
	}
	return Answer{Text: o.Value}
}

// Answer is a text, or a number for a question with a unit.
type Answer struct {
	Text   string  `json:"text,omitempty"`
	Number float64 `json:"number,omitempty"`
}

// Context is what is known of the work, by the name of the question; what intake knows besides is lane, kind and size. A question without an
// entry has not been answered; one that nobody can answer has DontKnow.
type Context map[string]Answer

// Facts that are not asked here: intake has them.
const (
	FactLane = "lane"
	FactKind = "kind"
	FactSize = "size"
)

// Set adds an answer, where there is one: an empty text and a number that is negative or not finite say nothing.
func (c Context) Set(name string, a Answer) {
	number := name == FactSize
	if q := QuestionNamed(name); q != nil {
		number = q.Numeric() && a.Text != DontKnow
	}
	switch {
	case number && !(a.Number >= 0 && a.Number <= math.MaxFloat64), number && name == FactSize && a.Number == 0, !number && a.Text == "":
		return
	}
	c[name] = a
}

// text and number read a known answer; DontKnow is none.
func (c Context) text(name string) string {
	if a := c[name]; a.Text != DontKnow {
		return a.Text
	}
	return ""
}

func (c Context) number(name string) *float64 {
	if a, ok := c[name]; ok && a.Text != DontKnow {
		return &a.Number
	}
	return nil
}

// known reports whether the question is answered and not with DontKnow.
func (c Context) known(name string) bool {
	a, ok := c[name]
	return ok && a.Text != DontKnow
}

// open reports whether a question has not been answered at all.
func (c Context) open(name string) bool {
	_, ok := c[name]
	return !ok
}

// with is a copy with another answer.
func (c Context) with(name string, a Answer) Context {
	copied := make(Context, len(c)+1)
	for k, v := range c {
		copied[k] = v
	}
	copied[name] = a
	return copied
}

func (c Context) lives() bool {
	return c.text("criticality") == "life" || c.text("criticality") == "lives"
}

// fact is the sentence for a known answer; empty for any other.
func (c Context) fact(name string) string {
	switch {
	case !c.known(name):
		return ""
	case name == FactLane:
		return "intake chose the " + c.text(name) + " lane"
	case name == FactSize:
		return "it is " + num(*c.number(name)) + " team-weeks"
	}
	q := QuestionNamed(name)
	if q == nil {
		return ""
	}
	if q.Numeric() {
		return fmt.Sprintf(q.fact, num(*c.number(name)))
	}
	i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Value == c.text(name) })
	if i < 0 {
		return ""
	}
	return q.Options[i].fact
}

// would is the clause after "if" for an option.
func (q *Question) wouldBe(o Option) string {
	return cmp.Or(o.would, fmt.Sprintf(cmp.Or(q.would, "%s"), o.Label))
}

// Known is one answer in a sentence.
type Known struct {
	Question string
	Says     string
	DontKnow bool
}

// Answers lists what is known, in the order of the form, and what was asked in vain.
func (c Context) Answers() []Known {
	var list []Known
	for _, q := range questions {
		if a, ok := c[q.Name]; ok {
			list = append(list, Known{q.Name, c.fact(q.Name), a.Text == DontKnow})
		}
	}
	return list
}
