package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const (
	commentA    = "018f0000-0000-7000-8000-0000000000c1"
	attachmentA = "018f0000-0000-7000-8000-0000000000a1"
)

// fakeDiscussion is what people say and attach, in memory.
type fakeDiscussion struct {
	comments    []store.Comment
	versions    map[string][]store.CommentVersion
	attachments []store.Attachment
	noted       []pmo.Entry
	notes       []store.AnswerNote
	drafts      map[string]store.Draft     // by person and id
	dropped     map[string]bool            // likewise
	views       map[string]store.SavedView // by person and id
	chosen      map[string]store.ChosenNotifications
	muted       map[[2]string]bool // by person and request
	visits      map[string]time.Time
	decided     string // who asked for what they decided, with which words
}

// newDiscussion has a comment by sam on request A, and a link that sam attached.
func newDiscussion() fakeDiscussion {
	return fakeDiscussion{drafts: map[string]store.Draft{}, dropped: map[string]bool{}, views: map[string]store.SavedView{}, chosen: map[string]store.ChosenNotifications{}, muted: map[[2]string]bool{}, visits: map[string]time.Time{},
		versions:    map[string][]store.CommentVersion{},
		comments:    []store.Comment{{ID: commentA, Request: requestA, Author: "sam", At: now, Text: "first", Version: 1}},
		attachments: []store.Attachment{{ID: attachmentA, Request: requestA, URL: "https://wiki.example/plan", Title: "Plan", By: "sam", At: now}}}
}

func (f *fakeStore) Comments(_ context.Context, request string, _ int, _ string) (store.Page[store.Comment], error) {
	page := store.Page[store.Comment]{}
	for _, c := range slices.Backward(f.discussion.comments) {
		if c.Request == request {
			page.Items = append(page.Items, c)
		}
	}
	return page, f.fails()
}

func (f *fakeStore) Comment(_ context.Context, request, id string) (store.Comment, []store.CommentVersion, error) {
	i := slices.IndexFunc(f.discussion.comments, func(c store.Comment) bool { return c.ID == id && c.Request == request })
	if i < 0 {
		return store.Comment{}, nil, store.ErrNotFound
	}
	return f.discussion.comments[i], f.discussion.versions[id], f.fails()
}

func (f *fakeStore) AddComment(ctx context.Context, c store.Comment, entry pmo.Entry) error {
	f.discussion.comments, f.discussion.noted = append(f.discussion.comments, c), append(f.discussion.noted, entry)
	return f.KeepKey(ctx, c)
}

func (f *fakeStore) putComment(ctx context.Context, c store.Comment, entry pmo.Entry) error {
	i := slices.IndexFunc(f.discussion.comments, func(o store.Comment) bool { return o.ID == c.ID })
	was := f.discussion.comments[i]
	if c.Version > was.Version {
		f.discussion.versions[c.ID] = append(f.discussion.versions[c.ID], store.CommentVersion{Version: was.Version, At: was.At, Text: was.Text})
	}
	f.discussion.comments[i], f.discussion.noted = c, append(f.discussion.noted, entry)
	return f.KeepKey(ctx, c)
}

func (f *fakeStore) EditComment(ctx context.Context, c store.Comment, entry pmo.Entry) error {
	return f.putComment(ctx, c, entry)
}

func (f *fakeStore) WithdrawComment(ctx context.Context, c store.Comment, entry pmo.Entry) error {
	return f.putComment(ctx, c, entry)
}

func (f *fakeStore) Attachments(_ context.Context, request string) ([]store.Attachment, error) {
	return slices.DeleteFunc(slices.Clone(f.discussion.attachments), func(a store.Attachment) bool { return a.Request != request }), f.fails()
}

func (f *fakeStore) Attachment(_ context.Context, request, id string) (store.Attachment, error) {
	for _, a := range f.discussion.attachments {
		if a.ID == id && a.Request == request {
			return a, f.fails()
		}
	}
	return store.Attachment{}, store.ErrNotFound
}

func (f *fakeStore) AddAttachment(ctx context.Context, a store.Attachment, entry pmo.Entry) error {
	f.discussion.attachments, f.discussion.noted = append(f.discussion.attachments, a), append(f.discussion.noted, entry)
	return f.KeepKey(ctx, a)
}

func (f *fakeStore) RemoveAttachment(ctx context.Context, a store.Attachment, _ string, _ time.Time, entry pmo.Entry) error {
	f.discussion.attachments = slices.DeleteFunc(f.discussion.attachments, func(o store.Attachment) bool { return o.ID == a.ID })
	f.discussion.noted = append(f.discussion.noted, entry)
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) AnswerNotes(_ context.Context, person string, requests []string) ([]store.AnswerNote, error) {
	var list []store.AnswerNote
	for _, n := range f.discussion.notes {
		if slices.Contains(requests, n.Request) && (n.Person == person || n.Claimed != nil) {
			list = append(list, n)
		}
	}
	return list, f.fails()
}

func (f *fakeStore) AnswerNote(_ context.Context, person, request, question string) (store.AnswerNote, error) {
	for _, n := range f.discussion.notes {
		if n.Person == person && n.Request == request && n.Question == question {
			return n, f.fails()
		}
	}
	return store.AnswerNote{Person: person, Request: request, Question: question}, f.fails()
}

func (f *fakeStore) ChangeAnswerNote(ctx context.Context, person, request, question string, _ time.Time, change func(*store.AnswerNote) error) (store.AnswerNote, error) {
	n, err := f.AnswerNote(ctx, person, request, question)
	if err == nil {
		err = change(&n)
	}
	if err != nil {
		return n, err
	}
	_ = f.DropAnswerNote(ctx, person, request, question)
	f.discussion.notes = append(f.discussion.notes, n)
	return n, f.KeepKey(ctx, n)
}

