package access

import (
	"maps"
	"slices"
	"strings"
)

// Action is something a route does.
type Action string

// The actions, in the order of the API's table of routes.
const (
	Submit            Action = "submit"
	SubmitFor         Action = "submit_for" // with another person as the true requester
	ListRequests      Action = "list_requests"
	ReadRequest       Action = "read_request"
	ReadLedger        Action = "read_ledger"
	ReadExplanation   Action = "read_explanation"
	ReadForecast      Action = "read_forecast"
	ReadPlan          Action = "read_plan"
	Amend             Action = "amend"
	Answer            Action = "answer"
	ReportProgress    Action = "report_progress"
	ProposePlan       Action = "propose_plan"
	LogRaid           Action = "log_raid" // risks, assumptions, issues, dependencies and blockers of work under way
	Withdraw          Action = "withdraw"
	Hold              Action = "hold"
	Resume            Action = "resume"
	Cancel            Action = "cancel"
	Reassign          Action = "reassign"
	Pull              Action = "pull"
	SetInputs         Action = "set_inputs"
	Wake              Action = "wake"
	WatchSelf         Action = "watch"
	Share             Action = "share" // make others watch: on a confidential request that lets them read
	Comment           Action = "comment"
	SpendPoints       Action = "spend_points" // the stakeholders' points that the policy gives out
	Attach            Action = "attach"
	Detach            Action = "detach"             // what somebody else attached
	ReadContact       Action = "read_contact"       // who asked for it without an account
	RevokeStatusLink  Action = "revoke_status_link" // of who asked without an account
	KeepDrafts        Action = "keep_drafts"        // of submissions
	SetNotifications  Action = "set_notifications"  // what one hears of, for oneself
	KeepViews         Action = "keep_views"         // filters of lists, for oneself
	ReadInbox         Action = "read_inbox"
	ReadEvents        Action = "read_events"   // as they happen; of each, whoever may read its request
	ReadCalendar      Action = "read_calendar" // the feed of one's own days, by an address with a token
	SetDelegation     Action = "set_delegation"
	ReadBacklog       Action = "read_backlog"
	RunPrioritization Action = "run_prioritization"
	ReadRuns          Action = "read_runs"
	SayKeyResult      Action = "say_key_result" // what a key result of an objective is now
	ReadTeams         Action = "read_teams"
	EditTeam          Action = "edit_team"
	EditResources     Action = "edit_resources" // what requests of a portfolio share
	ImportHistory     Action = "import_history" // finished work of other tools
	ReadPolicy        Action = "read_policy"
	ProposePolicy     Action = "propose_policy"
	DecidePolicy      Action = "decide_policy" // accept or reject what somebody else proposed
	WithdrawPolicy    Action = "withdraw_policy"
	ReadPeople        Action = "read_people"
	ReadReports       Action = "read_reports"
	ReadOwnAccess     Action = "read_own_access"   // one's own tokens and sessions
	ManageOwnAccess   Action = "manage_own_access" // make and revoke one's tokens, end one's sessions
	ReadAccess        Action = "read_access"       // everybody's
	ManageAccess      Action = "manage_access"     // everybody's; tokens are made for services alone
	ReadAudit         Action = "read_audit"        // the office ledger
	ReadChannels      Action = "read_channels"     // what became of the notifications of each endpoint
	ManageChannels    Action = "manage_channels"   // send again what was given up, enable what was disabled
	ReadOwnChat       Action = "read_own_chat"     // in which chat one is told, without its address
	SetOwnChat        Action = "set_own_chat"      // the address of it
	ReadChats         Action = "read_chats"        // those of groups and portfolios
	SetChats          Action = "set_chats"
)

type rule struct {
	scope     Scope    // what a token must be made for to do it; empty: no token that is limited does
	anyone    bool     // everybody signed in
	roles     []Role   // or one of these
	relations Relation // or one of these
	execution Relation // or one of these, once work is under way
	request   bool     // acts on one request, which must be visible
	judges    bool     // decides on a request's fate: not its own people
	others    bool     // decides on what somebody proposed: not the proposer
}

var submitters = []Role{RoleRequester, RoleApprover, RoleTeam, RolePMO}

var pmoOnly = []Role{RolePMO}

