package devprovider

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

//go:embed page.html
var pageSource string

//go:embed style.css
var styleSource []byte

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// page is what a person sees.
type page struct {
	Words  string // instead of a choice
	People []Person
	Action string
	Client string // where people are sent back to
	Issuer string
}

// Initials stand in a circle before a name.
func (p Person) Initials() string {
	var letters strings.Builder
	for _, word := range strings.Fields(p.Name) {
		if letters.Len() < 2 {
			letters.WriteString(word[:1])
		}
	}
	return letters.String()
}

// show writes the page. The browser may send its form here, and follow the answer to the client.
func (p *Provider) show(w http.ResponseWriter, status int, view page) {
	view.Issuer = p.Issuer
	origins := []string{"'self'"}
	for _, redirect := range p.Redirects {
		if u, err := url.Parse(redirect); err == nil {
			view.Client = u.Host
			origins = append(origins, u.Scheme+"://"+u.Host)
		}
	}
	slices.Sort(origins)
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, view); err != nil {
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action "+strings.Join(slices.Compact(origins), " "))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

func (p *Provider) refuse(w http.ResponseWriter, status int, words string) {
	p.show(w, status, page{Words: words})
}

func (p *Provider) about(w http.ResponseWriter, _ *http.Request) {
	p.show(w, http.StatusOK, page{Words: "People of the local stack are signed in here. Begin at the pages of Lean PMO."})
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(styleSource)
}
