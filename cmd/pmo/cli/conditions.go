package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// conditionFlags are the flags of an answer that asks for conditions, answers them in a plan, or judges them.
func conditionFlags(cmd *cobra.Command) {
	cmd.Flags().StringArray("condition", nil, "approve_with_conditions: what has to be fulfilled; may be given more than once")
	cmd.Flags().StringArray("condition-milestone", nil, "counter: the milestone that answers a condition, such as c1=pilot")
	cmd.Flags().StringArray("condition-note", nil, "counter: how a condition is met, such as c1=\"as in the portal\"")
	cmd.Flags().StringArray("met", nil, "accept: the condition that is met, such as c1; may be given more than once")
	cmd.Flags().StringArray("not-met", nil, "accept: why a condition is not met, such as c2=\"the vendor has none\"")
}

// addConditions adds what the flags say about conditions to the data of an answer.
func (c *console) addConditions(data *pmo.Data) error {
	for _, words := range c.list("condition") {
		data.Conditions = append(data.Conditions, pmo.ConditionData{Text: words})
	}
	for _, id := range c.list("met") {
		met := true
		data.Conditions = append(data.Conditions, pmo.ConditionData{ID: strings.TrimSpace(id), Met: &met})
	}
	var answers []pmo.PlanCondition
	for _, given := range []struct {
		flag string
		add  func(id, value string)
	}{
		{"not-met", func(id, value string) {
			met := false
			data.Conditions = append(data.Conditions, pmo.ConditionData{ID: id, Met: &met, Reason: value})
		}},
		{"condition-milestone", func(id, value string) { answers = append(answers, pmo.PlanCondition{ID: id, Milestone: value}) }},
		{"condition-note", func(id, value string) { answers = append(answers, pmo.PlanCondition{ID: id, Note: value}) }},
	} {
		for _, pair := range c.list(given.flag) {
			id, value, ok := strings.Cut(pair, "=")
			if id = strings.TrimSpace(id); !ok || id == "" {
				return usagef("--%s: %q is not CONDITION=TEXT, such as c1=pilot", given.flag, pair)
			}
			given.add(id, value)
		}
	}
	if len(answers) > 0 {
		if data.Plan == nil {
			data.Plan = &pmo.Plan{}
		}
		data.Plan.Conditions = append(data.Plan.Conditions, answers...)
	}
	return nil
}

// conditionFacts says of each condition what approvers asked for and what became of it.
func conditionFacts(r *wire.Request) []text.Fact {
	var facts []text.Fact
	for _, c := range r.Conditions {
		facts = append(facts, text.Fact{Name: "condition", Value: fmt.Sprintf("%s, %s: %s%s", c.ID, c.By, c.Text, conditionState(c, r.Plan))})
	}
	return facts
}

func conditionState(c pmo.Condition, plan *pmo.Plan) string {
	switch {
	case c.Void != "":
		return " (void: " + c.Void + ")"
	case c.Met != nil && *c.Met:
		return " (met)"
	case c.Met != nil:
		return " (not met: " + c.Reason + ")"
	case c.Change:
		return " (on the change under review)"
	}
	if plan != nil {
		for _, a := range plan.Conditions {
			if a.ID == c.ID && a.Milestone != "" {
				return " (milestone " + a.Milestone + ")"
			}
			if a.ID == c.ID {
				return " (plan: " + a.Note + ")"
			}
		}
	}
	return ""
}

// conditionWords is how the conditions that an option needs are given.
func conditionWords(o pmo.Option) string {
	if o.Verdict == pmo.VerdictApproveConditions {
		return "--condition TEXT"
	}
	return "--met ID or --not-met ID=WHY for each condition"
}

// conditions asks for the conditions of an approval until an empty line; or, of each condition that is in force, whether it is met.
func (d *dialogue) conditions(r *wire.Request, o pmo.Option) string {
	said := []pmo.ConditionData{}
	if o.Verdict == pmo.VerdictApproveConditions {
		for {
			words, ok := d.line("Condition (empty: no more)")
			if !ok || words == "" {
				break
			}
			said = append(said, pmo.ConditionData{Text: words})
		}
	}
	for _, c := range r.Conditions {
		if o.Verdict == pmo.VerdictApproveConditions || !c.ToFulfil() {
			continue
		}
		words, _ := d.needed(text.Clean(fmt.Sprintf("%s, %s: %s. Met? (yes, or why not)", c.ID, c.By, c.Text)))
		one, met := pmo.ConditionData{ID: c.ID}, strings.EqualFold(words, "yes")
		if one.Met = &met; !met {
			one.Reason = words
		}
		said = append(said, one)
	}
	encoded, err := json.Marshal(said)
	if err != nil {
		return "" // texts are always encodable
	}
	return "conditions=" + string(encoded)
}