func (f *fakeStore) DropAnswerNote(_ context.Context, person, request, question string) error {
	f.discussion.notes = slices.DeleteFunc(f.discussion.notes, func(n store.AnswerNote) bool {
		return n.Person == person && n.Request == request && n.Question == question
	})
	return f.fails()
}

func (f *fakeStore) Decided(_ context.Context, person, text string, _ store.View) (store.Page[store.Event], error) {
	f.discussion.decided = person + ": " + text
	return store.Page[store.Event]{Items: f.events}, f.fails()
}

func (f *fakeStore) Drafts(_ context.Context, person string) ([]store.Draft, error) {
	var list []store.Draft
	for key, d := range f.discussion.drafts {
		if key == person+d.ID || d.Agent == person {
			list = append(list, d)
		}
	}
	return list, f.fails()
}

func (f *fakeStore) Draft(_ context.Context, person, id string) (store.Draft, error) {
	d, known := f.discussion.drafts[person+id]
	for _, other := range f.discussion.drafts {
		if other.Agent == person && other.ID == id {
			d, known = other, true
		}
	}
	if !known {
		return d, store.ErrNotFound
	}
	return d, f.fails()
}

func (f *fakeStore) DraftedBy(_ context.Context, person, id string) (string, error) {
	return f.discussion.drafts[person+id].Agent, f.fails()
}

func (f *fakeStore) PutDraft(ctx context.Context, d store.Draft) error {
	if f.discussion.dropped[d.Person+d.ID] {
		return store.ErrDropped
	}
	f.discussion.drafts[d.Person+d.ID] = d
	return f.KeepKey(ctx, d)
}

func (f *fakeStore) DropDraft(ctx context.Context, person, id string, _ time.Time) error {
	f.discussion.dropped[person+id] = true
	delete(f.discussion.drafts, person+id)
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) Visit(ctx context.Context, person string, at time.Time) (time.Time, error) {
	since := f.discussion.visits[person]
	f.discussion.visits[person] = at
	return since, f.KeepKey(ctx, since)
}

func (f *fakeStore) VisitedSince(_ context.Context, person string) (time.Time, error) {
	return f.discussion.visits[person], f.fails()
}

func (f *fakeStore) Similar(_ context.Context, _, title, _ string, _ int) ([]pmo.Similar, error) {
	return []pmo.Similar{{ID: requestA, Number: 1, Title: "like " + title, Words: "same words"}}, f.fails()
}

func (f *fakeStore) SavedViews(_ context.Context, person string) ([]store.SavedView, error) {
	var list []store.SavedView
	for key, v := range f.discussion.views {
		if strings.HasPrefix(key, person+" ") {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b store.SavedView) int { return strings.Compare(a.Name, b.Name) })
	return list, f.fails()
}

func (f *fakeStore) PutView(ctx context.Context, person string, v store.SavedView) error {
	for key, other := range f.discussion.views {
		if strings.HasPrefix(key, person+" ") && other.ID != v.ID && other.Name == v.Name {
			return store.ErrConflict
		}
	}
	f.discussion.views[person+" "+v.ID] = v
	return f.KeepKey(ctx, v)
}

func (f *fakeStore) DropView(ctx context.Context, person, id string) error {
	delete(f.discussion.views, person+" "+id)
	return f.KeepKey(ctx, struct{}{})
}

// Board has every request; the filter is kept.
func (f *fakeStore) Board(_ context.Context, filter store.Filter, _ int) ([]store.ByStage, error) {
	f.filter = filter
	var board []store.ByStage
	for _, stage := range pmo.Stages() {
		column := store.ByStage{Stage: stage}
		for _, row := range f.rows {
			if row.Stage == stage {
				column.Count++
				column.Items = append(column.Items, store.Item{ID: row.ID, Number: row.Number, Title: row.Content.Title, Stage: stage})
			}
		}
		board = append(board, column)
	}
	return board, f.fails()
}

func (f *fakeStore) Holds(context.Context, string) ([]store.Hold, error) { return f.holds, f.fails() }

func (f *fakeStore) SlotsTaken(context.Context) ([]store.SlotsTaken, error) {
	return f.slots, f.fails()
}

func (f *fakeStore) NotificationChoices(_ context.Context, person string) (store.ChosenNotifications, error) {
	return f.discussion.chosen[person], f.fails()
}

func (f *fakeStore) PutNotificationChoices(ctx context.Context, person string, c notice.Choices, version int64, at time.Time) error {
	if f.discussion.chosen[person].Version != version {
		return store.ErrConflict
	}
	f.discussion.chosen[person] = store.ChosenNotifications{Choices: c, Version: version + 1, At: at}
	return f.KeepKey(ctx, f.discussion.chosen[person])
}

func (f *fakeStore) MutedRequests(_ context.Context, v store.View) ([]store.MutedRequest, error) {
	var list []store.MutedRequest
	for key := range f.discussion.muted {
		if key[0] == v.Viewer {
			list = append(list, store.MutedRequest{ID: key[1], Number: 1, Title: "Muted", At: now})
		}
	}
	return list, f.fails()
}

func (f *fakeStore) Mute(ctx context.Context, person, request string, _ time.Time) error {
	f.discussion.muted[[2]string{person, request}] = true
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) Unmute(ctx context.Context, person, request string) error {
	delete(f.discussion.muted, [2]string{person, request})
	return f.KeepKey(ctx, struct{}{})
}
