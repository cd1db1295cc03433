package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"leanpmo/internal/client"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// policyView is the rules in force, and how they rank one request of the backlog.
type policyView struct {
	Policy     wire.Policy
	Parts      []policyPart
	Example    *workedExample // nil: nothing is ranked, or not the request that was asked for
	Asked      string         // the request that was asked for
	Fault      string         // a text of the catalogue: why it is not shown
	Portfolio  string
	Portfolios []portfolioLink // empty where there is one only
}

// policyPart are the rules about one part of the process.
type policyPart struct {
	Part  policy.Part
	Rules []policy.Rule
}

// partsOf are the rules by what they are about. That which says which policy it is stands above them.
func partsOf(rules []policy.Rule) []policyPart {
	var parts []policyPart
	for _, r := range rules {
		if r.Part == policy.PartPolicy {
			continue
		}
		if len(parts) == 0 || parts[len(parts)-1].Part != r.Part {
			parts = append(parts, policyPart{Part: r.Part})
		}
		last := &parts[len(parts)-1]
		last.Rules = append(last.Rules, r)
	}
	return parts
}

// portfolioLink shows the example of another portfolio.
type portfolioLink struct {
	Name, Link string
	Chosen     bool
}

// policy shows the rules in force in plain words, the document they are written in, and a worked example of the live backlog: the first request
// that has a score, or the one that the address names.
func (s *Site) policy(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.api.Policy(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	view := policyView{Policy: answer.Value, Parts: partsOf(answer.Value.Rules), Asked: strings.TrimSpace(q.Get("request")), Portfolio: q.Get("portfolio")}
	view.Portfolios = portfolioLinks(view.Policy.Data, &view.Portfolio)
	status, err := http.StatusOK, nil
	if view.Asked != "" {
		status, err = s.explainAsked(r, &view)
	} else {
		err = s.explainFirst(r, &view)
	}
	if err != nil {
		return err
	}
	return render(s, w, r, status, "policy", view)
}

// portfolioLinks lead to the example of each portfolio. A portfolio that is not named is the first one.
func portfolioLinks(d policy.Document, chosen *string) []portfolioLink {
	var links []portfolioLink
	for i, p := range d.Portfolios {
		if i == 0 {
			*chosen = cmp.Or(*chosen, p.ID)
		}
		links = append(links, portfolioLink{Name: p.Name, Link: "/policy?portfolio=" + url.QueryEscape(p.ID) + "#h-example", Chosen: p.ID == *chosen})
	}
	if len(links) < 2 {
		return nil
	}
	return links
}

// exampleRows is among how many requests an example with a score is looked for: expedite work and what is due come first, without one.
const exampleRows = 50

func (s *Site) explainFirst(r *http.Request, view *policyView) error {
	page, err := s.api.Backlog(r.Context(), client.Filter{Portfolio: view.Portfolio, Limit: exampleRows})
	if err != nil || len(page.Value.Items) == 0 {
		return err
	}
	first := page.Value.Items[0]
	for _, line := range page.Value.Items {
		if len(line.Parts) > 0 {
			first = line
			break
		}
	}
	view.Example = newWorkedExample(s.readerOf(r), view.Policy.Data.Model(view.Portfolio), first)
	return nil
}

// explainAsked shows the rank of one request; the reader may read it, and it is ranked.
func (s *Site) explainAsked(r *http.Request, view *policyView) (status int, err error) {
	request, err := s.api.Request(r.Context(), view.Asked)
	if client.IsKind(err, problem.NotFound) {
		view.Fault = "worked.unknown"
		return http.StatusNotFound, nil
	}
	if err != nil {
		return 0, err
	}
	why, err := s.api.Explain(r.Context(), view.Asked)
	if err != nil {
		return 0, err
	}
	if why.Value.Rank == nil {
		view.Fault = "worked.not_ranked"
		return http.StatusOK, nil
	}
	view.Example = newWorkedExample(s.readerOf(r), view.Policy.Data.Model(request.Value.Portfolio), *why.Value.Rank)
	return http.StatusOK, nil
}
