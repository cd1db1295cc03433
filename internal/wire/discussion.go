package wire

import "time"

// Comment is what somebody said about a request, or about one of its questions.
type Comment struct {
	ID          string     `json:"id"`
	Question    string     `json:"question,omitempty" doc:"The question it is about; absent: the request"`
	Author      string     `json:"author"`
	At          time.Time  `json:"at"`
	Text        string     `json:"text,omitempty" doc:"Plain text, never markup. Absent when it was withdrawn"`
	Mentions    []string   `json:"mentions" doc:"Who was told of it"`
	Version     int        `json:"version" doc:"1 until it is edited; an edit names the one it is based on"`
	EditedAt    *time.Time `json:"edited_at,omitempty"`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty"`
	Agent       string     `json:"agent,omitempty" doc:"The agent that drafted it; the author has confirmed it"`
	Own         bool       `json:"own,omitempty" doc:"It is yours: you may edit and withdraw it"`
}

// CommentHistory is a comment with what it said before.
type CommentHistory struct {
	Comment
	Earlier []CommentVersion `json:"earlier" doc:"What it said before it was edited, the oldest first; empty when it was withdrawn"`
}

// CommentVersion is what a comment said from a time on.
type CommentVersion struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Text    string    `json:"text"`
}

// MaxComment is as long as the text of a comment may be, in characters: the maxLength of Text below.
const MaxComment = 4000

// NewComment is a comment to be made.
type NewComment struct {
	Text     string   `json:"text" minLength:"1" maxLength:"4000" doc:"Plain text. @ana tells ana of it"`
	Question string   `json:"question,omitempty" maxLength:"200" doc:"The question it is about"`
	Mentions []string `json:"mentions,omitempty" maxItems:"20" doc:"Whom to tell besides those whom the text names"`
	Draft    string   `json:"draft,omitempty" maxLength:"36" doc:"Your draft that it was made of: what an agent drafted is marked so"`
}

// EditedComment is another text for a comment.
type EditedComment struct {
	Text     string   `json:"text" minLength:"1" maxLength:"4000"`
	Version  int      `json:"version" minimum:"1" doc:"The version you saw; an older one is refused (409)"`
	Mentions []string `json:"mentions,omitempty" maxItems:"20" doc:"Whom to tell besides those whom the text names"`
}

// Attachment is a link to something about a request that lies elsewhere.
type Attachment struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	MayRemove bool      `json:"may_remove,omitempty" doc:"You may remove it"`
}

// Attachments are the links attached to a request, in the order they were added.
type Attachments struct {
	Page[Attachment]
	MayAttach bool `json:"may_attach,omitempty" doc:"You may attach another one"`
}

// NewAttachment is a link to be attached.
type NewAttachment struct {
	URL   string `json:"url" minLength:"1" maxLength:"2000" doc:"An address that begins with https:// or http://" example:"https://wiki.example/plan"`
	Title string `json:"title" minLength:"1" maxLength:"200"`
}
