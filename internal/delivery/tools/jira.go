package tools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// jira opens issues in one project of Jira Cloud.
type jira struct {
	rest
	site, project, kind string
}

var projectPattern = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,9}$`)

// NewJira makes the adapter for Jira Cloud.
func NewJira(c Config, log *slog.Logger) (*Tracker, error) {
	if !projectPattern.MatchString(c.Project) {
		return nil, errors.New("a Jira project is its key, such as PMO")
	}
	r, err := newREST("Jira", c.URL, c.Guard, func(req *http.Request) { req.SetBasicAuth(c.User, c.Token) })
	if err != nil {
		return nil, err
	}
	return newTracker(&jira{r, r.base, c.Project, cmp.Or(c.Kind, "Task")}, log), nil
}

type jiraIssue struct {
	Key    string `json:"key"`
	Fields struct {
		Summary     string   `json:"summary"`
		Description *adf     `json:"description"`
		Labels      []string `json:"labels"`
		Updated     string   `json:"updated"`
		Status      struct {
			Category struct {
				Key string `json:"key"` // new, indeterminate, done
			} `json:"statusCategory"`
		} `json:"status"`
		Assignee *struct {
			Name string `json:"displayName"`
		} `json:"assignee"`
	} `json:"fields"`
}

const jiraFields = "summary,status,labels,assignee,updated,description"

// labelOf is the label with the key. It is a label because Jira's texts cannot hold hidden marks.
func labelOf(key string) string { return "leanpmo-" + strings.ReplaceAll(key, "/", "-") }

var keyLabel = regexp.MustCompile(`^leanpmo-([0-9a-f-]{36})-([0-9]{1,9})$`)

func keyOfLabels(labels []string) (key, request string) {
	for _, l := range labels {
		if m := keyLabel.FindStringSubmatch(l); m != nil {
			return m[1] + "/" + m[2], m[1]
		}
	}
	return "", ""
}

func (j *jira) issue(f jiraIssue) issue {
	key, request := keyOfLabels(f.Fields.Labels)
	i := delivery.Item{ID: f.Key, Key: key, Request: request, URL: j.site + "/browse/" + f.Key, Title: f.Fields.Summary, Labels: f.Fields.Labels}
	i.UpdatedAt = jiraTime(f.Fields.Updated)
	if f.Fields.Assignee != nil {
		i.Assignee = f.Fields.Assignee.Name
	}
	i.Status = statusOf(f.Fields.Status.Category.Key == "done", false, i.Labels)
	return issue{withProgress(i), f.Fields.Description}
}

// jiraTime reads a time in Jira's form; zero for any other text.
func jiraTime(text string) time.Time {
	at, _ := time.Parse("2006-01-02T15:04:05.000-0700", text)
	return at
}

func (j *jira) find(ctx context.Context, key string) (issue, bool, error) {
	var found struct {
		Issues []jiraIssue `json:"issues"`
	}
	query := map[string]any{"jql": fmt.Sprintf(`project = "%s" AND labels = "%s"`, j.project, labelOf(key)), "maxResults": 5, "fields": strings.Split(jiraFields, ",")}
	if err := j.call(ctx, http.MethodPost, "/rest/api/3/search/jql", query, &found); err != nil {
		return issue{}, false, err
	}
	for _, f := range found.Issues {
		if i := j.issue(f); i.Key == key {
			return i, true, nil
		}
	}
	return issue{}, false, nil
}

// searchLag is the delay of Jira's search index. After a lost response a retry must wait for it, or it would not find the issue.
const searchLag = 30 * time.Second

func (j *jira) create(ctx context.Context, key string, n delivery.New) (issue, error) {
	var created struct {
		Key string `json:"key"`
	}
	err := j.call(ctx, http.MethodPost, "/rest/api/3/issue", map[string]any{"fields": map[string]any{
		"project": map[string]string{"key": j.project}, "issuetype": map[string]string{"name": j.kind},
		"summary": title(n.Title), "description": adfOf(n.Summary, facts(n)), "labels": []string{labelOurs, labelOf(key), label("team-" + n.Team)},
	}}, &created)
	if e := problem.As(err); e != nil && e.Kind == problem.Unavailable {
		e.RetryAfter = max(e.RetryAfter, searchLag)
	}
	if err != nil {
		return issue{}, err
	}
	return j.read(ctx, created.Key)
}

var jiraKeyPattern = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}$`)

func (j *jira) read(ctx context.Context, id string) (issue, error) {
	if !jiraKeyPattern.MatchString(id) || !strings.HasPrefix(id, j.project+"-") {
		return issue{}, problem.New(problem.NotFound, "there is no such work item")
	}
	var found jiraIssue
	err := j.call(ctx, http.MethodGet, "/rest/api/3/issue/"+id+"?fields="+jiraFields, nil, &found)
	return j.issue(found), err
}

func (j *jira) edit(ctx context.Context, now issue, p delivery.Patch) error {
	fields := map[string]any{}
	if p.Title != nil {
		fields["summary"] = title(*p.Title)
	}
	if p.Summary != nil {
		old, _ := now.body.(*adf)
		fields["description"] = old.withSummary(*p.Summary)
	}
	if p.Status != nil {
		fields["labels"] = labelsFor(now.Labels, *p.Status)
	}
	if len(fields) > 0 {
		if err := j.call(ctx, http.MethodPut, "/rest/api/3/issue/"+now.ID, map[string]any{"fields": fields}, nil); err != nil {
			return err
		}
	}
	if p.Status == nil || p.Status.Ended() == now.Status.Ended() {
		return nil
	}
	return j.move(ctx, now.ID, *p.Status)
}

// move executes the first transition to the status category that fits. Workflows differ between projects, categories do not.
func (j *jira) move(ctx context.Context, id string, status pmo.WorkStatus) error {
	var possible struct {
		Transitions []struct {
			ID string `json:"id"`
			To struct {
				Category struct {
					Key string `json:"key"`
				} `json:"statusCategory"`
			} `json:"to"`
		} `json:"transitions"`
	}
	path := "/rest/api/3/issue/" + id + "/transitions"
	if err := j.call(ctx, http.MethodGet, path, nil, &possible); err != nil {
		return err
	}
	wanted := []string{"indeterminate", "new"}
	if status.Ended() {
		wanted = []string{"done"}
	}
	for _, category := range wanted {
		for _, t := range possible.Transitions {
			if t.To.Category.Key == category {
				return j.call(ctx, http.MethodPost, path, map[string]any{"transition": map[string]string{"id": t.ID}}, nil)
			}
		}
	}
	return problem.New(problem.Conflict, "the project's workflow has no transition to %s from the issue's status", strings.Join(slices.Clone(wanted), " or "))
}

func (j *jira) comment(ctx context.Context, id, text string) error {
	return j.call(ctx, http.MethodPost, "/rest/api/3/issue/"+id+"/comment", map[string]any{"body": adfOf(text, "")}, nil)
}

// title shortens a text to Jira's limit of 255 characters.
func title(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), 255)])
}

// label replaces white space, which a label cannot contain.
func label(text string) string { return strings.Join(strings.Fields(text), "-") }
