// Package policy holds the versioned rules of an organization: one YAML document that says what the form asks, which lane and which
// review route a request gets, who is asked by when and what happens without an answer, and the numbers for scoring, limits,
// assignment and closure. The document is checked as a whole before any of it applies.
package policy

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"cel.dev/cel-go/cel"

	"leanpmo/internal/approach"
	"leanpmo/internal/calendar"
	"leanpmo/internal/yamlstrict"
)

// Fault is one error in a policy, with its path.
type Fault = yamlstrict.Fault

// Faults is all errors in a policy, as one error.
type Faults = yamlstrict.Faults

//go:embed default.yaml
var defaultYAML []byte

// Policy is a checked document. It never changes.
type Policy struct {
	doc        Document
	source     []byte
	digest     string
	calendars  map[string]*calendar.Calendar // by portfolio
	conditions map[string]cel.Program        // by path of the condition
	severities []rule
	lanes      []rule
	approach   approach.Rules
	facts      []singleFact // that the rules of lanes and severities mention
}

// Default is the policy an organization starts with.
func Default() *Policy {
	p, err := Parse(defaultYAML)
	if err != nil {
		panic(fmt.Sprintf("the embedded policy is wrong: %v", err)) // TestDefault fails in this case
	}
	return p
}

// Load reads a policy file.
func Load(path string) (*Policy, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read policy file: %w", err)
	}
	p, err := Parse(src)
	if err != nil {
		return nil, fmt.Errorf("read policy file %s: %w", path, err)
	}
	return p, nil
}

// Parse reads and checks a policy. The error is a Faults.
func Parse(src []byte) (*Policy, error) {
	p := &Policy{source: slices.Clone(src), calendars: map[string]*calendar.Calendar{}, conditions: map[string]cel.Program{}}
	if faults := yamlstrict.Decode(src, &p.doc); len(faults) > 0 {
		return nil, faults
	}
	c := &checker{p: p, doc: &p.doc}
	c.check()
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	canonical, err := json.Marshal(p.doc)
	if err != nil {
		return nil, fmt.Errorf("digest policy: %w", err)
	}
	sum := sha256.Sum256(canonical)
	p.digest = hex.EncodeToString(sum[:])
	p.severities, p.lanes, p.facts = p.severityRules(), p.laneRules(), p.singleFacts()
	return p, nil
}

// Version is the number the organization gave this policy.
func (p *Policy) Version() int { return p.doc.Version }

// Digest is the SHA-256 of the rules; comments and layout do not change it.
func (p *Policy) Digest() string { return p.digest }

// Name says which policy an answer follows: version and digest, so that two documents of the same version have different names.
func (p *Policy) Name() string { return fmt.Sprintf("%d (%s)", p.doc.Version, p.digest[:12]) }

// Document is the policy as data. Callers must not change it.
func (p *Policy) Document() Document { return p.doc }

// Source is the document as it was written.
func (p *Policy) Source() []byte { return slices.Clone(p.source) }
