package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// discussionStore keeps what people say about a request and attach to it.
type discussionStore interface {
	Comments(ctx context.Context, request string, limit int, cursor string) (store.Page[store.Comment], error)
	Comment(ctx context.Context, request, id string) (store.Comment, []store.CommentVersion, error)
	AddComment(ctx context.Context, c store.Comment, entry pmo.Entry) error
	EditComment(ctx context.Context, c store.Comment, entry pmo.Entry) error
	WithdrawComment(ctx context.Context, c store.Comment, entry pmo.Entry) error
	Attachments(ctx context.Context, request string) ([]store.Attachment, error)
	Attachment(ctx context.Context, request, id string) (store.Attachment, error)
	AddAttachment(ctx context.Context, a store.Attachment, entry pmo.Entry) error
	RemoveAttachment(ctx context.Context, a store.Attachment, by string, at time.Time, entry pmo.Entry) error
}

const (
	mostMentions = 20
	commentAbout = "Comments steer nothing: no answer and no decision is read from them. Whom a comment mentions is notified of it, and must be able to read the request. " +
		"The ledger says who commented, not what."
)

// CommentPath names a comment on a request.
type CommentPath struct {
	RefPath
	ID string `path:"id" format:"uuid"`
}

type commentsOutput struct {
	Body wire.Page[wire.Comment]
}

