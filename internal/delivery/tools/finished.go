package tools

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/history"
	"leanpmo/internal/problem"
)

// maxFinished is how many finished issues of a tool are read at most.
const maxFinished = 10_000

// Finished lists the issues of the project that were finished since a moment, by their end, with when work on them began where the tool
// knows it: for the forecasts. Issues that the PMO opened are left out, because forecasts know the requests they belong to; so are cancelled ones.
func (t *Tracker) Finished(ctx context.Context, since time.Time) ([]history.Item, error) {
	items, err := t.issues.finished(ctx, since)
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(i history.Item) bool { return i.Finished.IsZero() || i.Finished.Before(since) })
	slices.SortFunc(items, func(a, b history.Item) int {
		return strings.Compare(a.Finished.Format(time.RFC3339Nano)+a.ID, b.Finished.Format(time.RFC3339Nano)+b.ID)
	})
	return items, nil
}

// pages calls read with the numbers of pages until one is the last, and refuses to read more than maxFinished items.
func pages[T any](read func(page int) (items []T, last bool, err error)) ([]T, error) {
	var all []T
	for page := 1; ; page++ {
		items, last, err := read(page)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		switch {
		case len(all) > maxFinished:
			return nil, problem.New(problem.TooLarge, "more than %d issues: ask for a shorter time", maxFinished)
		case last:
			return all, nil
		}
	}
}

// begun are the names of labels that say work is going on, in tools without a field for that.
var begun = []string{"doing", "in progress", "in-progress", "started", "status: in progress", "status::in progress", "workflow::in progress", "workflow::in dev"}

func begins(label string) bool { return slices.Contains(begun, strings.ToLower(label)) }

// finished: GitHub does not say when work on an issue began. The first assignment, or label that says so, counts.
func (g *github) finished(ctx context.Context, since time.Time) ([]history.Item, error) {
	type closedIssue struct {
		githubIssue
		Created time.Time `json:"created_at"`
		Closed  time.Time `json:"closed_at"`
	}
	closed, err := pages(func(page int) (found []closedIssue, last bool, err error) {
		query := url.Values{"state": {"closed"}, "since": {since.UTC().Format(time.RFC3339)}, "sort": {"updated"}, "direction": {"desc"}, "per_page": {fmt.Sprint(pageSize)}, "page": {fmt.Sprint(page)}}
		err = g.call(ctx, http.MethodGet, g.repo+"/issues?"+query.Encode(), nil, &found)
		return found, len(found) < pageSize, err
	})
	if err != nil {
		return nil, err
	}
	began, err := g.began(ctx)
	if err != nil {
		return nil, err
	}
	var items []history.Item
	for _, c := range closed {
		if c.PullRequest == nil && c.StateReason != "not_planned" && c.StateReason != "duplicate" && c.issue().Key == "" {
			items = append(items, history.Item{ID: fmt.Sprint(c.Number), Created: c.Created, Started: began[c.Number], Finished: c.Closed})
		}
	}
	return items, nil
}

// eventPages is how many pages of events are read: GitHub lists the newest first, and ends lists there.
const eventPages = 100

// began is when work on each issue began, by its number.
func (g *github) began(ctx context.Context) (map[int]time.Time, error) {
	first := map[int]time.Time{}
	for page := 1; page <= eventPages; page++ {
		var found []struct {
			Event   string    `json:"event"`
			Created time.Time `json:"created_at"`
			Label   struct {
				Name string `json:"name"`
			} `json:"label"`
			Issue struct {
				Number int `json:"number"`
			} `json:"issue"`
		}
		path := fmt.Sprintf("%s/issues/events?per_page=%d&page=%d", g.repo, pageSize, page)
		if err := g.call(ctx, http.MethodGet, path, nil, &found); err != nil {
			return nil, err
		}
		for _, e := range found { // newest first: what remains is the first
			if e.Event == "assigned" || e.Event == "labeled" && begins(e.Label.Name) {
				first[e.Issue.Number] = e.Created
			}
		}
		if len(found) < pageSize {
			break
		}
	}
	return first, nil
}

