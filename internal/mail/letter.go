package mail

import (
	"embed"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"
)

// Letter is what a mail says, the same in text and HTML. All texts are in the letter's language; what people wrote is plain text.
type Letter struct {
	Lang        string // of the catalogue
	Subject     string // a sentence, without its full stop
	Heading     string // the request or what the letter is about
	Lines       []string
	Sections    []Section // of a digest
	Due         string    // by when an answer is asked for; empty: for none
	Button      string    // of the link
	Page        string    // where the link leads; empty: nowhere
	Why         string    // the recipient gets it
	Unsubscribe string    // the page that unsubscribes from this kind; empty: nobody does
}

// Section is a part of a digest.
type Section struct {
	Title string
	Items []Item
	More  string // how much is left out; empty: nothing
}

// Item is a line of a section, with the page it leads to.
type Item struct{ Text, Page string }

//go:embed templates
var templateFiles embed.FS

var (
	textTemplate = text.Must(text.ParseFS(templateFiles, "templates/letter.txt"))
	htmlTemplate = html.Must(html.ParseFS(templateFiles, "templates/letter.html"))
)

// T is a text of the catalogue in the letter's language.
func (l Letter) T(key string) string { return say(l.Lang, key) }

// text is the letter as plain text.
func (l Letter) text() (string, error) {
	var b strings.Builder
	if err := textTemplate.Execute(&b, l); err != nil {
		return "", fmt.Errorf("write a mail as text: %w", err)
	}
	return strings.TrimSpace(b.String()) + "\n", nil
}

// html is the letter in one column, with its style in it and nothing to be loaded.
func (l Letter) html() (string, error) {
	var b strings.Builder
	if err := htmlTemplate.Execute(&b, l); err != nil {
		return "", fmt.Errorf("write a mail as HTML: %w", err)
	}
	return b.String(), nil
}