func (a *API) comments(ctx context.Context, in *struct {
	RefPath
	Paging
}) (*commentsOutput, error) {
	found, err := a.Store.Comments(ctx, targetOf(ctx).ID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	me := actorOf(ctx).ID
	return &commentsOutput{Body: pageOf(found, func(c store.Comment) wire.Comment { return commentOf(c, me) })}, nil
}

func commentOf(c store.Comment, reader string) wire.Comment {
	out := wire.Comment{ID: c.ID, Question: c.Question, Author: c.Author, At: c.At, Agent: c.Agent, Text: c.Text, Mentions: listed(c.Mentions), Version: c.Version,
		EditedAt: c.EditedAt, WithdrawnAt: c.WithdrawnAt, Own: c.Author == reader && c.WithdrawnAt == nil}
	if c.WithdrawnAt != nil {
		out.Text, out.Mentions = "", []string{}
	}
	return out
}

type historyOutput struct {
	Body wire.CommentHistory
}

// comment answers a comment with what it said before. What was withdrawn is shown to nobody; the database keeps it.
func (a *API) comment(ctx context.Context, in *struct{ CommentPath }) (*historyOutput, error) {
	c, versions, err := a.Store.Comment(ctx, targetOf(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{Body: wire.CommentHistory{Comment: commentOf(c, actorOf(ctx).ID), Earlier: []wire.CommentVersion{}}}
	for _, v := range versions {
		if c.WithdrawnAt == nil {
			out.Body.Earlier = append(out.Body.Earlier, wire.CommentVersion(v))
		}
	}
	return out, nil
}

type commentOutput struct {
	Replayable
	Body wire.Comment
}

type addCommentInput struct {
	RefPath
	Keyed
	Body wire.NewComment
}

func (a *API) addComment(ctx context.Context, in *addCommentInput) (*commentOutput, error) {
	t := targetOf(ctx)
	return a.writeComment(ctx, in.Key, "comment on "+t.ID, in.Body, func(ctx context.Context) (store.Comment, error) {
		c := store.Comment{ID: uuid.Must(uuid.NewV7()).String(), Request: t.ID, Question: in.Body.Question, Author: actorOf(ctx).ID, At: a.moment(), Text: in.Body.Text, Version: 1}
		if c.Question != "" && t.Request.Question(c.Question) == nil {
			return c, problem.InvalidField("/question", "is no question of this request")
		}
		var err error
		if c.Mentions, err = a.mentioned(ctx, t, c.Text, in.Body.Mentions); err != nil {
			return c, err
		}
		if c.Agent, err = a.draftedBy(ctx, in.Body.Draft); err != nil {
			return c, err
		}
		text := "wrote a comment"
		if c.Agent != "" {
			text = "confirmed a comment that the agent " + c.Agent + " drafted"
		}
		if len(c.Mentions) > 0 {
			text += " for " + strings.Join(c.Mentions, ", ")
		}
		entry := pmo.Entry{Event: pmo.EventCommented, Key: "comment/" + c.ID, Question: c.Question, Text: text}
		return c, a.Store.AddComment(ctx, c, t.Request.Note(c.At, by(ctx), entry, c.Mentions...))
	})
}

// moment is now as the database keeps it.
func (a *API) moment() time.Time { return a.Now().UTC().Truncate(time.Microsecond) }

func (a *API) writeComment(ctx context.Context, key, command string, body any, do func(context.Context) (store.Comment, error)) (*commentOutput, error) {
	c, replayed, err := once(ctx, a.Store, keyed(ctx, "", key, command, body), key, do)
	if err != nil {
		return nil, err
	}
	return &commentOutput{Replayable: replayed, Body: commentOf(c, actorOf(ctx).ID)}, nil
}

type editCommentInput struct {
	CommentPath
	Keyed
	Body wire.EditedComment
}

func (a *API) editComment(ctx context.Context, in *editCommentInput) (*commentOutput, error) {
	t := targetOf(ctx)
	return a.writeComment(ctx, in.Key, "edit "+in.ID, in.Body, func(ctx context.Context) (store.Comment, error) {
		c, err := a.ownComment(ctx, t.ID, in.ID)
		if err != nil {
			return c, err
		}
		switch {
		case c.WithdrawnAt != nil:
			return c, problem.New(problem.Stale, "the comment was withdrawn")
		case c.Version != in.Body.Version:
			return c, problem.New(problem.Stale, "the comment was edited since: it is at version %d, you saw %d", c.Version, in.Body.Version)
		case c.Version >= store.MostVersions:
			return c, store.ErrFull
		}
		before := c.Mentions
		now := a.moment()
		c.Text, c.Version, c.EditedAt = in.Body.Text, c.Version+1, &now
		if c.Mentions, err = a.mentioned(ctx, t, c.Text, in.Body.Mentions); err != nil {
			return c, err
		}
		added := slices.DeleteFunc(slices.Clone(c.Mentions), func(id string) bool { return slices.Contains(before, id) })
		entry := pmo.Entry{Event: pmo.EventCommentChanged, Key: fmt.Sprintf("comment/%s/%d", c.ID, c.Version), Question: c.Question, Text: "edited a comment"}
		return c, a.Store.EditComment(ctx, c, t.Request.Note(now, by(ctx), entry, added...))
	})
}

type withdrawnOutput struct {
	Replayable
}

func (a *API) withdrawComment(ctx context.Context, in *struct {
	CommentPath
	Keyed
}) (*withdrawnOutput, error) {
	t := targetOf(ctx)
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "withdraw "+in.ID, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		c, err := a.ownComment(ctx, t.ID, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		now := a.moment()
		c.WithdrawnAt = &now
		entry := pmo.Entry{Event: pmo.EventCommentChanged, Key: "comment/" + c.ID + "/withdrawn", Question: c.Question, Text: "withdrew a comment"}
		return struct{}{}, a.Store.WithdrawComment(ctx, c, t.Request.Note(now, by(ctx), entry))
	})
	return &withdrawnOutput{Replayable: replayed}, err
}

// ownComment is a comment of the caller: nobody changes what another said.
func (a *API) ownComment(ctx context.Context, request, id string) (store.Comment, error) {
	c, _, err := a.Store.Comment(ctx, request, id)
	if err == nil && c.Author != actorOf(ctx).ID {
		return c, problem.New(problem.Forbidden, "only who wrote a comment may change it")
	}
	return c, err
}

// mentioned are the people whom a text names as @id or, for people from claims, as @user-name, and those named besides, without the writer. All of them must be able to read the
// request.
func (a *API) mentioned(ctx context.Context, t *target, text string, besides []string) ([]string, error) {
	var people []string
	var faults []problem.Field
	add := func(id, pointer string) {
		if id == actorOf(ctx).ID || slices.Contains(people, id) || len(people)+len(faults) > mostMentions { // each costs a read
			return
		}
		if !a.mayRead(ctx, t, id) {
			faults = append(faults, problem.Field{Pointer: pointer, Detail: "mentions " + id + ", who may not read this request"})
			return
		}
		people = append(people, id)
	}
	for i, id := range besides {
		pointer := fmt.Sprintf("/mentions/%d", i)
		if unknown := a.unknownPerson(pointer, id); len(unknown) > 0 {
			faults = append(faults, unknown...)
		} else {
			add(id, pointer)
		}
	}
	for _, name := range namesIn(text) {
		if p, known := a.Directory.Mentioned(name); known {
			add(p.ID, "/text")
		}
	}
	if len(people) > mostMentions {
		faults = append(faults, problem.Field{Pointer: "/text", Detail: fmt.Sprintf("mentions more than %d people", mostMentions)})
	}
	if len(faults) > 0 {
		return nil, problem.InvalidFields(faults)
	}
	return people, nil
}

// mayRead reports whether somebody else may read the request.
func (a *API) mayRead(ctx context.Context, t *target, person string) bool {
	p, known := a.Directory.Principal(person)
	if !known {
		return false
	}
	actor := a.Policy.Now().Actor(p)
	theirs := *t
	if theirs.object().Confidential {
		a.relate(ctx, actor, &theirs)
	} else {
		theirs.relation = 0
	}
	return may(actor, access.ReadRequest, theirs.object()) == nil
}

// namesIn lists the words of a text that begin with @. An @ inside a word, as of an e-mail address, names nobody.
func namesIn(text string) []string {
	var names []string
	inName := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) }
	before := ' '
	for i, r := range text {
		if r == '@' && !inName(before) {
			rest := text[i+1:]
			if end := strings.IndexFunc(rest, func(r rune) bool { return !inName(r) }); end >= 0 {
				rest = rest[:end]
			}
			if name := strings.TrimRight(rest, "._-"); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		before = r
	}
	return names
}
