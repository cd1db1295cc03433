package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// WorkItem keeps one item in a team's tool as its request wants it. It takes wanted states by the signal SignalWanted, of which the newest
// counts, calls the tool until the state is reached or patience is over, and reports to the request. It ends with the item, or when the
// tool refused to open one.
func WorkItem(ctx workflow.Context, in contract.WorkItemInput) error {
	w := &workItem{in: in, wanted: in.Wanted, id: in.ID, url: in.URL, mayExist: in.MayExist, reported: in.Reported}
	w.signals = workflow.GetSignalChannel(ctx, contract.SignalWanted)
	for !w.ended() {
		if w.reported {
			if err := w.awaitWanted(ctx); err != nil {
				return err
			}
		}
		w.takeNewest()
		if err := w.sync(ctx); err != nil {
			return err
		}
	}
	return nil
}

// workItem is one execution of WorkItem.
type workItem struct {
	in       contract.WorkItemInput
	signals  workflow.ReceiveChannel
	wanted   contract.WorkItemWanted
	id, url  string            // of the item; empty while the tool has none, or it is not known
	mayExist bool              // without an id: an attempt to open it may have reached the tool
	reached  pmo.WorkItemState // the state the tool confirmed last
	reported bool              // the request has the report on wanted

	abandoned bool // the request's workflow is gone: nobody wants anything any more
}

// ended reports whether nothing is left to do: the item has ended, or there is none, and the request knows.
func (w *workItem) ended() bool {
	gone := w.id == "" && !w.mayExist
	return w.abandoned || w.reported && w.signals.Len() == 0 && (w.wanted.State.Status.Ended() || gone)
}

// awaitWanted waits for another wanted state, in a new execution when the history has grown long.
func (w *workItem) awaitWanted(ctx workflow.Context) error {
	if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && w.signals.Len() == 0 {
		in := w.in
		in.ID, in.URL, in.MayExist, in.Wanted, in.Reported = w.id, w.url, w.mayExist, w.wanted, true
		return workflow.NewContinueAsNewError(ctx, contract.WorkflowWorkItem, in)
	}
	return workflow.Await(ctx, func() bool { return w.signals.Len() > 0 })
}

// takeNewest skips wanted states that are outdated already.
func (w *workItem) takeNewest() {
	for w.signals.ReceiveAsync(&w.wanted) {
		w.reported = false
	}
}

// sync calls the tool for the wanted state and reports, unless another state is wanted meanwhile.
func (w *workItem) sync(ctx workflow.Context) error {
	report := pmo.WorkItemReport{State: w.wanted.State}
	if w.id == "" || !w.wanted.State.Equal(w.reached) {
		var superseded bool
		if report, superseded = w.callTool(ctx); ctx.Err() != nil || superseded {
			return ctx.Err()
		}
	}
	report.ID, report.URL, report.MayExist = w.id, w.url, w.mayExist
	report.Says = report.Sentence()
	w.reported = true
	err := workflow.SignalExternalWorkflow(ctx, contract.RequestWorkflowID(w.in.Request), "", contract.SignalWorkItem, report).Get(ctx, nil)
	if err != nil && ctx.Err() == nil {
		workflow.GetLogger(ctx).Warn("no request takes the report; the item is left as it is", "error", err)
		w.abandoned = true
	}
	return ctx.Err()
}

// callTool calls the tool until the state is reached, patience is over, or another state is wanted.
func (w *workItem) callTool(ctx workflow.Context) (report pmo.WorkItemReport, superseded bool) {
	report.State = w.wanted.State
	patience := toolPatience
	if w.wanted.Final {
		patience = toolFinalPatience
	}
	opening := report.State.Status == pmo.WorkOpen && w.id == ""
	callCtx, cancel := workflow.WithCancel(integrationOptions(ctx, callSummary(report.State, opening), patience))
	defer cancel()
	call := w.execute(callCtx, opening)
	if workflow.Await(ctx, func() bool { return call.IsReady() || w.signals.Len() > 0 }) != nil {
		return report, false
	}
	if superseded = !call.IsReady(); superseded {
		cancel()
	}
	var out contract.UpdatedWork
	if err := w.answer(ctx, call, opening, &out); err != nil {
		fault := faultOf(err)
		report.Fault = &fault
		w.mayExist = w.mayExist || opening && !fault.Refused
		return report, superseded
	}
	w.id, w.mayExist, w.reached, report.Missing = out.ID, false, report.State, out.Missing
	return report, superseded
}

func callSummary(state pmo.WorkItemState, opening bool) string {
	if opening {
		return "the work item is opened"
	}
	return "the work item is set to " + string(state.Status)
}

func (w *workItem) execute(ctx workflow.Context, opening bool) workflow.Future {
	state := w.wanted.State
	if opening {
		return workflow.ExecuteActivity(ctx, contract.ActivityOpenWork, contract.OpenWorkInput{Key: state.Key, ID: w.in.Request, Number: w.in.Number,
			Title: state.Title, Summary: w.wanted.Summary, Team: w.in.Team, Approach: w.wanted.Approach, Milestones: w.wanted.Milestones})
	}
	return workflow.ExecuteActivity(ctx, contract.ActivityUpdateWork, contract.UpdateWorkInput{Key: state.Key, Work: w.id, Title: state.Title,
		Summary: w.wanted.Summary, Status: state.Status, Reason: state.Reason})
}

// answer waits for the call, also for a cancelled one, and reads what the tool answered.
func (w *workItem) answer(ctx workflow.Context, call workflow.Future, opening bool, out *contract.UpdatedWork) error {
	if !opening {
		return call.Get(ctx, out)
	}
	var opened contract.OpenedWork
	err := call.Get(ctx, &opened)
	if err == nil {
		out.ID, w.url = opened.ID, opened.URL
	}
	return err
}

// faultOf reads why a call failed. What the activity knows of it is in the details.
func faultOf(err error) pmo.SyncFault {
	fault := pmo.SyncFault{Reason: "it did not answer in time"}
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		if app.Details(&fault) != nil || fault.Reason == "" {
			fault.Reason = app.Message()
		}
	}
	return fault
}
