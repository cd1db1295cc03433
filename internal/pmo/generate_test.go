package pmo_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

var (
	everybody = []string{"sam", "lea", "ana", "bo", "cy", "petra", "theo", "lena", "dora"}
	teams     = []string{"falcon", "otter"}
)

// commandType is a command that a request takes: a pair of methods such as CheckHold and ApplyHold.
type commandType struct {
	name         string
	payload      reflect.Type
	check, apply reflect.Method
}

// commandTypes finds the commands among the methods of a request, so that a new one is driven without being named here.
func commandTypes() []commandType {
	var list []commandType
	request := reflect.TypeFor[*pmo.Request]()
	for i := range request.NumMethod() {
		apply := request.Method(i)
		name, isApply := strings.CutPrefix(apply.Name, "Apply")
		if !isApply || apply.Type.NumIn() != 3 || apply.Type.NumOut() != 1 || apply.Type.Out(0) != reflect.TypeFor[pmo.Receipt]() {
			continue
		}
		check, found := request.MethodByName("Check" + name)
		if !found || check.Type.In(1) != apply.Type.In(1) {
			panic("Apply" + name + " has no check of the same command")
		}
		list = append(list, commandType{name: name, payload: apply.Type.In(1), check: check, apply: apply})
	}
	return list
}

func (c commandType) refusal(r *pmo.Request, command reflect.Value, now time.Time) *pmo.Refusal {
	args := []reflect.Value{reflect.ValueOf(r), command, reflect.ValueOf(now)}
	return c.check.Func.Call(args[:c.check.Type.NumIn()])[0].Interface().(*pmo.Refusal)
}

func (c commandType) take(r *pmo.Request, command reflect.Value, now time.Time) pmo.Receipt {
	return c.apply.Func.Call([]reflect.Value{reflect.ValueOf(r), command, reflect.ValueOf(now)})[0].Interface().(pmo.Receipt)
}

// generator fills commands with values that are often legal, by the JSON names and types of their fields.
type generator struct {
	draw  *rapid.T
	r     *pmo.Request
	now   time.Time
	large bool // every text and list is as long as it may be
	count int  // makes texts differ
}

func (g *generator) one(n int, label string) bool {
	return rapid.IntRange(1, n).Draw(g.draw, label) == 1
}

// value is a value of a type. Must says that it is not empty.
func (g *generator) value(t reflect.Type, name string, must bool) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Pointer:
		if must || g.large || g.one(3, name+" given") {
			v.Set(reflect.New(t.Elem()))
			v.Elem().Set(g.value(t.Elem(), name, must))
		}
	case reflect.String:
		v.SetString(g.text(name, must))
	case reflect.Int:
		v.SetInt(int64(g.number(name)))
	case reflect.Float64:
		v.SetFloat(rapid.SampledFrom([]float64{1, 2, 3, 5, 8, 13, 20}).Draw(g.draw, name))
	case reflect.Bool:
		v.SetBool(g.one(4, name))
	case reflect.Slice:
		g.list(v, name, must)
	case reflect.Struct:
		g.fields(v, must)
	}
	return v
}

func (g *generator) list(v reflect.Value, name string, must bool) {
	n := 0
	switch {
	case g.large:
		n = rapid.SampledFrom([]int{1, 5, 50}).Draw(g.draw, name+" length")
	case must:
		n = 1
	case g.one(3, name+" given"):
		n = rapid.IntRange(0, 2).Draw(g.draw, name+" length")
		v.Set(reflect.MakeSlice(v.Type(), 0, n))
	}
	for range n {
		v.Set(reflect.Append(v, g.value(v.Type().Elem(), name, true)))
	}
}

