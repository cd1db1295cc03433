package tools

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// linear opens issues in one team of Linear.
type linear struct {
	graphQL
	team string
}

var teamPattern = regexp.MustCompile(`^[A-Z][A-Z0-9]{0,9}$`)

// NewLinear makes the adapter for Linear.
func NewLinear(c Config, log *slog.Logger) (*Tracker, error) {
	if !teamPattern.MatchString(c.Project) {
		return nil, errors.New("a Linear project is the key of a team, such as PMO")
	}
	r, err := newREST("Linear", cmp.Or(c.URL, "https://api.linear.app"), c.Guard, func(req *http.Request) { req.Header.Set("Authorization", c.Token) })
	if err != nil {
		return nil, err
	}
	r.refused = linearRefused
	return newTracker(&linear{graphQL{r}, c.Project}, log), nil
}

type linearLabel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type linearIssue struct {
	ID          string    `json:"id"`
	URL         string    `json:"url"`
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Updated     time.Time `json:"updatedAt"`
	State       struct {
		Type string `json:"type"` // triage, backlog, unstarted, started, completed, canceled, duplicate
	} `json:"state"`
	Assignee *struct {
		Name string `json:"displayName"`
	} `json:"assignee"`
}

func (l linearIssue) issue(labels []linearLabel) issue {
	i := delivery.Item{ID: l.ID, URL: l.URL, Title: l.Title, Labels: []string{}, UpdatedAt: l.Updated}
	i.Key, i.Request = linearKey(l.ID, l.Description)
	for _, own := range labels {
		i.Labels = append(i.Labels, own.Name)
	}
	if l.Assignee != nil {
		i.Assignee = l.Assignee.Name
	}
	dropped := l.State.Type == "canceled" || l.State.Type == "duplicate"
	i.Status = statusOf(dropped || l.State.Type == "completed", dropped, i.Labels)
	return issue{withProgress(i), linearBody{l.Description, labels}}
}

// linearBody is what a change of an issue starts from.
type linearBody struct {
	description string
	labels      []linearLabel
}

// linearID is the id that an issue is created with. It follows from the key, so that one key cannot open two issues, and a look-up needs
// no search. Linear takes random UUIDs (version 4) only.
func linearID(key string) string {
	sum := sha256.Sum256([]byte("leanpmo/" + key))
	id := uuid.UUID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id.String()
}

// Linear's texts cannot hold hidden marks: the key is the last line of our part, as code.
var linearMark = regexp.MustCompile("`leanpmo:([0-9a-f-]{36}/[0-9]{1,9})`")

// linearKey returns the key in a text whose issue has the id that follows from it. A copied text has none.
func linearKey(id, text string) (key, request string) {
	for _, m := range linearMark.FindAllStringSubmatch(text, -1) {
		if linearID(m[1]) == id {
			request, _, _ = strings.Cut(m[1], "/")
			return m[1], request
		}
	}
	return "", ""
}

const linearFields = `id url title description updatedAt state { type } assignee { displayName } labels(first: 50) { nodes { id name } }`

type linearNode struct {
	linearIssue
	Labels struct {
		Nodes []linearLabel `json:"nodes"`
	} `json:"labels"`
}

func (l *linear) byID(ctx context.Context, id string) (issue, bool, error) {
	var found struct {
		Issues struct {
			Nodes []linearNode `json:"nodes"`
		} `json:"issues"`
	}
	query := `query Issue($id: ID!) { issues(first: 1, includeArchived: true, filter: {id: {eq: $id}}) { nodes { ` + linearFields + ` } } }`
	if err := l.ask(ctx, query, map[string]any{"id": id}, &found); err != nil || len(found.Issues.Nodes) == 0 {
		return issue{}, false, err
	}
	node := found.Issues.Nodes[0]
	return node.issue(node.Labels.Nodes), true, nil
}

func (l *linear) find(ctx context.Context, key string) (issue, bool, error) {
	i, found, err := l.byID(ctx, linearID(key))
	return i, found && i.Key == key, err
}

func (l *linear) create(ctx context.Context, key string, n delivery.New) (issue, error) {
	team, err := l.setting(ctx)
	if err != nil {
		return issue{}, err
	}
	labels, err := l.labels(ctx, team, labelOurs, "team:"+n.Team)
	if err != nil {
		return issue{}, err
	}
	var created struct {
		Result struct {
			Issue linearNode `json:"issue"`
		} `json:"issueCreate"`
	}
	input := map[string]any{"id": linearID(key), "teamId": team.ID, "title": title(n.Title), "description": linearText(key, n), "labelIds": labels}
	err = l.ask(ctx, `mutation Open($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { `+linearFields+` } } }`, map[string]any{"input": input}, &created)
	if e := problem.As(err); e != nil && e.Kind == problem.Invalid { // another adapter may have opened it in this moment
		if i, found, again := l.find(ctx, key); again == nil && found {
			return i, nil
		}
	}
	node := created.Result.Issue
	return node.issue(node.Labels.Nodes), err
}

func (l *linear) read(ctx context.Context, id string) (issue, error) {
	noItem := problem.New(problem.NotFound, "there is no such work item")
	if uuid.Validate(id) != nil {
		return issue{}, noItem
	}
	i, found, err := l.byID(ctx, id)
	if err == nil && (!found || i.Key == "") {
		err = noItem
	}
	return i, err
}

