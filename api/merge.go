package api

import (
	"context"
	"encoding/json"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// partial are those parts of a body that say only what changes.
type partial struct {
	Patch   json.RawMessage `json:"patch"`
	Inputs  json.RawMessage `json:"inputs"`
	Class   json.RawMessage `json:"class"`
	Percent json.RawMessage `json:"percent"`
	Health  json.RawMessage `json:"health"`
	Blocked json.RawMessage `json:"blocked"`
	Risks   json.RawMessage `json:"risks"`

	EarnedValue json.RawMessage `json:"earned_value"`
	Measure     json.RawMessage `json:"measure"`
	Data        struct {
		Patch json.RawMessage `json:"patch"`
		Plan  json.RawMessage `json:"plan"`
	} `json:"data"`
}

// partialOf reads the body of the call again: in the decoded one null is the same as absent.
func partialOf(ctx context.Context) partial {
	var p partial
	body, _ := ctx.Value(bodyKey{}).([]byte)
	_ = json.Unmarshal(body, &p) // it was decoded before
	return p
}

// mergePatch reads a patch as a JSON merge patch and checks it: who may change its fields, and the faults it brings in.
//
// with are relations that the actor has to the request here: who answers a question about the form.
func (a *API) mergePatch(ctx context.Context, t *target, document []byte, at string, with access.Relation) (pmo.Patch, error) {
	p, err := pmo.MergePatch(document)
	if err != nil {
		return p, problem.Wrap(err, problem.Invalid, "the patch cannot be read")
	}
	object := t.object()
	object.Relation |= with
	for _, field := range p.Fields() {
		if d := access.MayChange(actorOf(ctx), field, object); !d.Allowed {
			return p, problem.New(problem.Kind(d.Kind), "%s", d.Reason)
		}
	}
	if err := a.keepHiddenNeeds(ctx, t, &p, at); err != nil {
		return p, err
	}
	if fields := a.patchFaults(&t.Request, p, at); len(fields) > 0 {
		return p, problem.InvalidFields(fields)
	}
	if p.Skills != nil {
		skills := pmo.Skills(*p.Skills)
		p.Skills = &skills
	}
	if second := p.SecondTeam; second != nil {
		second.Skills = pmo.Skills(second.Skills)
	}
	if p.Resources != nil {
		return p, a.mayNeed(ctx, &t.Request, *p.Resources, at)
	}
	return p, nil
}

// cleared reports whether a part of the body is null.
func cleared(part json.RawMessage) bool { return string(part) == "null" }

// documentPatch takes the mark of a merge patch out of the schema: the API sets it, nobody sends it.
func (a *API) documentPatch() {
	patch := a.huma.OpenAPI().Components.Schemas.Map()["Patch"]
	delete(patch.Properties, "merge")
	patch.PrecomputeMessages()
	patch.Description = "A JSON merge patch (RFC 7396): absent fields stay, also those inside a group such as inputs; null clears."

	// A counter-proposal mentions what it changes. Answers always have these fields.
	plan := a.huma.OpenAPI().Components.Schemas.Map()["Plan"]
	plan.Required = nil
	plan.PrecomputeMessages()
}
