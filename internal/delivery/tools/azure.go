package tools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// azure opens work items in one project of Azure DevOps.
type azure struct {
	rest
	org, project, kind string
}

// azureProjectPattern is a project's name or id. Names with characters that a query would have to escape are refused.
var azureProjectPattern = regexp.MustCompile(`^[\pL\pN][\pL\pN ._-]{0,63}$`)

// NewAzure makes the adapter for Azure DevOps (Boards). Its tokens are personal access tokens, sent as a password without a user.
func NewAzure(c Config, log *slog.Logger) (*Tracker, error) {
	if !azureProjectPattern.MatchString(c.Project) {
		return nil, errors.New("an Azure DevOps project is its name, such as Delivery")
	}
	r, err := newREST("Azure DevOps", c.URL, c.Guard, func(req *http.Request) { req.SetBasicAuth("", c.Token) })
	if err != nil {
		return nil, err
	}
	return newTracker(&azure{r, r.base, c.Project, cmp.Or(c.Kind, "Task")}, log), nil
}

type azureItem struct {
	ID     int `json:"id"`
	Fields struct {
		Project     string    `json:"System.TeamProject"`
		Type        string    `json:"System.WorkItemType"`
		Title       string    `json:"System.Title"`
		Description string    `json:"System.Description"` // HTML
		State       string    `json:"System.State"`
		Tags        string    `json:"System.Tags"` // separated by semicolons
		Changed     time.Time `json:"System.ChangedDate"`
		Closed      time.Time `json:"Microsoft.VSTS.Common.ClosedDate"` // set while the state is of the category Completed
		Assignee    *struct {
			Name string `json:"displayName"`
		} `json:"System.AssignedTo"`
	} `json:"fields"`
}

// azureRemoved is the state of the processes Agile, Scrum and CMMI for items that are not to be done.
const azureRemoved = "Removed"

func (a *azure) issue(f azureItem) issue {
	labels := azureTags(f.Fields.Tags)
	key, request := keyOfLabels(labels)
	i := delivery.Item{ID: fmt.Sprint(f.ID), Key: key, Request: request, Title: f.Fields.Title, Labels: labels, UpdatedAt: f.Fields.Changed,
		URL: fmt.Sprintf("%s/%s/_workitems/edit/%d", a.org, url.PathEscape(a.project), f.ID)}
	if f.Fields.Assignee != nil {
		i.Assignee = f.Fields.Assignee.Name
	}
	removed := f.Fields.State == azureRemoved
	i.Status = statusOf(removed || !f.Fields.Closed.IsZero(), removed, labels)
	return issue{withProgress(i), f}
}