func (g *generator) fields(v reflect.Value, must bool) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		if g.one(3, "moment given") {
			v.Set(reflect.ValueOf(g.now.Add(time.Duration(rapid.IntRange(-72, 72).Draw(g.draw, "hours")) * time.Hour)))
		}
		return
	}
	if v.Type() == reflect.TypeFor[pmo.Patch]() {
		g.patch(v)
		return
	}
	if v.Type() == reflect.TypeFor[pmo.LogRaid]() {
		v.Set(reflect.ValueOf(g.logRaid()))
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.IsExported() && field.Type != reflect.TypeFor[pmo.Header]() && name != "until_at" {
			v.Field(i).Set(g.value(field.Type, name, must && field.Type.Kind() == reflect.Pointer || slices.Contains([]string{"observation", "summary", "changed", "learned", "differently"}, name)))
		}
	}
}

// logRaid adds an entry or clears one.
func (g *generator) logRaid() pmo.LogRaid {
	if open := g.r.OpenRaid(); len(open) > 0 && g.one(2, "clear") {
		return pmo.LogRaid{Clear: rapid.SampledFrom(open).Draw(g.draw, "entry").Number, How: g.text("how", true)}
	}
	return pmo.LogRaid{Kind: rapid.SampledFrom(pmo.RaidKinds()).Draw(g.draw, "raid"), Text: g.text("text", true), Due: pmo.Date(g.text("due", false))}
}

// patch changes one or two fields, the size most often, or every field.
func (g *generator) patch(v reflect.Value) {
	names := pmo.PatchFields()
	if !g.large || !g.one(6, "every field") {
		names = []string{rapid.SampledFrom(append(slices.Clone(names), "size", "size", "size")).Draw(g.draw, "field"), rapid.SampledFrom(names).Draw(g.draw, "other field")}
	}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if slices.Contains(names, name) {
			v.Field(i).Set(g.value(v.Type().Field(i).Type, name, true))
		}
	}
	if g.one(2, "merge") {
		merge := &pmo.Merge{}
		if g.one(4, "clear") {
			merge.Clear = []string{rapid.SampledFrom(pmo.PatchFields()).Draw(g.draw, "cleared")}
		}
		v.FieldByName("Merge").Set(reflect.ValueOf(merge))
	}
}

func (g *generator) number(name string) int {
	switch name {
	case "revision":
		if !g.one(10, "stale") {
			return g.r.Revision
		}
		return g.r.Revision - 1
	case "percent":
		return rapid.IntRange(-1, 101).Draw(g.draw, name)
	}
	return rapid.IntRange(0, 5).Draw(g.draw, name)
}

// text is a text that fits the field of that name.
func (g *generator) text(name string, must bool) string {
	from := func(list ...string) string {
		if !must {
			list = append(list, "")
		}
		return rapid.SampledFrom(list).Draw(g.draw, name)
	}
	switch name {
	case "decision":
		return from(append(g.questions(), "review/9", "clarify/1")...)
	case "verdict":
		return from(append(g.verdicts(), "perhaps", pmo.VerdictExpire)...)
	case "from", "to", "add", "remove", "sponsor", "leads", "people":
		return from(everybody...)
	case "by", "for":
		return from(everybody...)
	case "team":
		return from(teams...)
	case "of", "into":
		return from("r1", "r2", "r3")
	case "until", "due", "wanted_by":
		return from(g.now.AddDate(0, 0, rapid.IntRange(-1, 200).Draw(g.draw, "days")).Format(time.DateOnly))
	case "approach":
		return from(pmo.Approaches()...)
	case "class":
		return from("standard", "expedite", "fixed_date", "intangible")
	case "health":
		return from("green", "amber", "red")
	case "clear":
		return from(pmo.PatchFields()...)
	}
	if g.large {
		return strings.Repeat(rapid.SampledFrom([]string{"x", "x", "界", "<"}).Draw(g.draw, name), pmo.TextLimitForTest(name)) // JSON writes < in six bytes
	}
	if g.count++; !must && g.one(4, name+" empty") {
		return ""
	}
	return fmt.Sprintf("%s %d", name, g.count%7)
}

