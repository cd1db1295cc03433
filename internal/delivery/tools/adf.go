package tools

import (
	"slices"
	"strings"
)

// adf is a document in Jira's format (Atlassian Document Format). Unknown nodes are preserved.
type adf struct {
	Type    string `json:"type"`
	Version int    `json:"version"`
	Content []any  `json:"content"`
}

// adfOf is a document of paragraphs: the summary, a rule, and the facts below it.
func adfOf(summary, facts string) *adf {
	doc := &adf{Type: "doc", Version: 1, Content: paragraphs(summary)}
	if facts != "" {
		doc.Content = append(append(doc.Content, map[string]any{"type": "rule"}), paragraphs(facts)...)
	}
	return doc
}

func paragraphs(text string) []any {
	nodes := []any{}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			nodes = append(nodes, map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": line}}})
		}
	}
	return nodes
}

// withSummary replaces the nodes above the rule.
func (d *adf) withSummary(summary string) *adf {
	doc := adfOf(summary, "")
	if d == nil {
		return doc
	}
	rule := slices.IndexFunc(d.Content, func(node any) bool {
		n, ok := node.(map[string]any)
		return ok && n["type"] == "rule"
	})
	if rule >= 0 {
		doc.Content = append(doc.Content, d.Content[rule:]...)
	}
	return doc
}
