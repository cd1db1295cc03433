package app

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/admission"
	"leanpmo/internal/caught"
	"leanpmo/internal/temporalui"
)

// Config is the configuration of server, worker, migrate and bootstrap.
type Config struct {
	HTTPAddr           string        // PMO_HTTP_ADDR: where the API listens
	MetricsAddr        string        // PMO_METRICS_ADDR: a separate listener for /metrics; empty: on the API's, and none for a worker
	DatabaseURL        string        // PMO_DATABASE_URL, or the content of PMO_DATABASE_URL_FILE
	DatabaseRole       string        // PMO_DATABASE_ROLE: the role that server and worker run with, which migrate gives its rights; empty: none
	TemporalAddress    string        // TEMPORAL_ADDRESS; the SDK reads further TEMPORAL_ variables
	TemporalNamespace  string        // TEMPORAL_NAMESPACE
	TemporalUI         string        // PMO_TEMPORAL_UI: where people open the Temporal UI; empty: no links to it
	DirectoryFile      string        // PMO_DIRECTORY_FILE: people, groups, roles and tokens
	PolicyFile         string        // PMO_POLICY_FILE: the rules; empty: those in force, at first the default policy
	SignalDecisions    bool          // PMO_SIGNAL_DECISIONS: accept decisions sent as Temporal signals
	DrainWait          time.Duration // PMO_DRAIN_WAIT: how long to answer "not ready" before the listener closes
	WorkflowCache      int           // PMO_WORKFLOW_CACHE: how many requests a worker keeps in memory
	SubmissionPlaces   int           // PMO_SUBMISSION_PLACES: submissions in flight at once
	CommandPlaces      int           // PMO_COMMAND_PLACES: other commands in flight at once
	Line               int           // PMO_LINE: how many of each wait
	LineWait           time.Duration // PMO_LINE_WAIT: how long they wait
	DeliveryURL        string        // PMO_DELIVERY_URL: base URL of the delivery API; empty: our own server
	DeliveryToken      string        // PMO_DELIVERY_TOKEN, or the content of PMO_DELIVERY_TOKEN_FILE; empty: no work items are opened
	WebhookSecret      string        // PMO_WEBHOOK_SECRET, or the content of PMO_WEBHOOK_SECRET_FILE: signs the reports of tools
	NotifySecret       string        // PMO_NOTIFY_SECRET, or the content of PMO_NOTIFY_SECRET_FILE: signs notifications by webhook
	NotifyAllowCIDRs   string        // PMO_NOTIFY_ALLOW_CIDRS: private networks that webhooks may be in, such as 10.20.0.0/16
	NotifyFile         string        // PMO_NOTIFY_FILE: a file of JSON lines for notifications to people without an address
	SMTPAddress        string        // PMO_SMTP_ADDRESS: host:port of the mail server that takes notifications; empty: no mails are sent
	SMTPUser           string        // PMO_SMTP_USER: who signs in there; empty: nobody
	SMTPPassword       string        // PMO_SMTP_PASSWORD, or the content of PMO_SMTP_PASSWORD_FILE
	SMTPTLS            bool          // PMO_SMTP_TLS: required on loopback too; elsewhere it always is
	MailFrom           string        // PMO_MAIL_FROM: the sender of the mails
	MailsPerMinute     int           // PMO_MAILS_PER_MINUTE: how many are sent at most
	SecretsKey         string        // PMO_SECRETS_KEY, or the content of PMO_SECRETS_KEY_FILE: seals what people store that is secret; empty: they cannot
	PublicURL          string        // PMO_PUBLIC_URL: the address people reach the pages at
	PublicForm         string        // PMO_PUBLIC_FORM: the service that requests of people without an account belong to; empty: no form for them
	PublicPerHour      int           // PMO_PUBLIC_PER_HOUR: requests of the public form
	AddressPerHour     int           // PMO_PUBLIC_ADDRESS_PER_HOUR: those from one address
	CallsPerMinute     *int          // PMO_CALLS_PER_MINUTE: calls of each person; 0: no bound; nil: defaultCallsPerMinute where others reach the server
	Agents             bool          // PMO_AGENTS: programs find tools at /mcp
	MailIntakeListen   string        // PMO_MAIL_INTAKE_LISTEN: where mail is taken; empty: none is
	MailIntakeAddress  string        // PMO_MAIL_INTAKE_ADDRESS: the address that people write to
	MailIntakeRelays   string        // PMO_MAIL_INTAKE_RELAYS: networks of the mail relays that mail is taken from
	MailIntakeAuthServ string        // PMO_MAIL_INTAKE_AUTHSERV: the authserv-id of the relay's Authentication-Results
	MailIntakeKind     string        // PMO_MAIL_INTAKE_KIND: the kind of request that a mail becomes the draft of; empty: the first of the policy
	MailIntakePerHour  int           // PMO_MAIL_INTAKE_PER_HOUR: mails of each sender
	TrustedProxies     string        // PMO_TRUSTED_PROXIES: networks of the proxies whose X-Forwarded-For is believed
	OIDCFile           string        // PMO_OIDC_FILE: the OpenID providers that sign people in, and what follows from their claims; empty: PMO_OIDC_ISSUER, or none
	OIDCIssuer         string        // PMO_OIDC_ISSUER: the one OpenID provider that signs people of the directory file in; empty: none
	OIDCClientID       string        // PMO_OIDC_CLIENT_ID: what the provider calls us
	OIDCClientSecret   string        // PMO_OIDC_CLIENT_SECRET, or the content of PMO_OIDC_CLIENT_SECRET_FILE; empty: a public client
	OIDCClaim          string        // PMO_OIDC_CLAIM: the claim that is the id of principals listed without a subject

	Mails *caught.Box // what the local stack's mail server caught, for its pages; nil: mails are sent

	Reread <-chan os.Signal // tells that the directory file is complete and to be read at once; nil: it is only looked at
}