func (g *generator) questions() []string {
	var ids []string
	for _, q := range g.r.Questions {
		ids = append(ids, q.ID)
		if q.Open() {
			ids = append(ids, q.ID, q.ID)
		}
	}
	return ids
}

func (g *generator) verdicts() []string {
	var list []string
	for _, q := range g.r.OpenQuestions() {
		for _, o := range q.Options {
			list = append(list, o.Verdict)
		}
	}
	return list
}

func (g *generator) sender() pmo.By {
	by := pmo.By{Actor: rapid.SampledFrom(everybody).Draw(g.draw, "actor"), Via: "api"}
	if g.one(5, "delegate") {
		by.For = rapid.SampledFrom(everybody).Draw(g.draw, "for")
	}
	return by
}

// answer is an answer to an open question by somebody it waits on, with the data that its option needs, or nil. It agrees mostly, so that
// requests come far.
func (g *generator) answer() *pmo.Decide {
	open := slices.DeleteFunc(g.r.OpenQuestions(), func(q *pmo.Question) bool { return len(q.Waiting()) == 0 })
	if len(open) == 0 {
		return nil
	}
	q := open[rapid.IntRange(0, len(open)-1).Draw(g.draw, "question")]
	o := q.Options[0]
	if g.one(4, "another verdict") {
		o = q.Options[rapid.IntRange(0, len(q.Options)-1).Draw(g.draw, "verdict")]
	}
	c := g.answerTo(q, o)
	c.By.Actor = q.Waiting()[rapid.IntRange(0, len(q.Waiting())-1).Draw(g.draw, "person")]
	return &c
}

// conditions asks for some with an approval on conditions; a counter answers those there are, and an acceptance judges them.
func (g *generator) conditions(q *pmo.Question, o pmo.Option, d *pmo.Data) {
	d.Conditions = nil
	var answers []pmo.PlanCondition
	for _, c := range g.r.ConditionsInForce() {
		if q.Kind == pmo.KindAcceptance && o.Verdict != pmo.VerdictRework && !c.Change {
			met := rapid.Bool().Draw(g.draw, "met")
			d.Conditions = append(d.Conditions, pmo.ConditionData{ID: c.ID, Met: &met, Reason: g.conditionText("because")})
		}
		answers = append(answers, pmo.PlanCondition{ID: c.ID, Note: g.conditionText("as agreed")})
	}
	if d.Plan != nil {
		d.Plan.Conditions = answers
	}
	if o.Verdict == pmo.VerdictApproveConditions {
		for range rapid.IntRange(1, 3).Draw(g.draw, "conditions") {
			d.Conditions = append(d.Conditions, pmo.ConditionData{Text: g.conditionText(g.text("condition", true))})
		}
	}
}

func (g *generator) conditionText(text string) string {
	if g.large {
		return strings.Repeat("<", 500)
	}
	return text
}

func (g *generator) answerTo(q *pmo.Question, o pmo.Option) pmo.Decide {
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Via: "api"}}, Question: q.ID, Verdict: o.Verdict, Reason: "because"}
	data := reflect.ValueOf(&c.Data).Elem()
	for i := range data.NumField() {
		name, _, _ := strings.Cut(data.Type().Field(i).Tag.Get("json"), ",")
		needed := slices.Contains(o.Needs, name) || name == "plan" && o.Verdict == pmo.VerdictCounter || name == "patch" && q.Kind == pmo.KindReconfirm && g.one(3, "with a patch")
		if needed || g.large && o.Effect != pmo.EffectDivert && name == "lessons" {
			data.Field(i).Set(g.value(data.Type().Field(i).Type, name, true))
		}
	}
	g.conditions(q, o, &c.Data)
	if c.Data.Of == g.r.ID {
		c.Data.Of = "r2"
	}
	if c.Data.Until != "" {
		c.Data.Until = pmo.Date(g.now.AddDate(0, 0, rapid.IntRange(2, 100).Draw(g.draw, "days")).Format(time.DateOnly))
	}
	return c
}