// finished: GitLab does not say when work on an issue began. The first label that says so counts, such as the one of a board's list.
func (g *gitlab) finished(ctx context.Context, since time.Time) ([]history.Item, error) {
	type closedIssue struct {
		gitlabIssue
		Created time.Time `json:"created_at"`
		Closed  time.Time `json:"closed_at"`
		Type    string    `json:"issue_type"`
	}
	closed, err := pages(func(page int) (found []closedIssue, last bool, err error) {
		query := url.Values{"state": {"closed"}, "updated_after": {since.UTC().Format(time.RFC3339)}, "order_by": {"created_at"}, "per_page": {fmt.Sprint(pageSize)}, "page": {fmt.Sprint(page)}}
		err = g.call(ctx, http.MethodGet, g.project+"/issues?"+query.Encode(), nil, &found)
		return found, len(found) < pageSize, err
	})
	if err != nil {
		return nil, err
	}
	var items []history.Item
	for _, c := range closed {
		if c.Closed.Before(since) || c.issue().Key != "" || slices.Contains(c.Labels, labelCancelled) {
			continue
		}
		began, err := g.began(ctx, c.IID)
		if err != nil {
			return nil, err
		}
		items = append(items, history.Item{ID: fmt.Sprint(c.IID), Kind: c.Type, Created: c.Created, Started: began, Finished: c.Closed})
	}
	return items, nil
}

func (g *gitlab) began(ctx context.Context, iid int) (first time.Time, err error) {
	var found []struct {
		Action  string    `json:"action"`
		Created time.Time `json:"created_at"`
		Label   *struct {
			Name string `json:"name"`
		} `json:"label"` // null once the label is deleted
	}
	err = g.call(ctx, http.MethodGet, fmt.Sprintf("%s/issues/%d/resource_label_events?per_page=%d", g.project, iid, pageSize), nil, &found)
	for _, e := range found {
		if e.Action == "add" && e.Label != nil && begins(e.Label.Name) && (first.IsZero() || e.Created.Before(first)) {
			first = e.Created
		}
	}
	return first, err
}

// finished: in Jira work begins with the first change to a status of the category "in progress" and ends with the last to "done".
func (j *jira) finished(ctx context.Context, since time.Time) ([]history.Item, error) {
	categories, err := j.categories(ctx)
	if err != nil {
		return nil, err
	}
	token := ""
	return pages(func(int) (items []history.Item, last bool, err error) {
		var found struct {
			Issues []jiraHistory `json:"issues"`
			Next   string        `json:"nextPageToken"`
		}
		query := map[string]any{"jql": fmt.Sprintf(`project = "%s" AND statusCategory = Done AND statusCategoryChangedDate >= "%s" ORDER BY created`, j.project, since.UTC().AddDate(0, 0, -1).Format(time.DateOnly)),
			"maxResults": pageSize, "fields": []string{"created", "issuetype", "labels"}, "expand": "changelog"}
		if token != "" {
			query["nextPageToken"] = token
		}
		err = j.call(ctx, http.MethodPost, "/rest/api/3/search/jql", query, &found)
		for _, f := range found.Issues {
			if key, _ := keyOfLabels(f.Fields.Labels); key == "" && !slices.Contains(f.Fields.Labels, labelCancelled) {
				items = append(items, f.item(categories))
			}
		}
		token = found.Next
		return items, token == "", err
	})
}

type jiraHistory struct {
	Key    string `json:"key"`
	Fields struct {
		Created string   `json:"created"`
		Labels  []string `json:"labels"`
		Type    struct {
			Name string `json:"name"`
		} `json:"issuetype"`
	} `json:"fields"`
	Changelog struct {
		Histories []struct {
			Created string `json:"created"`
			Items   []struct {
				Field string `json:"field"`
				To    string `json:"to"` // id of a status
			} `json:"items"`
		} `json:"histories"`
	} `json:"changelog"`
}

func (f jiraHistory) item(categories map[string]string) history.Item {
	i := history.Item{ID: f.Key, Kind: f.Fields.Type.Name, Created: jiraTime(f.Fields.Created)}
	for _, h := range f.Changelog.Histories { // in no promised order
		at := jiraTime(h.Created)
		for _, changed := range h.Items {
			switch {
			case changed.Field != "status":
			case categories[changed.To] == "indeterminate" && (i.Started.IsZero() || at.Before(i.Started)):
				i.Started = at
			case categories[changed.To] == "done" && at.After(i.Finished):
				i.Finished = at
			}
		}
	}
	return i
}

// categories are those of statuses, by id.
func (j *jira) categories(ctx context.Context) (map[string]string, error) {
	var found []struct {
		ID       string `json:"id"`
		Category struct {
			Key string `json:"key"`
		} `json:"statusCategory"`
	}
	err := j.call(ctx, http.MethodGet, "/rest/api/3/status", nil, &found)
	all := map[string]string{}
	for _, s := range found {
		all[s.ID] = s.Category.Key
	}
	return all, err
}