// defaultHTTPAddr is loopback; listening on other interfaces must be configured.
const defaultHTTPAddr = "127.0.0.1:8080"

// defaultWorkflowCache fits into the memory that docker-compose.yml gives a worker: a request takes about 160 KiB. A request that is not
// in memory is replayed when it has a workflow task, which takes some tens of milliseconds.
const defaultWorkflowCache = 2000

// FromEnv reads the configuration; its error names every setting that cannot be read.
func FromEnv(lookup func(string) (string, bool)) (Config, error) {
	e := env{lookup: lookup}
	c := Config{
		HTTPAddr:           e.text("PMO_HTTP_ADDR", defaultHTTPAddr),
		MetricsAddr:        e.text("PMO_METRICS_ADDR", ""),
		DatabaseURL:        e.secret("PMO_DATABASE_URL"),
		DatabaseRole:       e.text("PMO_DATABASE_ROLE", ""),
		TemporalAddress:    e.text("TEMPORAL_ADDRESS", ""),
		TemporalNamespace:  e.text("TEMPORAL_NAMESPACE", ""),
		TemporalUI:         e.temporalUI("PMO_TEMPORAL_UI"),
		DirectoryFile:      e.text("PMO_DIRECTORY_FILE", ""),
		PolicyFile:         e.text("PMO_POLICY_FILE", ""),
		SignalDecisions:    e.boolean("PMO_SIGNAL_DECISIONS"),
		DrainWait:          e.duration("PMO_DRAIN_WAIT"),
		WorkflowCache:      e.count("PMO_WORKFLOW_CACHE", defaultWorkflowCache),
		SubmissionPlaces:   e.count("PMO_SUBMISSION_PLACES", admission.Default.Places),
		CommandPlaces:      e.count("PMO_COMMAND_PLACES", admission.Default.Places),
		Line:               e.count("PMO_LINE", admission.Default.Line),
		LineWait:           e.lineWait("PMO_LINE_WAIT"),
		DeliveryURL:        e.text("PMO_DELIVERY_URL", ""),
		DeliveryToken:      e.secret("PMO_DELIVERY_TOKEN"),
		WebhookSecret:      e.secret("PMO_WEBHOOK_SECRET"),
		NotifySecret:       e.secret("PMO_NOTIFY_SECRET"),
		NotifyAllowCIDRs:   e.text("PMO_NOTIFY_ALLOW_CIDRS", ""),
		NotifyFile:         e.text("PMO_NOTIFY_FILE", ""),
		SMTPAddress:        e.text("PMO_SMTP_ADDRESS", ""),
		SMTPUser:           e.text("PMO_SMTP_USER", ""),
		SMTPPassword:       e.secret("PMO_SMTP_PASSWORD"),
		SMTPTLS:            e.boolean("PMO_SMTP_TLS"),
		MailFrom:           e.text("PMO_MAIL_FROM", ""),
		MailsPerMinute:     e.count("PMO_MAILS_PER_MINUTE", defaultMailsPerMinute),
		SecretsKey:         e.secret("PMO_SECRETS_KEY"),
		PublicURL:          e.text("PMO_PUBLIC_URL", ""),
		PublicForm:         e.text("PMO_PUBLIC_FORM", ""),
		PublicPerHour:      e.count("PMO_PUBLIC_PER_HOUR", defaultPublicPerHour),
		AddressPerHour:     e.count("PMO_PUBLIC_ADDRESS_PER_HOUR", defaultAddressPerHour),
		CallsPerMinute:     e.optional("PMO_CALLS_PER_MINUTE"),
		Agents:             e.boolean("PMO_AGENTS"),
		MailIntakeListen:   e.text("PMO_MAIL_INTAKE_LISTEN", ""),
		MailIntakeAddress:  e.text("PMO_MAIL_INTAKE_ADDRESS", ""),
		MailIntakeRelays:   e.text("PMO_MAIL_INTAKE_RELAYS", ""),
		MailIntakeAuthServ: e.text("PMO_MAIL_INTAKE_AUTHSERV", ""),
		MailIntakeKind:     e.text("PMO_MAIL_INTAKE_KIND", ""),
		MailIntakePerHour:  e.count("PMO_MAIL_INTAKE_PER_HOUR", defaultMailPerHour),
		TrustedProxies:     e.text("PMO_TRUSTED_PROXIES", ""),
		OIDCFile:           e.text("PMO_OIDC_FILE", ""),
		OIDCIssuer:         e.text("PMO_OIDC_ISSUER", ""),
		OIDCClientID:       e.text("PMO_OIDC_CLIENT_ID", ""),
		OIDCClientSecret:   e.secret("PMO_OIDC_CLIENT_SECRET"),
		OIDCClaim:          e.text("PMO_OIDC_CLAIM", ""),
	}
	return c, misconfigured(e.faults)
}

