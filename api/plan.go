package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"leanpmo/internal/approach"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/recommend"
	"leanpmo/internal/wire"
)

type planOutput struct {
	Body wire.PlanView
}

func (a *API) plan(ctx context.Context, _ *struct{ RefPath }) (*planOutput, error) {
	r := &targetOf(ctx).Request
	if r.Plan == nil {
		return nil, problem.New(problem.NotFound, "there is no plan yet; it is proposed with the approach")
	}
	agreed, err := a.Store.AgreedPlans(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	lessons, err := a.lessonsOf(ctx, r.Similar)
	if err != nil {
		return nil, err
	}
	fits := approach.Recommend(recommend.Context(r.Content, r.Lane), a.Policy.Now().ApproachRules())
	signs, err := a.signsOf(ctx, r, fits)
	if err != nil {
		return nil, err
	}
	latest := *r.LatestPlan()
	out := wire.PlanView{Agreed: r.Plan.Agreed(), Plan: *r.Plan, Version: r.PlanVersion(), Schedule: scheduleOf(*r.Plan, a.worksOf(r)), Measured: measuredOf(r),
		Baselines: []wire.PlanBaseline{}, Changes: []wire.PlanChange{}, Signs: signs, Suitability: filterOf(fits.Filter), Dimensions: dimensionsOf(fits.Radar),
		Lessons: lessons, Lacks: []wire.PlanFault{}}
	for _, e := range agreed {
		out.Baselines = append(out.Baselines, wire.PlanBaseline{At: e.At, Plan: *e.Plan})
	}
	if len(out.Baselines) > 0 {
		out.Changes = planChanges(out.Baselines[0].Plan, latest)
	}
	out.Plan.Version = r.VersionOf(r.Plan)
	if next := r.Replan; next != nil {
		out.Proposed = &wire.ProposedPlan{Plan: next.Plan, By: next.By, At: next.At, Reason: next.Reason, Changes: planChanges(*r.Plan, next.Plan)}
	}
	for _, f := range approach.CheckWhole(latest, a.worksOf(r)) {
		out.Lacks = append(out.Lacks, wire.PlanFault(f))
	}
	return &planOutput{Body: out}, nil
}

// worksOf are the days on which people work on a request: those of its portfolio's calendar.
func (a *API) worksOf(r *pmo.Request) approach.Days {
	if r.Portfolio == "" {
		return nil
	}
	return a.Policy.Now().Works(r.Portfolio)
}

// signsOf lists what speaks for a change of the plan or of the approach, while work goes on by an agreed plan. fits is what is recommended by the answers
// as they are now.
func (a *API) signsOf(ctx context.Context, r *pmo.Request, fits approach.Recommendation) ([]wire.PlanSign, error) {
	list := []wire.PlanSign{}
	if r.Closed() || r.Stage != pmo.StageExecution || !r.Plan.Agreed() {
		return list, nil
	}
	changed, err := a.changePerMonth(ctx, r)
	if err != nil {
		return nil, err
	}
	p, now := a.Policy.Now(), a.Now()
	course := approach.Course{Plan: *r.Plan, Unplanned: r.Content.Context.UnplannedShare, Started: r.StartedAt, Now: now, Today: p.DayOf(r.Portfolio, now), Fits: fits.Approach, FitsBecause: fits.Reasons[0].Text,
		Followed: r.Approach.Name() == r.Approach.Recommended}
	if r.Progress != nil {
		course.Percent = r.Progress.Percent
	}
	if changed != nil {
		measured := r.Content
		measured.Context.ChangePerMonth = changed
		course.Changed, course.Answered = changed, r.Content.Context.ChangePerMonth
		course.FitsChanged = approach.Recommend(recommend.Context(measured, r.Lane), p.ApproachRules()).Approach
	}
	for _, s := range course.Signs() {
		list = append(list, wire.PlanSign{Kind: s.Kind, Says: s.Says, Suggests: string(s.Suggests)})
	}
	return list, nil
}

// changePerMonth is the percentage of the scope that changed in a month so far; nil where it is not known, or nobody said what to expect.
func (a *API) changePerMonth(ctx context.Context, r *pmo.Request) (*float64, error) {
	if r.Content.Context.ChangePerMonth == nil {
		return nil, nil
	}
	entries, err := a.Store.CompletionEntries(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return pmo.BurnUpOf(entries, r.Completion()).ChangePerMonth(a.Now()), nil
}

func planChanges(was, is pmo.Plan) []wire.PlanChange {
	list := []wire.PlanChange{}
	for _, d := range approach.Compare(was, is) {
		list = append(list, wire.PlanChange(d))
	}
	return list
}

// scheduleOf is the critical path; nil without work packages, and while an estimate is missing.
func scheduleOf(plan pmo.Plan, works approach.Days) *wire.PlanSchedule {
	s, faults := approach.ScheduleOf(plan.WorkPackages)
	if len(plan.WorkPackages) == 0 || len(faults) > 0 || len(s.Missing) > 0 {
		return nil
	}
	start, err := plan.Start.Time(time.UTC)
	on := func(days float64) pmo.Date {
		if err != nil {
			return ""
		}
		return pmo.Date(approach.AfterWorking(start, days, works).Format(time.DateOnly))
	}
	out := &wire.PlanSchedule{Critical: s.Critical, Duration: s.Duration, Deviation: s.Deviation, Expected: on(s.Duration), P85: on(s.P85())}
	for _, p := range s.Packages {
		out.Packages = append(out.Packages, wire.PlanPackage{ID: p.ID, Name: p.Name, Mean: p.Mean, Deviation: p.Deviation, Slack: p.Slack, Critical: p.Critical,
			Starts: on(p.EarlyStart + 1), Ends: on(p.EarlyFinish)})
	}
	return out
}

// measuredOf is the earned value of the latest measurement; nil without one.
func measuredOf(r *pmo.Request) *wire.PlanEarnedValue {
	if r.Plan.Budget == nil || r.Progress == nil || r.Progress.EarnedValue == nil {
		return nil
	}
	v := approach.Earned(*r.Plan.Budget, *r.Progress.EarnedValue)
	return &wire.PlanEarnedValue{EarnedValue: *r.Progress.EarnedValue, Unit: r.Plan.Budget.Unit, Budget: r.Plan.Budget.Total,
		ScheduleVariance: v.ScheduleVariance, CostVariance: v.CostVariance, ScheduleIndex: v.ScheduleIndex, CostIndex: v.CostIndex,
		AtCompletion: v.AtCompletion, ToComplete: v.ToComplete, Variance: v.VarianceAtCompletion, NeededIndex: v.NeededIndex}
}

type draftPlanInput struct {
	RefPath
	Approach string `query:"approach" enum:"checklist,kanban,scrum,scrumban,continuous_delivery,exploratory,program,xp,hybrid,predictive" doc:"Absent: the one in force, else the recommended one"`
}

type draftPlanOutput struct {
	Body wire.PlanDraft
}

// draftPlan drafts a plan of the weight of an approach, to begin a proposal with. It writes nothing.
func (a *API) draftPlan(ctx context.Context, in *draftPlanInput) (*draftPlanOutput, error) {
	r, now := &targetOf(ctx).Request, a.Now()
	days, finished, err := a.forecasts.CycleTime(ctx, r.Portfolio, approach.ExpectedShare, now)
	if err != nil {
		return nil, err
	}
	p := a.Policy.Now()
	advice := approach.Recommend(recommend.Context(r.Content, r.Lane), p.ApproachRules())
	plan := recommend.Draft(r.Content, advice, cmp.Or(in.Approach, r.Approach.Name()), p.DayOf(r.Portfolio, now), approach.CycleTimes{Days: days, Finished: finished}, a.worksOf(r))
	if plan.Approach == string(approach.Checklist) && r.Assignment != nil && len(r.Assignment.Leads) > 0 {
		plan.Owner = r.Assignment.Leads[0]
	}
	return &draftPlanOutput{Body: wire.PlanDraft{Version: r.PlanVersion(), Plan: plan}}, nil
}

const proposePlanAbout = "A whole plan, of the same or another approach; requester and team are asked. An agreed plan stays in force until both agree on the new one. " +
	"A milestone that names work packages and has no date gets the one that their three-point estimates give. "

type proposePlanInput struct {
	RefPath
	Keyed
	Body wire.PlanProposal
}

// proposePlan proposes a whole plan. What does not add up is refused here, with its field.
func (a *API) proposePlan(ctx context.Context, in *proposePlanInput) (*receipt, error) {
	b, r := in.Body, &targetOf(ctx).Request
	plan := approach.WithDates(b.Plan, a.worksOf(r))
	plan.Approach = cmp.Or(b.Approach, r.Approach.Name())
	if fields := planFaults("/plan", approach.CheckWhole(plan, a.worksOf(r))); len(fields) > 0 {
		return nil, problem.InvalidFields(fields)
	}
	return a.command(ctx, contract.UpdateProposePlan, &pmo.ProposePlan{Version: b.Version, Approach: b.Approach, Plan: plan, Reason: b.Reason}, by(ctx), in.Key)
}

func planFaults(at string, faults []approach.Fault) []problem.Field {
	var fields []problem.Field
	for _, f := range faults {
		fields = append(fields, problem.Field{Pointer: at + f.Pointer, Detail: f.Detail})
	}
	return fields
}

// counterFaults are why a counter-proposal makes a plan that does not add up, and gives its milestones the dates of its estimates. What was
// wrong before it is not its fault.
func counterFaults(r *pmo.Request, works approach.Days, proposal *pmo.Plan, chosen string) []problem.Field {
	if fields := refused(r.CheckCounter(*proposal, chosen)); len(fields) > 0 {
		return fields
	}
	var before pmo.Plan
	if plan := r.LatestPlan(); plan != nil && (chosen == "" || chosen == plan.Approach) {
		before = *plan
	}
	after := before.Counter(*proposal)
	if dated := approach.WithDates(after, works); !slices.EqualFunc(dated.Milestones, after.Milestones, func(a, b pmo.Milestone) bool { return a.Due == b.Due }) {
		proposal.Milestones, after = dated.Milestones, dated
	}
	known := approach.Check(before, works)
	return planFaults("/data/plan", slices.DeleteFunc(approach.Check(after, works), func(f approach.Fault) bool { return slices.Contains(known, f) }))
}
