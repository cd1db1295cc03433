package app

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// Config is everything a part of the product needs to start.
type Config struct {
	HTTPAddr          string        // PMO_HTTP_ADDR: where the API listens
	MetricsAddr       string        // PMO_METRICS_ADDR: a listener of its own for /metrics; empty: beside the API
	DatabaseURL       string        // PMO_DATABASE_URL, or the content of PMO_DATABASE_URL_FILE
	TemporalAddress   string        // TEMPORAL_ADDRESS; the SDK's other TEMPORAL_ variables count too
	TemporalNamespace string        // TEMPORAL_NAMESPACE
	DirectoryFile     string        // PMO_DIRECTORY_FILE: people, groups, roles and tokens
	PolicyFile        string        // PMO_POLICY_FILE: the rules; empty: the policy an office starts with
	SignalDecisions   bool          // PMO_SIGNAL_DECISIONS: decisions sent as signals count
	DrainWait         time.Duration // PMO_DRAIN_WAIT: how long to answer "not ready" before the listener closes
	WorkflowCache     int           // PMO_WORKFLOW_CACHE: how many requests a worker keeps in memory
	DeliveryURL       string        // PMO_DELIVERY_URL: who keeps the delivery API; empty: our own server
	DeliveryToken     string        // PMO_DELIVERY_TOKEN, or the content of PMO_DELIVERY_TOKEN_FILE; empty: no work items are opened
	WebhookSecret     string        // PMO_WEBHOOK_SECRET, or the content of PMO_WEBHOOK_SECRET_FILE: signs what tools report back
	NotifySecret      string        // PMO_NOTIFY_SECRET, or the content of PMO_NOTIFY_SECRET_FILE: signs what people are told by webhook
	NotifyAllowCIDRs  string        // PMO_NOTIFY_ALLOW_CIDRS: private networks that webhooks may be in, such as 10.20.0.0/16
	NotifyFile        string        // PMO_NOTIFY_FILE: JSON lines of what people without an address would have been told
}

// defaultHTTPAddr is loopback: who wants more says so.
const defaultHTTPAddr = "127.0.0.1:8080"

// defaultWorkflowCache is what fits into the memory docker-compose.yml gives a worker, with room: a request takes about 160 KiB. One that
// is not in memory is read again when somebody answers, which takes some tens of milliseconds.
const defaultWorkflowCache = 2000

// FromEnv reads the configuration; its error names everything that cannot be read.
func FromEnv(lookup func(string) (string, bool)) (Config, error) {
	e := env{lookup: lookup}
	c := Config{
		HTTPAddr:          e.text("PMO_HTTP_ADDR", defaultHTTPAddr),
		MetricsAddr:       e.text("PMO_METRICS_ADDR", ""),
		DatabaseURL:       e.secret("PMO_DATABASE_URL"),
		TemporalAddress:   e.text("TEMPORAL_ADDRESS", ""),
		TemporalNamespace: e.text("TEMPORAL_NAMESPACE", ""),
		DirectoryFile:     e.text("PMO_DIRECTORY_FILE", ""),
		PolicyFile:        e.text("PMO_POLICY_FILE", ""),
		SignalDecisions:   e.yes("PMO_SIGNAL_DECISIONS"),
		DrainWait:         e.duration("PMO_DRAIN_WAIT"),
		WorkflowCache:     e.count("PMO_WORKFLOW_CACHE", defaultWorkflowCache),
		DeliveryURL:       e.text("PMO_DELIVERY_URL", ""),
		DeliveryToken:     e.secret("PMO_DELIVERY_TOKEN"),
		WebhookSecret:     e.secret("PMO_WEBHOOK_SECRET"),
		NotifySecret:      e.secret("PMO_NOTIFY_SECRET"),
		NotifyAllowCIDRs:  e.text("PMO_NOTIFY_ALLOW_CIDRS", ""),
		NotifyFile:        e.text("PMO_NOTIFY_FILE", ""),
	}
	return c, misconfigured(e.faults)
}

// ErrConfig is a configuration that cannot work; what wraps it names every fault.
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

func (e *env) text(name, otherwise string) string {
	if value, ok := e.lookup(name); ok && value != "" {
		return value
	}
	return otherwise
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

func (e *env) yes(name string) bool {
	value := e.text(name, "false")
	yes, err := strconv.ParseBool(value)
	if err != nil {
		e.fault(name, "is neither true nor false")
	}
	return yes
}

func (e *env) duration(name string) time.Duration {
	d, err := time.ParseDuration(e.text(name, "0s"))
	if err != nil || d < 0 {
		e.fault(name, "is no duration like 5s")
	}
	return d
}

// count is a number of at least 1.
func (e *env) count(name string, otherwise int) int {
	n, err := strconv.Atoi(e.text(name, strconv.Itoa(otherwise)))
	if err != nil || n < 1 {
		e.fault(name, "is no number of at least 1")
	}
	return n
}

// need says what a part cannot do without.
type need int

const (
	needDatabase need = 1 << iota
	needDirectory
	needAddress
)

// check names everything that is missing or wrong, for those needs.
func (c Config) check(needs need) error {
	var faults []error
	missing := func(is bool, format string, args ...any) {
		if is {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	missing(needs&needDatabase != 0 && c.DatabaseURL == "", "PMO_DATABASE_URL is missing, such as postgres://pmo@db/pmo")
	missing(needs&needDirectory != 0 && c.DirectoryFile == "", "PMO_DIRECTORY_FILE is missing: the file with people, groups, roles and tokens")
	if needs&needAddress != 0 {
		for name, addr := range map[string]string{"PMO_HTTP_ADDR": c.HTTPAddr, "PMO_METRICS_ADDR": c.MetricsAddr} {
			_, port, err := net.SplitHostPort(addr)
			optional := name == "PMO_METRICS_ADDR" && addr == ""
			missing(!optional && (err != nil || port == ""), "%s is not an address like 127.0.0.1:8080", name)
		}
	}
	return misconfigured(faults)
}

// loopback tells whether only this machine can reach the address.
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
