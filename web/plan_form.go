package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"leanpmo/internal/pmo"
)

// planFields names the fields that a form shows for a plan of an approach: those it needs, and those that every plan has.
func planFields(approach string) []string {
	flow := []string{"wip_limit", "expectation.days", "expectation.probability", "replenish_days", "classes"}
	iterations := []string{"goal", "iterations", "weeks_each", "iteration_range.low", "iteration_range.high"}
	planned := []string{"work_packages", "milestones", "budget.unit", "budget.total", "budget.change"}
	fields := []string{"summary", "start"}
	switch approach {
	case "checklist":
		fields = append(fields, "owner", "due", "done_when")
	case "scrum", "xp":
		fields = slices.Concat(fields, iterations, []string{"done_when", "milestones"})
	case "scrumban":
		fields = slices.Concat(fields, iterations, flow, []string{"milestones"})
	case "exploratory", "program":
		fields = slices.Concat(fields, iterations, []string{"milestones"})
	case "predictive":
		fields = slices.Concat(fields, planned)
	case "hybrid":
		fields = slices.Concat(fields, []string{"seam.planned", "seam.agile", "seam.meets"}, planned, iterations)
	default:
		fields = slices.Concat(fields, flow)
	}
	if approach != "checklist" {
		fields = append(fields, "review_days")
	}
	return append(fields, "risks")
}

// planTypes are the types of controls that are no text.
var planTypes = map[string]controlType{
	"summary": typeArea, "goal": typeArea, "start": typeDate, "due": typeDate, "done_when": typeLines, "classes": typeLines, "work_packages": typeLines, "milestones": typeLines,
	"risks": typeLines, "iterations": typeNumber, "weeks_each": typeNumber, "iteration_range.low": typeNumber, "iteration_range.high": typeNumber, "wip_limit": typeNumber,
	"expectation.days": typeNumber, "expectation.probability": typeNumber, "replenish_days": typeNumber, "review_days": typeNumber, "budget.unit": typeChoice,
	"budget.total": typeNumber, "budget.change": typeNumber, "seam.planned": typeArea, "seam.agile": typeArea, "seam.meets": typeArea,
}

// planForm are the controls of a plan, filled with it.
func planForm(t *reader, plan *pmo.Plan, approach string) []control {
	values := planValues(plan)
	var controls []control
	for _, name := range planFields(approach) {
		c := control{Name: name, Type: planTypes[name], Label: t.T("field.plan." + name), Help: t.hint("help.plan." + name), Value: values[name], Required: name == "summary"}
		switch {
		case c.Type == "":
			c.Type = typeText
		case c.Type == typeLines:
			c.Apart = true
		case name == "budget.unit":
			c.Choices = []choice{{string(pmo.BudgetTeamWeeks), t.T("plan.unit.team_weeks")}, {string(pmo.BudgetMoney), t.T("plan.unit.money")}}
		}
		controls = append(controls, c)
	}
	return controls
}