// ErrConfig is an invalid configuration; the error that wraps it names every fault.
var ErrConfig = errors.New("the configuration is not complete")

func misconfigured(faults []error) error {
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("%w:\n%w", ErrConfig, errors.Join(faults...))
}

type env struct {
	lookup func(string) (string, bool)
	faults []error
}

func (e *env) fault(name, format string, args ...any) {
	e.faults = append(e.faults, fmt.Errorf("%s %s", name, fmt.Sprintf(format, args...)))
}

func (e *env) text(name, fallback string) string {
	if value, ok := e.lookup(name); ok && value != "" {
		return value
	}
	return fallback
}

// secret is the variable, or the content of the file that name_FILE points to.
func (e *env) secret(name string) string {
	value, file := e.text(name, ""), e.text(name+"_FILE", "")
	switch {
	case value != "" && file != "":
		e.fault(name, "and %s_FILE are both set; set one", name)
	case file != "":
		content, err := os.ReadFile(file)
		if err != nil {
			e.fault(name+"_FILE", "cannot be read: %v", err)
		}
		return strings.TrimSpace(string(content))
	}
	return value
}

func (e *env) boolean(name string) bool {
	value, err := strconv.ParseBool(e.text(name, "false"))
	if err != nil {
		e.fault(name, "is neither true nor false")
	}
	return value
}

func (e *env) duration(name string) time.Duration {
	d, err := time.ParseDuration(e.text(name, "0s"))
	if err != nil || d < 0 {
		e.fault(name, "is not a duration like 5s")
	}
	return d
}

// count is a number of at least 1.
func (e *env) count(name string, fallback int) int {
	n, err := strconv.Atoi(e.text(name, strconv.Itoa(fallback)))
	if err != nil || n < 1 {
		e.fault(name, "is not a number of at least 1")
	}
	return n
}

// defaultCallsPerMinute is more than a person's pages and scripts need, and less than harms others.
const defaultCallsPerMinute = 3000

// optional is a number of at least 0, or nil where there is none.
func (e *env) optional(name string) *int {
	text := e.text(name, "")
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		e.fault(name, "is not a number of at least 0")
	}
	return &n
}

// longestLineWait leaves time for the answer before the server's write timeout.
const longestLineWait = 15 * time.Second

func (e *env) lineWait(name string) time.Duration {
	if e.text(name, "") == "" {
		return admission.Default.Wait
	}
	d := e.duration(name)
	if d > longestLineWait {
		e.fault(name, "is more than %s", longestLineWait)
	}
	return d
}

func (e *env) temporalUI(name string) string {
	address := e.text(name, "")
	if address == "" {
		return ""
	}
	if err := temporalui.Check(address); err != nil {
		e.fault(name, "%v", err)
	}
	return address
}

// limits of a class of commands, as the API takes them.
func (c Config) limits(places int) admission.Limits {
	return admission.Limits{Places: places, Line: c.Line, Wait: c.LineWait}
}

// need is a bit set of settings a command requires.
type need int

const (
	needDatabase need = 1 << iota
	needDirectory
	needAddress
	needMetrics
)

// check returns an error that names every required setting that is missing or wrong.
func (c Config) check(needs need) error {
	var faults []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	require(needs&needDatabase == 0 || c.DatabaseURL != "", "PMO_DATABASE_URL is missing, such as postgres://pmo@db/pmo")
	require(needs&needDirectory == 0 || c.DirectoryFile != "", "PMO_DIRECTORY_FILE is missing: the file with people, groups, roles and tokens")
	address := func(name, addr string) {
		_, port, err := net.SplitHostPort(addr)
		require(err == nil && port != "", "%s is not an address like 127.0.0.1:8080", name)
	}
	if needs&needAddress != 0 {
		address("PMO_HTTP_ADDR", c.HTTPAddr)
	}
	if needs&(needAddress|needMetrics) != 0 && c.MetricsAddr != "" {
		address("PMO_METRICS_ADDR", c.MetricsAddr)
	}
	if needs&needAddress != 0 {
		faults = append(faults, c.signInFaults()...)
		faults = append(faults, c.mailFaults()...)
	}
	return misconfigured(faults)
}

// loopback reports whether the address can be reached only from this machine.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
