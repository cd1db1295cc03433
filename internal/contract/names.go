// Package contract holds what recorded histories and outside callers depend on: durable names, messages, ids and search
// attributes. Nothing in it may be renamed or reordered: a running request would no longer be found or replayed.
// tests/arch compares the names with a golden file.
package contract

// Workflow types.
const (
	WorkflowRequest           = "Request"
	WorkflowPrioritizationRun = "PrioritizationRun"
	WorkflowWorkItem          = "WorkItem" // one work item in the team's tool
)

// Task queues.
const (
	QueueMain         = "pmo"
	QueueIntegrations = "pmo-integrations" // calls to the outside, so that a slow one starves nobody
)

// Updates of a Request. Their payloads are the command types of internal/pmo.
const (
	UpdateReceipt  = "Receipt"
	UpdateDecide   = "Decide"
	UpdateAmend    = "Amend"
	UpdateProgress = "ReportProgress"
	UpdateWithdraw = "Withdraw"
	UpdateHold     = "Hold"
	UpdateResume   = "Resume"
	UpdateCancel   = "Cancel"
	UpdateReassign = "Reassign"
	UpdateInputs   = "SetInputs"
	UpdateWatch    = "Watch"
	UpdatePull     = "Pull"
	UpdateWake     = "Wake" // the requester ends a deferral early

	UpdateRaid        = "LogRaid"     // adds an entry to the RAID log, or clears one
	UpdateProposePlan = "ProposePlan" // before a plan is agreed, or while work goes on by it
)

// Signals of a Request.
const (
	SignalDecide   = "decide"    // a decision without an authenticated sender, checked by the activity CheckActor
	SignalPulled   = "pulled"    // from a prioritization run: the request has a slot
	SignalCapacity = "capacity"  // from a prioritization run: look for a team again
	SignalWatch    = "watch"     // people of a merged request go on watching here
	SignalWorkItem = "work_item" // from the workflow of its work item: what became of a requested state
	SignalPeople   = "people"    // the directory or a delegation has changed: see who may answer the open questions
)

// SignalWanted is the signal to a WorkItem: the state its item ought to have in the tool.
const SignalWanted = "wanted"

// Queries of a Request.
const (
	QuerySnapshot      = "Snapshot"      // its state
	QueryCachedReceipt = "CachedReceipt" // the answer to a command that was given before, also after the request has closed
)

// MemoDigest is the memo key of the submitted body's digest.
const MemoDigest = "digest"

// Version markers of workflow.GetVersion. A request that began before a change goes on as it did.
const (
	ChangeProcess          = "process"            // its versions are those of pmo.ProcessVersion; from 1 on, the two below hold without a marker
	ChangeKeepEarlierTimer = "patient-alarm"      // the deadline timer is moved only to an earlier time; PmoDueAt mirrors it
	ChangeWorkItemWorkflow = "work-item-workflow" // a work item has a workflow of its own instead of calls from the request
	ChangeRunCompensation  = "run-compensation"   // a cancelled prioritization run tells of the slots it gave
)

// Activities.
const (
	ActivityAdmit      = "Admit"
	ActivityRoute      = "Route"
	ActivityAsk        = "Ask"
	ActivityRecommend  = "Recommend"
	ActivityAssign     = "Assign"
	ActivityProject    = "Project"
	ActivityCheckActor = "CheckActor"
	ActivityRank       = "Rank"
	ActivityReturnSlot = "ReturnSlot"
	ActivityOpenWork   = "OpenWork"
	ActivityUpdateWork = "UpdateWork"
	ActivityCheckMerge = "CheckMerge" // may the request go on in others?
	ActivitySendWanted = "SendWanted" // sends a state to the workflow of a work item
)
