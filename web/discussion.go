package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/client"
	"leanpmo/internal/directory"
	"leanpmo/internal/wire"
)

// discussionRows is how many comments a page shows, the latest.
const discussionRows = 100

// discussion is what people say about a request, or about one of its questions, and what they attached to it.
type discussion struct {
	Request     *wire.Request
	Question    string
	Comments    []wire.Comment // the oldest first
	More        bool           // earlier ones are not shown
	Attachments []wire.Attachment
	MayAttach   bool
	People      []choice
	Drafts      []wire.Draft // comments that agents drafted for the reader
	MailTo      string       // the address at which the reader's mail becomes a comment; empty: there is none
}

// Key makes a second click the same comment, or the same link.
func (discussion) Key() string { return client.NewKey() }

func (s *Site) discussionOf(r *http.Request, request *wire.Request, question string) (discussion, error) {
	d := discussion{Request: request, Question: question, People: s.people()}
	comments, err := s.api.Comments(r.Context(), request.ID, discussionRows, "")
	if err != nil {
		return d, err
	}
	d.Comments, d.More = comments.Value.Items, comments.Value.Next != ""
	if question != "" {
		d.Comments = slices.DeleteFunc(d.Comments, func(c wire.Comment) bool { return c.Question != question })
	}
	slices.Reverse(d.Comments)
	links, err := s.api.Attachments(r.Context(), request.ID)
	if err != nil {
		return d, err
	}
	d.Attachments, d.MayAttach = links.Value.Items, links.Value.MayAttach
	if question == "" {
		d.Drafts = s.draftedComments(r, request.ID)
		d.MailTo = s.mailTo(r, request)
	}
	return d, nil
}

// mailTo is the reader's own address for comments on a request; empty where no mail is taken, while it cannot be made, and before a request has its number.
func (s *Site) mailTo(r *http.Request, request *wire.Request) string {
	if s.MailAddress == nil || request.Number == 0 {
		return ""
	}
	address, err := s.MailAddress(r.Context(), viewerOf(r.Context()).ID, refOf(request.Number, request.ID))
	if err != nil {
		s.Log.DebugContext(r.Context(), "the address for comments cannot be made", "cause", err)
		return ""
	}
	return address
}

// draftedComments are the comments on a request that agents drafted for the reader; none while they cannot be read, and for who keeps no drafts.
func (s *Site) draftedComments(r *http.Request, request string) []wire.Draft {
	if !slices.ContainsFunc(s.People.Principals(), func(p directory.Principal) bool { return p.Agent() }) {
		return nil
	}
	drafts, err := s.api.Drafts(r.Context())
	if err != nil {
		s.Log.DebugContext(r.Context(), "drafts of comments not read", "cause", err)
		return nil
	}
	return slices.DeleteFunc(drafts.Value.Items, func(d wire.Draft) bool { return d.Request != request })
}

// discardComment discards the comment that an agent drafted.
func (s *Site) discardComment(w http.ResponseWriter, r *http.Request, request *wire.Request, draft string) error {
	if err := s.api.DropDraft(r.Context(), draft); err != nil {
		return err
	}
	http.Redirect(w, r, "/requests/"+refOf(request.Number, request.ID)+"#discussion", http.StatusSeeOther)
	return nil
}

// noteView is a page with the form of one comment or of one link: to edit it, or because something is wrong with it.
type noteView struct {
	Request  *wire.Request
	Heading  string // the key of a text
	Action   string
	Controls []control
	Faults   []string
	Key      string
	Comment  *wire.CommentHistory // of an existing comment
}

// Wrong reports whether anything must be mended.
func (v noteView) Wrong() bool {
	return len(v.Faults) > 0 || slices.ContainsFunc(v.Controls, func(c control) bool { return c.Error != "" })
}

func (s *Site) noted(r *http.Request) (*wire.Request, error) {
	answer, err := s.api.Request(r.Context(), chi.URLParam(r, "ref"))
	if err != nil {
		return nil, err
	}
	return &answer.Value, r.ParseForm()
}

// refuseNote shows the form again with what the API found wrong.
func (s *Site) refuseNote(w http.ResponseWriter, r *http.Request, view noteView, err error) error {
	var named bool
	if view.Faults, named = blame(view.Controls, "", err); !named {
		return err
	}
	return render(s, w, r, http.StatusUnprocessableEntity, "note", view)
}

func (s *Site) commentControls(t *reader) []control {
	return []control{
		{Name: "text", Type: typeArea, Label: t.T("discussion.text"), Help: t.T("discussion.help"), Required: true},
		{Name: "mentions.0", Type: typeChoice, Label: t.T("discussion.tell"), Choices: s.people()},
		{Name: "question", Type: typeHidden},
		{Name: "draft", Type: typeHidden},
	}
}

func mentionsOf(controls []control) []string {
	if controls[1].Value == "" {
		return nil
	}
	return []string{controls[1].Value}
}