// planValues is a plan as the texts of its controls.
func planValues(p *pmo.Plan) map[string]string {
	number := func(v float64) string {
		if v == 0 {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	values := map[string]string{"summary": p.Summary, "goal": p.Goal, "start": string(p.Start), "due": string(p.Due), "owner": p.Owner, "done_when": strings.Join(p.DoneWhen, "\n"),
		"iterations": number(float64(p.Iterations)), "weeks_each": number(float64(p.WeeksEach)), "wip_limit": number(float64(p.WIPLimit)),
		"replenish_days": number(float64(p.ReplenishDays)), "review_days": number(float64(p.ReviewDays)),
		"classes":       lines(p.Classes, func(c pmo.ServiceClass) string { return c.Name + " | " + c.Rule }),
		"work_packages": lines(p.WorkPackages, packageLine), "milestones": lines(p.Milestones, milestoneLine), "risks": lines(p.Risks, riskLine)}
	if r := p.IterationRange; r != nil {
		values["iteration_range.low"], values["iteration_range.high"] = number(float64(r.Low)), number(float64(r.High))
	}
	if e := p.Expectation; e != nil {
		values["expectation.days"], values["expectation.probability"] = number(float64(e.Days)), number(e.Probability)
	}
	if b := p.Budget; b != nil {
		values["budget.unit"], values["budget.total"], values["budget.change"] = string(b.Unit), number(b.Total), number(b.Change)
	}
	if s := p.Seam; s != nil {
		values["seam.planned"], values["seam.agile"], values["seam.meets"] = s.Planned, s.Agile, s.Meets
	}
	return values
}

func lines[T any](list []T, line func(T) string) string {
	var text []string
	for _, v := range list {
		text = append(text, line(v))
	}
	return strings.Join(text, "\n")
}

func packageLine(p pmo.WorkPackage) string {
	columns := []string{p.ID, p.Name, fmt.Sprintf("%g/%g/%g", p.Optimistic, p.Likely, p.Pessimistic)}
	return strings.Join(append(columns, afterColumn(p.After)...), " | ")
}

func milestoneLine(m pmo.Milestone) string {
	columns := []string{m.Name}
	if m.Due != "" {
		columns = append(columns, string(m.Due))
	}
	if m.Gate {
		columns = append(columns, "gate")
	}
	if m.Done {
		columns = append(columns, "done")
	}
	return strings.Join(append(columns, afterColumn(m.After)...), " | ")
}

func afterColumn(ids []string) []string {
	if len(ids) == 0 {
		return nil
	}
	return []string{"after " + strings.Join(ids, ", ")}
}

func riskLine(r pmo.Risk) string {
	if r.Probability == 0 && r.Impact == 0 {
		return r.Text
	}
	return fmt.Sprintf("%s | %dx%d", r.Text, r.Probability, r.Impact)
}

// planFrom is the plan of filled controls: what they show replaces what the plan had, the rest stays. A text that cannot be read is an error of
// its control.
func planFrom(plan pmo.Plan, controls []control) (pmo.Plan, bool) {
	var shown []string
	for _, c := range controls {
		shown = append(shown, strings.Split(c.Name, ".")[0])
	}
	doc, faults := document(controls)
	body, err := json.Marshal(doc)
	var given pmo.Plan
	if err == nil {
		err = json.Unmarshal(body, &given)
	}
	if err != nil { // a number with a fraction where a whole one is meant
		for i := range controls {
			if c := &controls[i]; c.Type == typeNumber && strings.ContainsAny(c.Value, ".,") && c.Name != "expectation.probability" && !strings.HasPrefix(c.Name, "budget.") {
				c.Error, faults = "number", true
			}
		}
		return plan, false
	}
	for i := range controls {
		if !readLines(&given, &controls[i]) {
			controls[i].Error, faults = "line", true
		}
	}
	if was, is := plan.Expectation, given.Expectation; was != nil && is != nil && was.Days == is.Days && was.Probability == is.Probability {
		is.Basis = was.Basis // the form does not show it
	}
	given.Clear = shown
	plan = plan.Counter(given)
	plan.Clear = nil
	return plan, !faults
}

// readLines reads a list, one value a line with columns between bars; false where a line cannot be read.
func readLines(plan *pmo.Plan, c *control) bool {
	if c.Type != typeLines {
		return true
	}
	ok := true
	for line := range strings.SplitSeq(c.Value, "\n") {
		columns := strings.Split(line, "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		if columns[0] == "" {
			continue
		}
		var read bool
		switch c.Name {
		case "done_when":
			plan.DoneWhen, read = append(plan.DoneWhen, strings.TrimSpace(line)), true
		case "classes":
			read = len(columns) == 2
			plan.Classes = append(plan.Classes, pmo.ServiceClass{Name: columns[0], Rule: columns[len(columns)-1]})
		case "risks":
			read = readRisk(plan, columns)
		case "milestones":
			read = readMilestone(plan, columns)
		case "work_packages":
			read = readPackage(plan, columns)
		}
		ok = ok && read
	}
	return ok
}

func readRisk(plan *pmo.Plan, columns []string) bool {
	r := pmo.Risk{Text: columns[0]}
	read := len(columns) == 1
	if len(columns) == 2 {
		n, err := fmt.Sscanf(columns[1], "%dx%d", &r.Probability, &r.Impact)
		read = err == nil && n == 2
	}
	plan.Risks = append(plan.Risks, r)
	return read
}

// readMilestone takes a name and, in any order, a day, gate, done, and the work packages it waits for. A day may also stand at the end of the
// name. Whether it is one, the API says.
func readMilestone(plan *pmo.Plan, columns []string) bool {
	m, read := pmo.Milestone{Name: columns[0]}, true
	if words := strings.Fields(m.Name); len(words) > 1 && len(columns) == 1 && isDay(words[len(words)-1]) {
		m.Due = pmo.Date(words[len(words)-1])
		m.Name = strings.TrimRight(strings.TrimSuffix(m.Name, string(m.Due)), " \t,;:")
	}
	for _, column := range columns[1:] {
		switch after, waits := strings.CutPrefix(column, "after "); {
		case column == "gate":
			m.Gate = true
		case column == "done":
			m.Done = true
		case waits:
			m.After = ids(after)
		default:
			read = read && isDay(column)
			m.Due = pmo.Date(column)
		}
	}
	plan.Milestones = append(plan.Milestones, m)
	return read
}

// isDay reports whether a text is meant as a day.
func isDay(text string) bool {
	return strings.IndexFunc(text, unicode.IsLetter) < 0 && strings.Count(text, "-") == 2
}

func readPackage(plan *pmo.Plan, columns []string) bool {
	if len(columns) < 3 || len(columns) > 4 {
		return false
	}
	p := pmo.WorkPackage{ID: columns[0], Name: columns[1]}
	n, err := fmt.Sscanf(strings.ReplaceAll(columns[2], ",", "."), "%g/%g/%g", &p.Optimistic, &p.Likely, &p.Pessimistic)
	read := err == nil && n == 3
	if len(columns) == 4 {
		after, waits := strings.CutPrefix(columns[3], "after ")
		p.After, read = ids(after), read && waits
	}
	plan.WorkPackages = append(plan.WorkPackages, p)
	return read
}

func ids(text string) (list []string) {
	for id := range strings.SplitSeq(text, ",") {
		if id = strings.TrimSpace(id); id != "" {
			list = append(list, id)
		}
	}
	return list
}
