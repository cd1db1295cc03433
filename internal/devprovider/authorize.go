package devprovider

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// grant is what a code stands for. A code counts once, for a minute.
type grant struct {
	person      Person
	redirect    string
	nonce       string
	challenge   string
	issued, end time.Time
}

const (
	codeLife  = time.Minute
	mostCodes = 1000 // that are not redeemed yet
)

// request judges an authorization request. A client or an address that is not known is answered here; other faults go back to the client, as
// an error of OAuth.
func (p *Provider) request(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	q := r.URL.Query()
	if q.Get("client_id") != p.ClientID || !slices.Contains(p.Redirects, q.Get("redirect_uri")) {
		p.refuse(w, http.StatusBadRequest, "Another client, or an address that does not belong to it, asked to sign somebody in.")
		return nil, false
	}
	fault := ""
	switch {
	case q.Get("response_type") != "code":
		fault = "unsupported_response_type"
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || q.Get("state") == "" || q.Get("nonce") == "":
		fault = "invalid_request"
	case q.Get("prompt") == "none":
		fault = "login_required"
	}
	if fault != "" {
		p.sendBack(w, r, q, url.Values{"error": {fault}})
		return nil, false
	}
	return q, true
}

// sendBack leads the browser back to the client.
func (p *Provider) sendBack(w http.ResponseWriter, r *http.Request, q, answer url.Values) {
	answer.Set("state", q.Get("state"))
	answer.Set("iss", p.Issuer)
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+answer.Encode(), http.StatusSeeOther)
}

func (p *Provider) authorizePage(w http.ResponseWriter, r *http.Request) {
	if _, ok := p.request(w, r); !ok {
		return
	}
	people, err := p.People()
	if err != nil {
		p.refuse(w, http.StatusInternalServerError, "The people cannot be read.")
		return
	}
	p.show(w, http.StatusOK, page{People: people, Action: r.URL.RequestURI()})
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		p.refuse(w, http.StatusForbidden, "A page of another site chose somebody.")
		return
	}
	q, ok := p.request(w, r)
	if !ok {
		return
	}
	people, err := p.People()
	i := slices.IndexFunc(people, func(person Person) bool { return person.Subject == r.PostFormValue("subject") })
	switch {
	case err != nil:
		p.refuse(w, http.StatusInternalServerError, "The people cannot be read.")
	case r.PostFormValue("subject") == "":
		p.sendBack(w, r, q, url.Values{"error": {"access_denied"}})
	case i < 0:
		p.refuse(w, http.StatusBadRequest, "There is nobody of that name.")
	default:
		code, ok := p.issue(people[i], q)
		if !ok {
			p.sendBack(w, r, q, url.Values{"error": {"temporarily_unavailable"}})
			return
		}
		p.sendBack(w, r, q, url.Values{"code": {code}})
	}
}

// issue makes a code, as long as not too many wait for being redeemed.
func (p *Provider) issue(person Person, q url.Values) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Now()
	for code, g := range p.codes {
		if now.After(g.end) {
			delete(p.codes, code)
		}
	}
	if len(p.codes) >= mostCodes {
		return "", false
	}
	code := rand.Text()
	p.codes[code] = grant{person: person, redirect: q.Get("redirect_uri"), nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), issued: now, end: now.Add(codeLife)}
	return code, true
}