func (s *Site) addComment(w http.ResponseWriter, r *http.Request) error {
	request, err := s.noted(r)
	if err != nil {
		return err
	}
	view := noteView{Request: request, Heading: "discussion.add", Action: "comments", Controls: fill(s.commentControls(s.readerOf(r)), r.PostForm)}
	draft := r.PostForm.Get("draft")
	if r.PostForm.Get("step") == "discard" && draft != "" {
		return s.discardComment(w, r, request, draft)
	}
	n := wire.NewComment{Text: view.Controls[0].Value, Question: view.Controls[2].Value, Mentions: mentionsOf(view.Controls), Draft: draft}
	if view.Key = r.PostForm.Get("key"); missing(view.Controls) {
		return render(s, w, r, http.StatusUnprocessableEntity, "note", view)
	}
	if _, err := s.api.AddComment(r.Context(), request.ID, n, keyOf(r)); err != nil {
		return s.refuseNote(w, r, view, err)
	}
	if draft != "" {
		if err := s.api.DropDraft(r.Context(), draft); err != nil { // it is said: that the draft stays is no reason to refuse
			s.Log.DebugContext(r.Context(), "draft of a comment not deleted", "cause", err)
		}
	}
	target := "/requests/" + refOf(request.Number, request.ID)
	if n.Question != "" && slices.ContainsFunc(request.Questions, func(q wire.OpenQuestion) bool { return q.ID == n.Question && q.MayAnswer }) {
		target += "/answer?question=" + url.QueryEscape(n.Question)
	}
	http.Redirect(w, r, target+"#discussion", http.StatusSeeOther)
	return nil
}

func (s *Site) ownComment(r *http.Request) (noteView, error) {
	request, err := s.noted(r)
	if err != nil {
		return noteView{}, err
	}
	comment, err := s.api.Comment(r.Context(), request.ID, chi.URLParam(r, "id"))
	if err != nil {
		return noteView{}, err
	}
	view := noteView{Request: request, Heading: "discussion.comment", Action: "comments/" + comment.Value.ID, Comment: &comment.Value, Key: client.NewKey()}
	if comment.Value.Own {
		view.Heading, view.Controls = "discussion.edit", s.commentControls(s.readerOf(r))
		view.Controls[0].Value = comment.Value.Text
		view.Controls[2] = control{Name: "version", Type: typeHidden, Value: strconv.Itoa(comment.Value.Version)}
	}
	return view, nil
}

// comment shows a comment with what it said before, and its author a form to change it.
func (s *Site) comment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.ownComment(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "note", view)
}

func (s *Site) changeComment(w http.ResponseWriter, r *http.Request) error {
	view, err := s.ownComment(r)
	if err != nil {
		return err
	}
	if !view.Comment.Own {
		return errNotNow
	}
	if r.PostForm.Get("step") == "withdraw" {
		err = s.api.WithdrawComment(r.Context(), view.Request.ID, view.Comment.ID)
	} else {
		view.Controls, view.Key = fill(view.Controls, r.PostForm), r.PostForm.Get("key")
		version, notNumber := strconv.Atoi(view.Controls[2].Value)
		if notNumber != nil {
			return errNotNow
		}
		if missing(view.Controls) {
			return render(s, w, r, http.StatusUnprocessableEntity, "note", view)
		}
		edit := wire.EditedComment{Text: view.Controls[0].Value, Version: version, Mentions: mentionsOf(view.Controls)}
		_, err = s.api.EditComment(r.Context(), view.Request.ID, view.Comment.ID, edit, keyOf(r))
	}
	if err != nil {
		return s.refuseNote(w, r, view, err)
	}
	http.Redirect(w, r, "/requests/"+refOf(view.Request.Number, view.Request.ID)+"#discussion", http.StatusSeeOther)
	return nil
}

func (s *Site) attach(w http.ResponseWriter, r *http.Request) error {
	request, err := s.noted(r)
	if err != nil {
		return err
	}
	t := s.readerOf(r)
	view := noteView{Request: request, Heading: "attachments.add", Action: "attachments", Key: r.PostForm.Get("key"), Controls: fill([]control{
		{Name: "url", Type: typeText, Label: t.T("attachments.url"), Help: t.T("attachments.help"), Required: true},
		{Name: "title", Type: typeText, Label: t.T("attachments.title"), Required: true},
	}, r.PostForm)}
	if missing(view.Controls) {
		return render(s, w, r, http.StatusUnprocessableEntity, "note", view)
	}
	link := wire.NewAttachment{URL: view.Controls[0].Value, Title: view.Controls[1].Value}
	if _, err := s.api.Attach(r.Context(), request.ID, link, keyOf(r)); err != nil {
		return s.refuseNote(w, r, view, err)
	}
	http.Redirect(w, r, "/requests/"+refOf(request.Number, request.ID)+"#attachments", http.StatusSeeOther)
	return nil
}

func (s *Site) detach(w http.ResponseWriter, r *http.Request) error {
	request, err := s.noted(r)
	if err != nil {
		return err
	}
	if err := s.api.Detach(r.Context(), request.ID, chi.URLParam(r, "id"), keyOf(r)); err != nil {
		return err
	}
	http.Redirect(w, r, "/requests/"+refOf(request.Number, request.ID)+"#attachments", http.StatusSeeOther)
	return nil
}

type discussionPart struct {
	discussion
	Page *reader
}

// Host is the host of a link, so that readers see where it leads.
func (t *reader) Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