// rules is the whole table. What is read over many requests is filtered row by row by who may see each.
var rules = map[Action]rule{
	Submit:            {scope: ScopeSubmit, roles: submitters},
	SubmitFor:         {scope: ScopeSubmit, roles: submitters},
	ListRequests:      {scope: ScopeRead, anyone: true},
	ReadRequest:       {scope: ScopeRead, anyone: true, request: true},
	ReadLedger:        {scope: ScopeRead, anyone: true, request: true},
	ReadExplanation:   {scope: ScopeRead, anyone: true, request: true},
	ReadForecast:      {scope: ScopeRead, anyone: true, request: true},
	ReadPlan:          {scope: ScopeRead, anyone: true, request: true},
	Amend:             {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester | SubmittedBy, execution: Lead},
	Answer:            {scope: ScopeAnswer, anyone: true, request: true}, // whom the question asks: Eligible
	ReportProgress:    {scope: ScopeReport, request: true, relations: Lead | Member | Tool},
	LogRaid:           {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester | SubmittedBy | Lead | Member},
	ProposePlan:       {scope: ScopeChange, request: true, relations: Requester | Lead | Member},
	Withdraw:          {scope: ScopeChange, request: true, relations: Requester},
	Hold:              {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester},
	Resume:            {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester},
	Cancel:            {scope: ScopeOffice, request: true, roles: pmoOnly},
	Reassign:          {scope: ScopeOffice, request: true, roles: pmoOnly, judges: true},
	Pull:              {scope: ScopeOffice, request: true, roles: pmoOnly, judges: true},
	SetInputs:         {scope: ScopeOffice, request: true, roles: pmoOnly, relations: Sponsor, judges: true},
	Wake:              {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester},
	WatchSelf:         {scope: ScopeChange, anyone: true, request: true},
	Share:             {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester | SubmittedBy | Sponsor | Lead},
	Comment:           {scope: ScopeChange, anyone: true, request: true},
	SpendPoints:       {scope: ScopeChange, anyone: true, request: true}, // their own, and those of their groups
	Attach:            {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester | SubmittedBy | Sponsor | NamedSponsor | Watcher | Asked | Delegate | ForRequester | Lead | Member},
	Detach:            {scope: ScopeChange, request: true, roles: pmoOnly, relations: Requester | SubmittedBy},
	ReadContact:       {scope: ScopeRead, request: true, roles: pmoOnly, relations: Requester | SubmittedBy | Asked | Delegate | ForRequester | Lead},
	RevokeStatusLink:  {scope: ScopeOffice, request: true, roles: pmoOnly},
	KeepDrafts:        {scope: ScopeSubmit, roles: submitters},
	SetNotifications:  {scope: ScopeChange, anyone: true},
	KeepViews:         {scope: ScopeChange, anyone: true},
	ReadInbox:         {scope: ScopeRead, anyone: true},
	ReadEvents:        {scope: ScopeRead, anyone: true},
	ReadCalendar:      {scope: ScopeCalendar, anyone: true},
	SetDelegation:     {anyone: true},
	ReadBacklog:       {scope: ScopeRead, anyone: true},
	RunPrioritization: {scope: ScopeOffice, roles: pmoOnly},
	ReadRuns:          {scope: ScopeRead, anyone: true},
	SayKeyResult:      {scope: ScopeOffice, roles: pmoOnly},
	ReadTeams:         {scope: ScopeRead, anyone: true},
	EditTeam:          {scope: ScopeOffice, roles: []Role{RolePMO, RoleAdmin}, relations: Lead},
	EditResources:     {scope: ScopeOffice, roles: []Role{RolePMO, RoleAdmin}},
	ReadPolicy:        {scope: ScopeRead, anyone: true},
	ProposePolicy:     {scope: ScopeOffice, roles: pmoOnly},
	DecidePolicy:      {scope: ScopeOffice, roles: pmoOnly, others: true},
	WithdrawPolicy:    {scope: ScopeOffice, relations: Proposer},
	ReadPeople:        {scope: ScopeRead, anyone: true},
	ImportHistory:     {scope: ScopeOffice, roles: []Role{RolePMO, RoleAdmin}},
	ReadReports:       {scope: ScopeRead, anyone: true},
	ReadOwnAccess:     {scope: ScopeRead, anyone: true},
	ManageOwnAccess:   {anyone: true},
	ReadAccess:        {scope: ScopeRead, roles: []Role{RoleAuditor, RoleAdmin}},
	ManageAccess:      {roles: []Role{RoleAdmin}},
	ReadAudit:         {scope: ScopeRead, roles: []Role{RoleAuditor, RoleAdmin}},
	ReadChannels:      {scope: ScopeRead, roles: []Role{RoleAdmin}},
	ManageChannels:    {roles: []Role{RoleAdmin}},
	ReadOwnChat:       {scope: ScopeRead, anyone: true},
	SetOwnChat:        {anyone: true},
	ReadChats:         {scope: ScopeRead, roles: []Role{RolePMO, RoleAdmin}},
	SetChats:          {roles: []Role{RolePMO, RoleAdmin}},
}

// Actions lists every action, sorted.
func Actions() []Action { return slices.Sorted(maps.Keys(rules)) }

// Administrative reports whether the action is for people of the office alone, on no request: a refused attempt is written to the office ledger.
func Administrative(action Action) bool {
	r, known := rules[action]
	return known && !r.request && !r.anyone && !slices.ContainsFunc(r.roles, func(role Role) bool { return !slices.Contains(officeRoles, role) })
}

var officeRoles = []Role{RolePMO, RoleAuditor, RoleAdmin}

// OnRequest reports whether the action is done to one request.
func OnRequest(action Action) bool { return rules[action].request }

var relationWords = []struct {
	relation Relation
	words    string
}{
	{Requester, "the requester"}, {SubmittedBy, "who submitted it"}, {Sponsor, "the sponsor"}, {Watcher, "a watcher"},
	{Asked, "who is asked"}, {Delegate, "their delegate"}, {Lead, "the team's lead"}, {Member, "the team"},
	{Tool, "the team's tool"}, {Proposer, "who proposed it"},
}

var roleWords = map[Role]string{
	RoleRequester: "a requester", RoleApprover: "an approver", RoleTeam: "a team", RolePMO: "the PMO",
	RoleAuditor: "an auditor", RoleAdmin: "an administrator",
}

// who lists in words whom the rule allows.
func (r rule) who() string {
	var words []string
	for _, w := range relationWords {
		if (r.relations|r.execution)&w.relation != 0 {
			words = append(words, w.words)
		}
	}
	for _, role := range r.roles {
		words = append(words, roleWords[role])
	}
	return strings.Join(words, " or ")
}