func (l *linear) edit(ctx context.Context, now issue, p delivery.Patch) error {
	old, _ := now.body.(linearBody)
	input := map[string]any{}
	if p.Title != nil {
		input["title"] = title(*p.Title)
	}
	if p.Summary != nil {
		input["description"] = linearWithSummary(old.description, *p.Summary)
	}
	if p.Status != nil {
		if err := l.move(ctx, now, old.labels, *p.Status, input); err != nil {
			return err
		}
	}
	if len(input) == 0 {
		return nil
	}
	return l.ask(ctx, `mutation Change($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success } }`,
		map[string]any{"id": now.ID, "input": input}, nil)
}

// move adds to a change what gives the issue a status: labels, and the first state of a type that fits.
func (l *linear) move(ctx context.Context, now issue, labels []linearLabel, status pmo.WorkStatus, input map[string]any) error {
	team, err := l.setting(ctx)
	if err != nil {
		return err
	}
	kept := []string{}
	for _, own := range labels {
		if own.Name != labelHold && own.Name != labelCancelled {
			kept = append(kept, own.ID)
		}
	}
	if status == pmo.WorkOnHold {
		hold, err := l.labels(ctx, team, labelHold)
		if err != nil {
			return err
		}
		kept = append(kept, hold...)
	}
	input["labelIds"] = kept
	if status == now.Status || !status.Ended() && !now.Status.Ended() {
		return nil
	}
	state, err := team.state(status)
	input["stateId"] = state
	return err
}

func (l *linear) comment(ctx context.Context, id, text string) error {
	return l.ask(ctx, `mutation Comment($input: CommentCreateInput!) { commentCreate(input: $input) { success } }`,
		map[string]any{"input": map[string]string{"issueId": id, "body": text}}, nil)
}

// linearTeam is what the adapter needs to know of its team.
type linearTeam struct {
	ID     string `json:"id"`
	States struct {
		Nodes []linearState `json:"nodes"`
	} `json:"states"`
}

type linearState struct {
	ID       string  `json:"id"`
	Type     string  `json:"type"`
	Position float64 `json:"position"`
}

func (l *linear) setting(ctx context.Context) (linearTeam, error) {
	var found struct {
		Teams struct {
			Nodes []linearTeam `json:"nodes"`
		} `json:"teams"`
	}
	query := `query Team($key: String!) { teams(first: 1, filter: {key: {eq: $key}}) { nodes { id states(first: 100) { nodes { id type position } } } } }`
	if err := l.ask(ctx, query, map[string]any{"key": l.team}, &found); err != nil {
		return linearTeam{}, err
	}
	if len(found.Teams.Nodes) == 0 {
		return linearTeam{}, problem.New(problem.NotFound, "Linear has no team %s that the token may see", l.team)
	}
	return found.Teams.Nodes[0], nil
}

func (t linearTeam) state(status pmo.WorkStatus) (string, error) {
	wanted := []string{"started", "unstarted", "backlog"}
	switch status {
	case pmo.WorkClosed:
		wanted = []string{"completed"}
	case pmo.WorkCancelled:
		wanted = []string{"canceled"}
	}
	states := slices.SortedFunc(slices.Values(t.States.Nodes), func(a, b linearState) int { return cmp.Compare(a.Position, b.Position) })
	for _, kind := range wanted {
		for _, s := range states {
			if s.Type == kind {
				return s.ID, nil
			}
		}
	}
	return "", problem.New(problem.Conflict, "the team's workflow has no state of the type %s", strings.Join(wanted, " or "))
}

// labels returns the ids of labels of the team or the whole workspace; those that do not exist are created in the team.
func (l *linear) labels(ctx context.Context, team linearTeam, names ...string) ([]string, error) {
	var found struct {
		Labels struct {
			Nodes []struct {
				linearLabel
				Team *struct {
					ID string `json:"id"`
				} `json:"team"`
			} `json:"nodes"`
		} `json:"issueLabels"`
	}
	query := `query Labels($names: [String!]!) { issueLabels(first: 100, filter: {name: {in: $names}}) { nodes { id name team { id } } } }`
	if err := l.ask(ctx, query, map[string]any{"names": names}, &found); err != nil {
		return nil, err
	}
	known := map[string]string{}
	for _, own := range found.Labels.Nodes {
		if own.Team == nil || own.Team.ID == team.ID {
			known[own.Name] = own.ID
		}
	}
	ids := make([]string, 0, len(names))
	for _, name := range names {
		if known[name] == "" {
			id, err := l.createLabel(ctx, team, name)
			if err != nil {
				return nil, err
			}
			known[name] = id
		}
		ids = append(ids, known[name])
	}
	return ids, nil
}

func (l *linear) createLabel(ctx context.Context, team linearTeam, name string) (string, error) {
	var created struct {
		Result struct {
			Label linearLabel `json:"issueLabel"`
		} `json:"issueLabelCreate"`
	}
	err := l.ask(ctx, `mutation Label($input: IssueLabelCreateInput!) { issueLabelCreate(input: $input) { success issueLabel { id name } } }`,
		map[string]any{"input": map[string]string{"teamId": team.ID, "name": name}}, &created)
	return created.Result.Label.ID, err
}

var markdownRule = regexp.MustCompile(`(?m)^ {0,3}(?:---|\*\*\*|___) *$`)

// linearText is the summary, a rule, and below it the facts and the key.
func linearText(key string, n delivery.New) string {
	return linearSummary(n.Summary) + "\n\n---\n\n" + facts(n) + "\n\n`leanpmo:" + key + "`"
}

// linearSummary prevents a requester's text from containing our rule.
func linearSummary(text string) string { return markdownRule.ReplaceAllString(text, "—") }

// linearWithSummary replaces what stands above the rule; a text without one is not changed.
func linearWithSummary(text, summary string) string {
	rule := markdownRule.FindStringIndex(text)
	if rule == nil {
		return text
	}
	return linearSummary(summary) + "\n\n" + text[rule[0]:]
}
