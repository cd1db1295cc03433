package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/clientaddr"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/publicform"
	"leanpmo/internal/ratelimit"
)

// PublicForm is the form for people without an account. Their requests belong to a service, whose desk answers for them.
type PublicForm struct {
	Requester string // the id of the service
	Store     publicform.Store
	// PerHour bounds the requests of all together, and AddressPerHour those from one address.
	PerHour, AddressPerHour int
}

// publicPages are what the pages of the form need while they are served.
type publicPages struct {
	PublicForm
	pages *ratelimit.Limiter // every page and every try, by address
	sent  *ratelimit.Limiter // requests, by address

	mu     sync.Mutex
	secret []byte
}

const (
	// publicPagesPerMinute is how many pages of the form an address may call; behind one there may be a whole office.
	publicPagesPerMinute = 120
	// maxPublicForm is the largest form that people without an account may send. Its largest fields together are about a third of it.
	maxPublicForm = 256 << 10
	// honeypot is a field that people do not see and programs fill in.
	honeypot = "website"
)

func newPublicPages(f *PublicForm, now func() time.Time) *publicPages {
	if f == nil {
		return nil
	}
	return &publicPages{PublicForm: *f, pages: ratelimit.PerMinute(publicPagesPerMinute, publicPagesPerMinute, now), sent: ratelimit.PerHour(f.AddressPerHour, f.AddressPerHour, now)}
}

// formSecret is what marks are signed with; it is read once.
func (p *publicPages) formSecret(ctx context.Context) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.secret == nil {
		secret, err := p.Store.FormSecret(ctx)
		if err != nil {
			return nil, err
		}
		p.secret = secret
	}
	return p.secret, nil
}

// publicRoutes are the pages without an account. No session is read or made here, so that somebody who is signed in is not known either.
func (s *Site) publicRoutes(r chi.Router) {
	r.Use(s.publicPage)
	r.Get("/start", s.page(s.startKinds))
	r.Get("/start/{kind}", s.page(s.startForm))
	r.Post("/start/{kind}", s.page(s.start))
	r.Get("/status/{token}", s.page(s.status))
}

// publicPage lets an address call so many pages, and makes calls to the API those of the service that public requests belong to.
func (s *Site) publicPage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Robots-Tag", "noindex, nofollow")
		if s.public == nil {
			s.fail(w, r, errNoPage)
			return
		}
		if wait, ok := s.public.pages.Take(s.addressOf(r)); !ok {
			s.tooOften(w, wait)
			s.fail(w, r, problem.New(problem.RateLimited, "too many pages are called from your address"))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxPublicForm)
		next.ServeHTTP(w, r.WithContext(s.Caller(r.Context(), s.public.Requester)))
	})
}

func (s *Site) addressOf(r *http.Request) string {
	return clientaddr.Network(s.Proxies.Of(r)).String()
}

func (s *Site) tooOften(w http.ResponseWriter, wait time.Duration) {
	wait = max(wait, time.Second)
	w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
}

// startKinds lists what people without an account may ask for.
func (s *Site) startKinds(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.rules(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "start", startKindsView{Kinds: rules.PublicKinds()})
}

type startKindsView struct{ Kinds []policy.KindDoc }

type startView struct {
	Kind   policy.KindDoc
	Asked  []control // of the request
	Who    []control // of the person
	Check  bool      // the answers are shown to be checked; the next step submits them
	Mark   string
	Faults []string
}

// All lists every control.
func (v startView) All() []control { return slices.Concat(v.Asked, v.Who) }

// Wrong reports whether anything must be mended.
func (v startView) Wrong() bool {
	return len(v.Faults) > 0 || slices.ContainsFunc(v.All(), func(c control) bool { return c.Error != "" })
}

// newStart is the form of a public kind: its title, the fields that the policy marks as public, and who asks.
func (s *Site) newStart(r *http.Request) (startView, error) {
	rules, err := s.rules(r)
	if err != nil {
		return startView{}, err
	}
	kinds := rules.PublicKinds()
	i := slices.IndexFunc(kinds, func(k policy.KindDoc) bool { return k.ID == chi.URLParam(r, "kind") })
	if i < 0 {
		return startView{}, errNoPage
	}
	t := s.readerOf(r)
	view := startView{Kind: kinds[i], Asked: []control{{Name: "title", Type: typeText, Label: t.T("field.title"), Help: t.T("help.title"), Required: true}}}
	for _, field := range view.Kind.Fields {
		view.Asked = append(view.Asked, s.contentControls(t, rules, field.Field, field.Ask, field.Need == policy.NeedRequired)...)
	}
	view.Who = []control{
		{Name: "asker_name", Type: typeText, Label: t.T("start.name"), Required: true, Apart: true, Autocomplete: "name"},
		{Name: "asker_contact", Type: typeText, Label: t.T("start.contact"), Help: t.T("start.contact_help"), Required: true, Apart: true, Autocomplete: "email"},
	}
	return view, nil
}

// startForm shows the form of a public kind.
func (s *Site) startForm(w http.ResponseWriter, r *http.Request) error {
	view, err := s.newStart(r)
	if err != nil {
		return err
	}
	secret, err := s.public.formSecret(r.Context())
	if err != nil {
		return away(err)
	}
	view.Mark = publicform.NewMark(s.Now()).Text(secret)
	return render(s, w, r, http.StatusOK, "start_form", view)
}

// away is an error of the store, in which who asks is kept: nothing was submitted.
func away(err error) error {
	return problem.Wrap(err, problem.Unavailable, "the form cannot be answered right now; nothing was submitted")
}

// start shows the answers to be checked, or submits them. The same form sent again is the same submission.
func (s *Site) start(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.newStart(r)
	if err != nil {
		return err
	}
	secret, err := s.public.formSecret(r.Context())
	if err != nil {
		return away(err)
	}
	view.Asked, view.Who = fill(view.Asked, r.PostForm), fill(view.Who, r.PostForm)
	t := s.readerOf(r)
	submission, faults, err := view.submission(t)
	if err != nil {
		return err
	}
	mark, signed := publicform.ReadMark(secret, r.PostForm.Get("mark"))
	step := r.PostForm.Get("step")
	if !signed || mark.Age(s.Now()) > publicform.LongestTime {
		mark = publicform.NewMark(s.Now())
		view.Faults = append(view.Faults, t.T("start.too_old"))
	}
	view.Mark = mark.Text(secret)
	if r.PostForm.Get(honeypot) != "" {
		view.Faults = append(view.Faults, t.T("start.honeypot"))
	}
	switch {
	case faults || len(view.Faults) > 0:
		return render(s, w, r, http.StatusUnprocessableEntity, "start_form", view)
	case step == "change":
		return render(s, w, r, http.StatusOK, "start_form", view)
	case step != "send":
		view.Check = true
		return render(s, w, r, http.StatusOK, "start_form", view)
	case mark.Age(s.Now()) < publicform.LeastTime:
		view.Check, view.Faults = true, []string{t.T("start.too_fast")}
		return render(s, w, r, http.StatusUnprocessableEntity, "start_form", view)
	}
	return s.sendStart(w, r, view, submission, mark)
}
