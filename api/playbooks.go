package api

import (
	"context"

	"leanpmo/internal/approach/playbooks"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// Lang is the language of advice.
type Lang struct {
	Lang string `query:"lang" enum:"en,de" default:"en"`
}

type playbookOutput struct {
	Body wire.Playbook
}

func (a *API) playbook(_ context.Context, in *struct {
	Lang
	Approach string `path:"approach" enum:"checklist,kanban,scrum,scrumban,continuous_delivery,exploratory,program,xp,hybrid,predictive"`
}) (*playbookOutput, error) {
	return playbookOf(in.Approach, in.Lang.Lang, "", playbooks.Sections())
}

// requestPlaybook is the advice that a request needs now.
func (a *API) requestPlaybook(ctx context.Context, in *struct {
	RefPath
	Lang
}) (*playbookOutput, error) {
	r := &targetOf(ctx).Request
	moment, sections := playbooks.Due(r, a.Now())
	if moment == "" {
		return nil, problem.New(problem.NotFound, "no advice is due: it is when work begins, before a review and at the end")
	}
	return playbookOf(r.Approach.Name(), in.Lang.Lang, moment, sections)
}

func playbookOf(approach, lang string, moment playbooks.Moment, sections []string) (*playbookOutput, error) {
	p, err := playbooks.Of(approach, lang)
	if err != nil {
		return nil, problem.Wrap(err, problem.NotFound, "there is no such way of working")
	}
	out := wire.Playbook{Approach: approach, Language: p.Language, Title: p.Title, Moment: string(moment)}
	for _, s := range p.Only(sections...).Sections {
		out.Sections = append(out.Sections, wire.PlaybookSection(s))
	}
	return &playbookOutput{Body: out}, nil
}
