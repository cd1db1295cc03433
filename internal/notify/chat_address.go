package notify

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"leanpmo/internal/directory"
	"leanpmo/internal/outbound"
	"leanpmo/internal/store"
)

// chatHosts are the hosts that a chat's incoming addresses are at; those of Mattermost and Matrix are wherever their owner runs them. One that begins with a dot means
// the hosts under it.
var chatHosts = map[directory.ChatFormat][]string{
	directory.ChatSlack: {"hooks.slack.com", "hooks.slack-gov.com"},
	directory.ChatTeams: {".logic.azure.com", ".logic.azure.us", ".webhook.office.com", ".powerplatform.com"},
}

// CheckChat says what is wrong about the address of a chat that somebody sets, and in which field; both are empty when nothing is. It never repeats the address. A name is
// judged again when it is called, by what it leads to then.
func CheckChat(guard outbound.Guard, format directory.ChatFormat, address string) (field, fault string) {
	if !slices.Contains(directory.ChatFormats, format) {
		return "format", "is not slack, mattermost, teams or matrix"
	}
	if fault := directory.AddressFault(address); fault != "" {
		return "address", fault
	}
	u, err := url.Parse(address)
	if err != nil {
		return "address", "cannot be read"
	}
	if err := guard.Judge(u); err != nil {
		return "address", err.Error()
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil && guard.Lists(host) { // the operator's own network, as of a relay
		return "", ""
	}
	hosts := chatHosts[format]
	if len(hosts) == 0 || slices.ContainsFunc(hosts, func(h string) bool { return host == h || strings.HasPrefix(h, ".") && strings.HasSuffix(host, h) }) {
		return "", ""
	}
	return "address", "is not of " + string(format) + ": its addresses are at " + strings.Join(hosts, ", ")
}

// testText is what a test message says.
const testText = "This is a test. Notifications of Lean PMO arrive here."

// NewTest is a message that tries an endpoint's address; page is where its link leads.
func NewTest(endpoint, person, page string, at time.Time) (store.Notification, error) {
	p := Payload{Type: "request." + store.EventTest, Timestamp: at, Data: Data{To: []string{person}, Request: Subject{Title: "A test"}, Event: store.EventTest, Text: testText}}
	p.Data.Links.Page = page
	body, err := json.Marshal(p)
	if err != nil {
		return store.Notification{}, err
	}
	return store.Notification{ID: "msg_test_" + uuid.NewString(), Request: uuid.NewString(), Endpoint: endpoint, Event: store.EventTest, At: at, Body: string(body)}, nil
}
