package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
)

// versionLine is where a document says its version: in YAML as it is usually written, or in JSON.
var versionLine = regexp.MustCompile(`(?m)^(version:[ \t]*|\s*\{\s*"version":\s*)\d+`)

// Renumber is the same policy with another version. The text stays as it was written where that can be done.
func (p *Policy) Renumber(version int) (*Policy, error) {
	if p.Version() == version {
		return p, nil
	}
	if at := versionLine.FindSubmatchIndex(p.source); at != nil {
		text := fmt.Appendf(nil, "%s%d%s", p.source[:at[3]], version, p.source[at[1]:])
		if other, err := Parse(text); err == nil && other.Version() == version && SameRules(p, other) {
			return other, nil
		}
	}
	doc := p.doc
	doc.Version = version
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write policy %d: %w", version, err)
	}
	return Parse(text) // JSON is YAML
}

// SameRules reports whether two policies differ in their version at most.
func SameRules(a, b *Policy) bool { return bytes.Equal(a.unnumbered(), b.unnumbered()) }

// unnumbered is the document without its version.
func (p *Policy) unnumbered() []byte {
	doc := p.doc
	doc.Version = 0
	text, _ := json.Marshal(doc) // Parse has marshalled it before
	return text
}
