package tools

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/outbound"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// Config is the address of a tool, and our credentials.
type Config struct {
	URL     string // of its API; empty: the public service, if there is one
	Project string // GitHub owner/name, GitLab path or id, Jira project key, Azure DevOps project, Linear team key
	User    string // Jira: the e-mail address the token belongs to
	Token   string
	Kind    string // Jira, Azure DevOps: the issue type; empty: Task
	Guard   outbound.Guard
}

// github opens issues in one repository.
type github struct {
	rest
	repo string
}

var repoPattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}$`)

// NewGitHub makes the adapter for GitHub Issues.
func NewGitHub(c Config, log *slog.Logger) (*Tracker, error) {
	if !repoPattern.MatchString(c.Project) {
		return nil, fmt.Errorf("a GitHub project is owner/name")
	}
	r, err := newREST("GitHub", cmp.Or(c.URL, "https://api.github.com"), c.Guard, func(req *http.Request) {
		req.Header.Set("Authorization", "Bearer "+c.Token)
		req.Header.Set("Accept", "application/vnd.github+json")
		req.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	})
	if err != nil {
		return nil, err
	}
	return newTracker(&github{r, "/repos/" + c.Project}, log), nil
}

type githubIssue struct {
	Number      int       `json:"number"`
	URL         string    `json:"html_url"`
	Title       string    `json:"title"`
	Body        string    `json:"body"`
	State       string    `json:"state"`
	StateReason string    `json:"state_reason"`
	UpdatedAt   time.Time `json:"updated_at"`
	Labels      []struct {
		Name string `json:"name"`
	} `json:"labels"`
	Assignee *struct {
		Login string `json:"login"`
	} `json:"assignee"`
	PullRequest *struct{} `json:"pull_request"`
}

func (g githubIssue) issue() issue {
	key, request := keyOf(g.Body)
	i := delivery.Item{ID: fmt.Sprint(g.Number), Key: key, Request: request, URL: g.URL, Title: g.Title, UpdatedAt: g.UpdatedAt}
	for _, l := range g.Labels {
		i.Labels = append(i.Labels, l.Name)
	}
	if g.Assignee != nil {
		i.Assignee = g.Assignee.Login
	}
	i.Status = statusOf(g.State == "closed", g.StateReason == "not_planned", i.Labels)
	return issue{withProgress(i), g.Body}
}

// Our newest issues are listed and compared, because GitHub's search index is updated with a delay.
const (
	pageSize = 100
	maxPages = 10
)

func (g *github) find(ctx context.Context, key string) (issue, bool, error) {
	for page := 1; page <= maxPages; page++ {
		var found []githubIssue
		path := fmt.Sprintf("%s/issues?labels=%s&state=all&sort=created&direction=desc&per_page=%d&page=%d", g.repo, labelOurs, pageSize, page)
		if err := g.call(ctx, http.MethodGet, path, nil, &found); err != nil {
			return issue{}, false, err
		}
		for _, f := range found {
			if i := f.issue(); i.Key == key && f.PullRequest == nil {
				return i, true, nil
			}
		}
		if len(found) < pageSize {
			break
		}
	}
	return issue{}, false, nil
}

func (g *github) create(ctx context.Context, key string, n delivery.New) (issue, error) {
	var created githubIssue
	err := g.call(ctx, http.MethodPost, g.repo+"/issues", map[string]any{"title": n.Title, "body": textOf(key, n), "labels": []string{labelOurs, "team:" + n.Team}}, &created)
	return created.issue(), err
}

var digits = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)

// checkNumber keeps an id from changing the path of the URL.
func checkNumber(id string) error {
	if !digits.MatchString(id) {
		return problem.New(problem.NotFound, "there is no such work item")
	}
	return nil
}

func (g *github) read(ctx context.Context, id string) (issue, error) {
	if err := checkNumber(id); err != nil {
		return issue{}, err
	}
	var found githubIssue
	err := g.call(ctx, http.MethodGet, g.repo+"/issues/"+id, nil, &found)
	return found.issue(), err
}

func (g *github) edit(ctx context.Context, now issue, p delivery.Patch) error {
	change := map[string]any{}
	if p.Title != nil {
		change["title"] = *p.Title
	}
	if body, ok := now.body.(string); ok && p.Summary != nil {
		change["body"] = withSummary(body, *p.Summary)
	}
	if p.Status != nil {
		change["labels"] = labelsFor(now.Labels, *p.Status)
		switch *p.Status {
		case pmo.WorkClosed:
			change["state"], change["state_reason"] = "closed", "completed"
		case pmo.WorkCancelled:
			change["state"], change["state_reason"] = "closed", "not_planned"
		default:
			change["state"] = "open"
		}
	}
	return g.call(ctx, http.MethodPatch, g.repo+"/issues/"+now.ID, change, nil)
}

func (g *github) comment(ctx context.Context, id, text string) error {
	return g.call(ctx, http.MethodPost, g.repo+"/issues/"+id+"/comments", map[string]string{"body": text}, nil)
}
