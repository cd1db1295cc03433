package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/wire"
)

const channelsPath = "/channels"

// channelsView is where notifications are sent, and what became of them.
type channelsView struct {
	Rows    []channelRow
	Failing bool
	Next    string
}

// channelRow is an endpoint with the address of its page.
type channelRow struct {
	wire.Channel
	Kind string
	Page string
}

func channelPage(endpoint string) string { return channelsPath + "/" + url.PathEscape(endpoint) }

func (s *Site) channels(w http.ResponseWriter, r *http.Request) error {
	view := channelsView{Failing: r.URL.Query().Get("failing") != ""}
	page, err := s.api.Channels(r.Context(), view.Failing, 0, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	for _, c := range page.Value.Items {
		kind, _, _ := strings.Cut(c.Endpoint, ":")
		view.Rows = append(view.Rows, channelRow{c, kind, channelPage(c.Endpoint)})
	}
	view.Next = nextPage(r, page.Value.Next)
	return render(s, w, r, http.StatusOK, "channels", view)
}

// channelView is one endpoint: what was given up, or what is about to be done, to be confirmed.
type channelView struct {
	Endpoint string
	Page     string
	Dead     []wire.DeadMessage
	Next     string
	Step     string // redeliver or enable, to be confirmed; empty: the list
	Message  string // the one to be redelivered; empty: all
}

func (s *Site) channel(w http.ResponseWriter, r *http.Request) error {
	endpoint := chi.URLParam(r, "endpoint")
	page, err := s.api.DeadMessages(r.Context(), endpoint, 0, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "channel", channelView{Endpoint: endpoint, Page: channelPage(endpoint), Dead: page.Value.Items, Next: nextPage(r, page.Value.Next)})
}

// channelStep asks whether it shall be done. It changes nothing.
func (s *Site) channelStep(w http.ResponseWriter, r *http.Request) error {
	if !managesChannels(r) {
		return errNoPage
	}
	endpoint := chi.URLParam(r, "endpoint")
	return render(s, w, r, http.StatusOK, "channel", channelView{Endpoint: endpoint, Page: channelPage(endpoint), Step: chi.URLParam(r, "step"), Message: r.URL.Query().Get("message")})
}

func (s *Site) changeChannel(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	endpoint := chi.URLParam(r, "endpoint")
	if chi.URLParam(r, "step") == "enable" {
		if err := s.api.EnableChannel(r.Context(), endpoint); err != nil {
			return err
		}
		http.Redirect(w, r, channelsPath, http.StatusSeeOther)
		return nil
	}
	what := wire.Redeliver{Endpoint: endpoint}
	if message := r.PostForm.Get("message"); message != "" {
		what = wire.Redeliver{Message: message}
	}
	if _, err := s.api.Redeliver(r.Context(), what); err != nil {
		return err
	}
	http.Redirect(w, r, channelPage(endpoint), http.StatusSeeOther)
	return nil
}

// managesChannels reports whether the reader may redeliver and enable.
func managesChannels(r *http.Request) bool {
	return access.Can(viewerOf(r.Context()).Actor(), access.ManageChannels, access.Object{}).Allowed
}
