package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"leanpmo/api"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/mail"
	"leanpmo/internal/mailintake"
	"leanpmo/internal/policy"
)

// defaultMailPerHour is more than a person writes to one address, and less than two programs that answer each other.
const defaultMailPerHour = 20

// mailFaults are what is missing or wrong of the settings of the intake; none where it is off.
func (c Config) mailFaults() []error {
	if c.MailIntakeListen == "" {
		return nil
	}
	var faults []error
	if _, port, err := net.SplitHostPort(c.MailIntakeListen); err != nil || port == "" {
		faults = append(faults, errors.New("PMO_MAIL_INTAKE_LISTEN is not an address like 127.0.0.1:2525"))
	}
	if err := mailintake.CheckAddress(c.MailIntakeAddress); err != nil {
		faults = append(faults, fmt.Errorf("PMO_MAIL_INTAKE_ADDRESS: %w", err))
	}
	relays, err := clientaddr.Parse(c.MailIntakeRelays)
	switch {
	case err != nil:
		faults = append(faults, fmt.Errorf("PMO_MAIL_INTAKE_RELAYS: %w", err))
	case len(relays) == 0:
		faults = append(faults, errors.New("PMO_MAIL_INTAKE_RELAYS is missing: the addresses of the mail relay; mail of nobody else is taken"))
	}
	if c.MailIntakeAuthServ == "" {
		faults = append(faults, errors.New("PMO_MAIL_INTAKE_AUTHSERV is missing: the name with which the relay writes Authentication-Results; without them a sender is not proved"))
	}
	return faults
}

// mailIntake is the intake of mail with its listener; nil when it is off.
func (c Config) mailIntake(ctx context.Context, p *dependencies, a *api.API, counted *prometheus.CounterVec, log *slog.Logger) (*mailIntake, error) {
	if c.MailIntakeListen == "" {
		return nil, nil
	}
	relays, _ := clientaddr.Parse(c.MailIntakeRelays) // judged with the settings
	if kinds := p.policy.Now().Document().Intake.Kinds; c.MailIntakeKind != "" && !knownKind(kinds, c.MailIntakeKind) {
		log.WarnContext(ctx, "PMO_MAIL_INTAKE_KIND is no kind of the policy; drafts are of its first kind", "kind", c.MailIntakeKind)
	}
	options := mailintake.Options{Addresses: c.mailAddresses(p), Relays: relays, AuthServ: c.MailIntakeAuthServ, PerHour: c.MailIntakePerHour, API: a, Caller: api.SignedInAs,
		People: p.directory, Kind: func() string { return c.kindOfMail(p.policy) }, Count: func(o mailintake.Outcome) { counted.WithLabelValues(string(o)).Inc() }, Log: log, Now: time.Now}
	told, err := c.mailSender(p.directory, p.store)
	if err != nil {
		return nil, err
	}
	if told != nil {
		options.Tell = c.tellDraft(told)
	}
	server, err := mailintake.New(options)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.MailIntakeListen)
	if err != nil {
		return nil, fmt.Errorf("listen for mail on %s: %w", c.MailIntakeListen, err)
	}
	log.InfoContext(ctx, "listening for mail", "addr", listener.Addr().String())
	return &mailIntake{server: server, listener: listener, told: told}, nil
}

// mailIntake is a server of mail that listens.
type mailIntake struct {
	server   *mailintake.Server
	listener net.Listener
	told     *mail.Sender // tells who wrote where the draft is; nil: no mails are sent
}

// tellDraft says by mail where the draft of a mail is.
func (c Config) tellDraft(s *mail.Sender) func(ctx context.Context, k mailintake.Kept) error {
	return func(ctx context.Context, k mailintake.Kept) error {
		page := strings.TrimSuffix(c.address(), "/") + "/requests/new/" + url.PathEscape(k.Kind) + "?draft=" + k.Draft
		return s.SendDraft(ctx, mail.Draft{ID: k.Draft, Person: k.Person.ID, Address: k.Person.Email, Title: k.Title, Page: page, LeftOut: k.LeftOut, At: time.Now()})
	}
}

// serve takes mail until ctx ends. A nil one takes none.
func (m *mailIntake) serve(ctx context.Context, failed chan<- error) {
	if m == nil {
		return
	}
	if m.told != nil {
		defer m.told.Server.Close()
	}
	if err := m.server.Serve(ctx, m.listener); err != nil {
		failed <- err
	}
}

// mailAddresses are the addresses of the intake, which all servers read alike.
func (c Config) mailAddresses(p *dependencies) mailintake.Addresses {
	return mailintake.Addresses{Base: c.MailIntakeAddress, Secret: p.store.FormSecret}
}

// kindOfMail is the kind of request that the drafts of mails are of.
func (c Config) kindOfMail(current *policy.Current) string {
	kinds := current.Now().Document().Intake.Kinds
	if c.MailIntakeKind == "" || !knownKind(kinds, c.MailIntakeKind) {
		return kinds[0].ID
	}
	return c.MailIntakeKind
}

func knownKind(kinds []policy.KindDoc, id string) bool {
	return slices.ContainsFunc(kinds, func(k policy.KindDoc) bool { return k.ID == id })
}

// newMailCounter counts what became of mails.
func newMailCounter() *prometheus.CounterVec {
	counter := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pmo_mail_intake_total", Help: "Mails that came in, by what became of them."}, []string{"outcome"})
	for _, o := range mailintake.Outcomes {
		counter.WithLabelValues(string(o)) // shown from the beginning
	}
	return counter
}