func azureTags(text string) []string {
	tags := []string{}
	for tag := range strings.SplitSeq(text, ";") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

// path is a route of the project with the version of the API.
func (a *azure) path(rest, version string) string {
	return "/" + url.PathEscape(a.project) + "/_apis/wit/" + rest + "?api-version=" + version
}

const azureVersion = "7.1"

func (a *azure) find(ctx context.Context, key string) (issue, bool, error) {
	var found struct {
		Items []struct {
			ID int `json:"id"`
		} `json:"workItems"`
	}
	query := map[string]string{"query": fmt.Sprintf("SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND [System.Tags] CONTAINS '%s'", labelOf(key))}
	if err := a.call(ctx, http.MethodPost, a.path("wiql", azureVersion)+"&$top=5", query, &found); err != nil {
		return issue{}, false, err
	}
	for _, f := range found.Items {
		i, err := a.read(ctx, fmt.Sprint(f.ID))
		if err != nil {
			return issue{}, false, err
		}
		if i.Key == key {
			return i, true, nil
		}
	}
	return issue{}, false, nil
}

// azureChange is an operation of JSON Patch, by which fields are set.
type azureChange struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

func azureSet(field, value string) azureChange {
	return azureChange{Op: "add", Path: "/fields/" + field, Value: value}
}

const jsonPatch = "application/json-patch+json"

func (a *azure) create(ctx context.Context, key string, n delivery.New) (issue, error) {
	var created azureItem
	tags := strings.Join([]string{labelOurs, labelOf(key), azureTag("team-" + n.Team)}, "; ")
	err := a.send(ctx, http.MethodPost, a.path("workitems/$"+url.PathEscape(a.kind), azureVersion), jsonPatch, []azureChange{
		azureSet("System.Title", title(n.Title)), azureSet("System.Description", htmlOf(n.Summary)+"<hr>"+htmlOf(facts(n))), azureSet("System.Tags", tags),
	}, &created)
	return a.issue(created), err
}

func (a *azure) read(ctx context.Context, id string) (issue, error) {
	if err := checkNumber(id); err != nil {
		return issue{}, err
	}
	var found azureItem
	if err := a.call(ctx, http.MethodGet, a.path("workitems/"+id, azureVersion), nil, &found); err != nil {
		return issue{}, err
	}
	if !strings.EqualFold(found.Fields.Project, a.project) { // ids are unique in the organization, not in the project
		return issue{}, problem.New(problem.NotFound, "there is no such work item")
	}
	return a.issue(found), nil
}

func (a *azure) edit(ctx context.Context, now issue, p delivery.Patch) error {
	old, _ := now.body.(azureItem)
	var changes []azureChange
	if p.Title != nil {
		changes = append(changes, azureSet("System.Title", title(*p.Title)))
	}
	if p.Summary != nil {
		changes = append(changes, azureSet("System.Description", htmlWithSummary(old.Fields.Description, *p.Summary)))
	}
	if p.Status != nil {
		changes = append(changes, azureSet("System.Tags", strings.Join(labelsFor(now.Labels, *p.Status), "; ")))
		if p.Status.Ended() != now.Status.Ended() {
			state, err := a.state(ctx, old.Fields.Type, *p.Status)
			if err != nil {
				return err
			}
			changes = append(changes, azureSet("System.State", state))
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return a.send(ctx, http.MethodPatch, a.path("workitems/"+now.ID, azureVersion), jsonPatch, changes, nil)
}

// state is the first state of the work item's type whose category fits. States differ between processes, categories do not.
func (a *azure) state(ctx context.Context, kind string, status pmo.WorkStatus) (string, error) {
	var possible struct {
		States []struct {
			Name     string `json:"name"`
			Category string `json:"category"` // Proposed, InProgress, Resolved, Completed, Removed
		} `json:"value"`
	}
	if err := a.call(ctx, http.MethodGet, a.path("workitemtypes/"+url.PathEscape(kind)+"/states", azureVersion), nil, &possible); err != nil {
		return "", err
	}
	wanted := []string{"InProgress", "Proposed"}
	if status.Ended() {
		wanted = []string{"Completed"}
	}
	for _, category := range wanted {
		for _, s := range possible.States {
			if s.Category == category {
				return s.Name, nil
			}
		}
	}
	return "", problem.New(problem.Conflict, "work items of this type have no state of the category %s", strings.Join(slices.Clone(wanted), " or "))
}

func (a *azure) comment(ctx context.Context, id, text string) error {
	return a.call(ctx, http.MethodPost, a.path("workItems/"+id+"/comments", "7.1-preview.4"), map[string]string{"text": html.EscapeString(text)}, nil)
}

// azureTag is a label without the characters that separate tags.
func azureTag(text string) string {
	return label(strings.NewReplacer(";", " ", ",", " ").Replace(text))
}

// htmlOf is a text as paragraphs of HTML.
func htmlOf(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			b.WriteString("<p>" + html.EscapeString(line) + "</p>")
		}
	}
	return b.String()
}

var htmlRule = regexp.MustCompile(`(?i)<hr\b`)

// htmlWithSummary replaces what stands above the rule, below which are the facts.
func htmlWithSummary(old, summary string) string {
	if rule := htmlRule.FindStringIndex(old); rule != nil {
		return htmlOf(summary) + old[rule[0]:]
	}
	return htmlOf(summary)
}
