package tools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"leanpmo/internal/delivery"
)

// gitlab opens issues in one project.
type gitlab struct {
	rest
	project string
}

// NewGitLab makes the adapter for GitLab Issues.
func NewGitLab(c Config, log *slog.Logger) (*Tracker, error) {
	if c.Project == "" {
		return nil, errors.New("a GitLab project is group/name or its number")
	}
	r, err := newREST("GitLab", cmp.Or(c.URL, "https://gitlab.com/api/v4"), c.Guard, func(req *http.Request) { req.Header.Set("PRIVATE-TOKEN", c.Token) })
	if err != nil {
		return nil, err
	}
	return newTracker(&gitlab{r, "/projects/" + url.PathEscape(c.Project)}, log), nil
}

type gitlabIssue struct {
	IID         int       `json:"iid"`
	URL         string    `json:"web_url"`
	Title       string    `json:"title"`
	Description string    `json:"description"`
	State       string    `json:"state"` // opened, closed
	UpdatedAt   time.Time `json:"updated_at"`
	Labels      []string  `json:"labels"`
	Assignee    *struct {
		Username string `json:"username"`
	} `json:"assignee"`
}

func (g gitlabIssue) issue() issue {
	key, request := keyOf(g.Description)
	i := delivery.Item{ID: fmt.Sprint(g.IID), Key: key, Request: request, URL: g.URL, Title: g.Title, Labels: g.Labels, UpdatedAt: g.UpdatedAt}
	if g.Assignee != nil {
		i.Assignee = g.Assignee.Username
	}
	i.Status = statusOf(g.State == "closed", false, g.Labels)
	return issue{withProgress(i), g.Description}
}

func (g *gitlab) find(ctx context.Context, key string) (issue, bool, error) {
	var found []gitlabIssue
	query := url.Values{"labels": {labelOurs}, "search": {key}, "in": {"description"}, "per_page": {"20"}}
	if err := g.call(ctx, http.MethodGet, g.project+"/issues?"+query.Encode(), nil, &found); err != nil {
		return issue{}, false, err
	}
	for _, f := range found {
		if i := f.issue(); i.Key == key {
			return i, true, nil
		}
	}
	return issue{}, false, nil
}

func (g *gitlab) create(ctx context.Context, key string, n delivery.New) (issue, error) {
	var created gitlabIssue
	err := g.call(ctx, http.MethodPost, g.project+"/issues",
		map[string]string{"title": n.Title, "description": textOf(key, n), "labels": labelOurs + ",team:" + strings.ReplaceAll(n.Team, ",", " ")}, &created)
	return created.issue(), err
}

func (g *gitlab) read(ctx context.Context, id string) (issue, error) {
	if err := checkNumber(id); err != nil {
		return issue{}, err
	}
	var found gitlabIssue
	err := g.call(ctx, http.MethodGet, g.project+"/issues/"+id, nil, &found)
	return found.issue(), err
}

func (g *gitlab) edit(ctx context.Context, now issue, p delivery.Patch) error {
	change := map[string]string{}
	if p.Title != nil {
		change["title"] = *p.Title
	}
	if body, ok := now.body.(string); ok && p.Summary != nil {
		change["description"] = withSummary(body, *p.Summary)
	}
	if p.Status != nil {
		change["labels"] = strings.Join(labelsFor(now.Labels, *p.Status), ",")
		closed := now.Status.Ended()
		switch wanted := *p.Status; {
		case wanted.Ended() && !closed:
			change["state_event"] = "close"
		case !wanted.Ended() && closed:
			change["state_event"] = "reopen"
		}
	}
	if len(change) == 0 {
		return nil
	}
	return g.call(ctx, http.MethodPut, g.project+"/issues/"+now.ID, change, nil)
}

func (g *gitlab) comment(ctx context.Context, id, text string) error {
	return g.call(ctx, http.MethodPost, g.project+"/issues/"+id+"/notes", map[string]string{"body": text}, nil)
}
