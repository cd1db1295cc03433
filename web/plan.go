package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/client"
	"leanpmo/internal/planfile"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

type planView struct {
	Request  *wire.Request
	Plan     *wire.PlanView
	Latest   *pmo.Plan // what a proposal begins with
	Version  int
	Chosen   string // the approach of the form
	Controls []control
	YAML     control // the same plan as a document
	Reason   control
	Faults   []string
	Key      string
	Proposes bool // the reader may propose
	Editing  bool // the form is shown open
}

// planPage shows the plan of a request, and to those who may propose another one the form for it. Another approach begins with its skeleton.
func (s *Site) planPage(w http.ResponseWriter, r *http.Request) error {
	view, err := s.planOf(r, r.URL.Query().Get("approach"))
	if err != nil {
		return err
	}
	view.Key = client.NewKey()
	return render(s, w, r, http.StatusOK, "plan", view)
}

func (s *Site) planOf(r *http.Request, chosen string) (planView, error) {
	ref := chi.URLParam(r, "ref")
	request, err := s.api.Request(r.Context(), ref)
	if err != nil {
		return planView{}, err
	}
	plan, err := s.api.Plan(r.Context(), ref)
	if err != nil {
		return planView{}, err
	}
	view := planView{Request: &request.Value, Plan: &plan.Value, Latest: &plan.Value.Plan, Version: plan.Value.Version, Proposes: slices.Contains(request.Value.Commands, "plan")}
	if next := plan.Value.Proposed; next != nil {
		view.Latest = &next.Plan
	}
	view.Chosen = view.Latest.Approach
	if chosen != "" && chosen != view.Chosen && slices.Contains(pmo.Approaches(), chosen) {
		draft, err := s.api.DraftPlan(r.Context(), ref, chosen)
		if err != nil {
			return view, err
		}
		draft.Value.Plan.Conditions = view.Latest.Conditions
		view.Latest, view.Chosen, view.Editing = &draft.Value.Plan, chosen, true
	}
	return view, view.form(s.readerOf(r))
}

// Replan reports whether the latest review asks for another plan that nobody has proposed yet.
func (v planView) Replan() bool {
	state := pmo.Request(v.Request.State)
	return state.WantsReplan()
}

// form fills the controls with the plan that a proposal begins with.
func (v *planView) form(t *reader) error {
	v.Controls = append(planForm(t, v.Latest, v.Chosen), planConditionControls(t, v.Request)...)
	document, err := planfile.Write(*v.Latest)
	v.YAML = control{Name: "yaml", Type: typeArea, Label: t.T("plan.yaml"), Help: t.T("plan.yaml_help"), Value: string(document), Apart: true}
	v.Reason = control{Name: "reason", Type: typeArea, Label: t.T("plan.reason"), Required: true, Apart: true}
	return err
}

// proposePlan proposes what the form or the document says.
func (s *Site) proposePlan(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.planOf(r, r.PostForm.Get("approach"))
	if err != nil {
		return err
	}
	if !view.Proposes {
		return errNotNow
	}
	view.Key, view.Editing = r.PostForm.Get("key"), true
	plan, read := view.read(r.PostForm)
	if read {
		body := wire.PlanProposal{Version: view.versionOf(r.PostForm), Approach: plan.Approach, Plan: plan, Reason: view.Reason.Value}
		receipt, err := s.api.ProposePlanKeyed(r.Context(), view.Request.ID, body, keyOf(r))
		if err == nil {
			return s.toRequest(w, r, refOf(view.Request.Number, view.Request.ID), receipt.Value)
		}
		var named bool
		if view.Faults, named = blame(view.Controls, "/plan", err); !named {
			return err
		}
		if r.PostForm.Get("form") == "yaml" {
			view.YAML.Error = strings.Join(append(view.Faults, faultsOf(view.Controls)...), "; ")
		}
	}
	return render(s, w, r, http.StatusUnprocessableEntity, "plan", view)
}

func faultsOf(controls []control) (list []string) {
	for _, c := range controls {
		if c.Error != "" {
			list = append(list, c.Name+": "+c.Error)
		}
	}
	return list
}

// versionOf is the version that the form was made for, so that a plan that somebody proposed meanwhile is not overwritten.
func (v *planView) versionOf(sent url.Values) int {
	var version int
	for _, digit := range sent.Get("version") {
		if digit < '0' || digit > '9' || version > 1e6 {
			return -1
		}
		version = 10*version + int(digit-'0')
	}
	return version
}

// read is the plan that was sent; false where it cannot be read, which the controls then say.
func (v *planView) read(sent url.Values) (pmo.Plan, bool) {
	v.Reason.Value = strings.TrimSpace(sent.Get("reason"))
	ok := v.Reason.Value != ""
	if !ok {
		v.Reason.Error = "required"
	}
	if sent.Get("form") == "yaml" {
		v.YAML.Value = sent.Get("yaml")
		plan, faults := planfile.Read([]byte(v.YAML.Value))
		for _, f := range faults {
			v.YAML.Error = strings.TrimPrefix(v.YAML.Error+"; "+f.String(), "; ")
		}
		plan.Conditions = v.Latest.Conditions
		return plan, ok && len(faults) == 0
	}
	v.Controls = fill(v.Controls, sent)
	plan, read := planFrom(*v.Latest, v.Controls)
	plan.Approach = v.Chosen
	answers := answerView{Request: v.Request, Controls: v.Controls}
	data := pmo.Data{Plan: &plan}
	plan.Conditions = nil
	for _, c := range toFulfil(v.Request) {
		answers.addPlanCondition(&data, c.ID)
	}
	return plan, ok && read
}

type planChangesPart struct {
	Changes []wire.PlanChange
	Page    *reader
}

// PlanChange says one way in which a plan differs from another.
func (t *reader) PlanChange(c wire.PlanChange) string {
	part := func(text string) string {
		switch {
		case text == "":
			return t.T("plan.none")
		case c.What == "approach":
			return t.Word("approach", text)
		case pmo.Date(text).Valid():
			return t.Day(pmo.Date(text)).Exact
		}
		return text
	}
	says := t.T("plan.change", "what", strings.TrimSpace(t.T("plan.what."+c.What)+" "+c.Name), "was", part(c.Was), "is", part(c.Is))
	switch {
	case c.Days > 0:
		says += " " + t.T("plan.later", "n", c.Days)
	case c.Days < 0:
		says += " " + t.T("plan.earlier", "n", -c.Days)
	}
	return says
}

// PlanField names the field of a plan that a JSON pointer leads to.
func (t *reader) PlanField(pointer string) string {
	field := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	for ; field != ""; field = field[:max(strings.LastIndexByte(field, '.'), 0)] {
		if t.Has("field.plan." + field) {
			return t.T("field.plan." + field)
		}
	}
	return pointer
}

// PlanApproaches are the approaches that a proposal may begin with.
func (t *reader) PlanApproaches() []choice { return approachChoices(t) }