// finished: Azure DevOps keeps when an item became active and when it was closed.
func (a *azure) finished(ctx context.Context, since time.Time) ([]history.Item, error) {
	var ids struct {
		Items []struct {
			ID int `json:"id"`
		} `json:"workItems"`
	}
	query := map[string]string{"query": fmt.Sprintf("SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND [Microsoft.VSTS.Common.ClosedDate] >= '%s' ORDER BY [System.Id]",
		since.UTC().AddDate(0, 0, -1).Format(time.DateOnly))}
	if err := a.call(ctx, http.MethodPost, a.path("wiql", azureVersion)+fmt.Sprintf("&$top=%d", maxFinished+1), query, &ids); err != nil {
		return nil, err
	}
	const batch = 200
	return pages(func(page int) (items []history.Item, last bool, err error) {
		part := ids.Items[min((page-1)*batch, len(ids.Items)):min(page*batch, len(ids.Items))]
		if len(part) == 0 {
			return nil, true, nil
		}
		numbers := make([]int, len(part))
		for i, p := range part {
			numbers[i] = p.ID
		}
		items, err = a.batch(ctx, numbers)
		return items, len(part) < batch, err
	})
}

func (a *azure) batch(ctx context.Context, ids []int) ([]history.Item, error) {
	var found struct {
		Items []struct {
			ID     int `json:"id"`
			Fields struct {
				Created time.Time `json:"System.CreatedDate"`
				Begun   time.Time `json:"Microsoft.VSTS.Common.ActivatedDate"`
				Closed  time.Time `json:"Microsoft.VSTS.Common.ClosedDate"`
				Type    string    `json:"System.WorkItemType"`
				State   string    `json:"System.State"`
				Tags    string    `json:"System.Tags"`
			} `json:"fields"`
		} `json:"value"`
	}
	fields := []string{"System.CreatedDate", "Microsoft.VSTS.Common.ActivatedDate", "Microsoft.VSTS.Common.ClosedDate", "System.WorkItemType", "System.State", "System.Tags"}
	if err := a.call(ctx, http.MethodPost, a.path("workitemsbatch", azureVersion), map[string]any{"ids": ids, "fields": fields}, &found); err != nil {
		return nil, err
	}
	var items []history.Item
	for _, f := range found.Items {
		tags := azureTags(f.Fields.Tags)
		if key, _ := keyOfLabels(tags); key == "" && f.Fields.State != azureRemoved && !slices.Contains(tags, labelCancelled) {
			items = append(items, history.Item{ID: fmt.Sprint(f.ID), Kind: f.Fields.Type, Created: f.Fields.Created, Started: f.Fields.Begun, Finished: f.Fields.Closed})
		}
	}
	return items, nil
}

// finished: Linear keeps when an issue was started and completed.
func (l *linear) finished(ctx context.Context, since time.Time) ([]history.Item, error) {
	query := `query Finished($team: String!, $since: DateTimeOrDuration!, $after: String) { issues(first: 100, after: $after, includeArchived: true,
  filter: {team: {key: {eq: $team}}, completedAt: {gte: $since}}) { nodes { id identifier description createdAt startedAt completedAt } pageInfo { hasNextPage endCursor } } }`
	variables := map[string]any{"team": l.team, "since": since.UTC().Format(time.RFC3339)}
	return pages(func(int) (items []history.Item, last bool, err error) {
		var found struct {
			Issues struct {
				Nodes []struct {
					linearIssue
					Identifier string    `json:"identifier"`
					Created    time.Time `json:"createdAt"`
					Started    time.Time `json:"startedAt"`
					Completed  time.Time `json:"completedAt"`
				} `json:"nodes"`
				Page struct {
					More bool   `json:"hasNextPage"`
					End  string `json:"endCursor"`
				} `json:"pageInfo"`
			} `json:"issues"`
		}
		err = l.ask(ctx, query, variables, &found)
		for _, f := range found.Issues.Nodes {
			if key, _ := linearKey(f.ID, f.Description); key == "" {
				items = append(items, history.Item{ID: f.Identifier, Created: f.Created, Started: f.Started, Finished: f.Completed})
			}
		}
		variables["after"] = found.Issues.Page.End
		return items, !found.Issues.Page.More, err
	})
}
