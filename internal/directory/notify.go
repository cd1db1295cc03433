package directory

import (
	"fmt"
	"net/url"
	"slices"

	"leanpmo/internal/yamlstrict"
)

// Notify is where notifications for a person or group are sent. An address often holds a key, so it is never printed.
type Notify struct {
	Webhook string     `json:"-" yaml:"webhook"` // https://…; empty: no address
	Format  ChatFormat `json:"-" yaml:"format"`  // what the address takes; empty: signed JSON of Standard Webhooks
}

// ChatFormat is the chat that an address is an incoming webhook of.
type ChatFormat string

// The chats. Each takes a JSON document of its own; none takes a signature, so the address alone is the secret.
const (
	ChatSlack      ChatFormat = "slack"
	ChatMattermost ChatFormat = "mattermost"
	ChatTeams      ChatFormat = "teams"  // a webhook of Workflows, which takes Adaptive Cards
	ChatMatrix     ChatFormat = "matrix" // an inbound webhook of Hookshot
)

// ChatFormats lists all chats.
var ChatFormats = []ChatFormat{ChatSlack, ChatMattermost, ChatTeams, ChatMatrix}

// String hides the address.
func (Notify) String() string { return "***" }

// GoString hides the address.
func (Notify) GoString() string { return "***" }

// maxURL is longer than any realistic address.
const maxURL = 2048

// check adds the faults of the address and never repeats it.
func (n Notify) check(faults *yamlstrict.Faults, path string) {
	if n.Format != "" && !slices.Contains(ChatFormats, n.Format) {
		faults.Add(path+".notify.format", "is not slack, mattermost, teams or matrix")
	}
	if n.Webhook == "" {
		if n.Format != "" {
			faults.Add(path+".notify.webhook", "is missing: the format says what it takes")
		}
		return
	}
	if fault := AddressFault(n.Webhook); fault != "" {
		faults.Add(path+".notify.webhook", fault)
	}
}

// AddressFault says what is wrong about an address that notifications are to be sent to, and never repeats it; empty: nothing.
func AddressFault(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > maxURL || u.Hostname() == "" || u.Opaque != "":
		return "is not an address like https://example.org/hooks/pmo"
	case u.Scheme != "https" && u.Scheme != "http":
		return "does not begin with https://"
	case u.User != nil:
		return "holds a user or password; the signature says who sends"
	case u.Fragment != "":
		return "holds a fragment, which is never sent"
	}
	return ""
}

func (d *people) groupsOf(id string) []Group {
	p, _ := d.principal(id)
	var in []Group
	for _, g := range d.groups {
		if slices.Contains(p.Groups, g.ID) {
			in = append(in, g)
		}
	}
	return in
}

func (d *people) group(id string) (Group, bool) {
	for _, g := range d.groups {
		if g.ID == id {
			return g, true
		}
	}
	return Group{}, false
}

func (d *people) webhooks() []string {
	var paths []string
	for i, p := range d.principals {
		if p.Notify.Webhook != "" {
			paths = append(paths, fmt.Sprintf("principals[%d]", i))
		}
	}
	for i, g := range d.groups {
		if g.Notify.Webhook != "" {
			paths = append(paths, fmt.Sprintf("groups[%d]", i))
		}
	}
	return paths
}
