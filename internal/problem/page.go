package problem

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// section is a kind as its page shows it.
type section struct {
	Kind                        Kind
	Status                      int
	Title, Means, Cause, Action string
}

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Problems - Lean PMO</title></head>
<body><main>
{{range .}}<h1 id="{{.Kind}}">{{.Title}}</h1>
<p><code>{{.Kind}}</code>, HTTP {{.Status}} {{.StatusText}}</p>
<dl><dt>What it means</dt><dd>{{.Means}}</dd><dt>What it comes from</dt><dd>{{.Cause}}</dd><dt>What to do</dt><dd>{{.Action}}</dd></dl>
{{end}}<p><a href="/problems">All kinds of problems</a></p>
</main></body></html>
`))

// StatusText is the name of the status.
func (s section) StatusText() string { return http.StatusText(s.Status) }

// Page answers what a kind means, where it comes from and what to do; without a kind, of all. It is public and the same for everybody: the
// type of a problem document leads to it. It answers HTML to browsers and plain text to others.
func Page(w http.ResponseWriter, r *http.Request) {
	chosen := Kinds()
	if name := strings.Trim(strings.TrimPrefix(r.URL.Path, Path), "/"); name != "" {
		if chosen = []Kind{Kind(name)}; !chosen[0].Known() {
			p := From(New(NotFound, "there is no such kind of problem; %s lists them", Path))
			p.Instance = Path
			Write(w, p)
			return
		}
	}
	var sections []section
	for _, k := range chosen {
		e := k.entry()
		sections = append(sections, section{k, e.status, e.title, e.means, e.cause, e.action})
	}
	w.Header().Set("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, sections) // the status is sent: an error of writing cannot be reported any more
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, s := range sections {
		_, _ = fmt.Fprintf(w, "%s\n%s, HTTP %d %s\n\nWhat it means: %s\nWhat it comes from: %s\nWhat to do: %s\n\n", s.Title, s.Kind, s.Status, s.StatusText(), s.Means, s.Cause, s.Action)
	}
}
