package policy

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"leanpmo/internal/pmo"
)

// RuleChange is one difference between two policies, at one place of the document.
type RuleChange struct {
	Path   string `json:"path"`
	What   string `json:"what" enum:"added,removed,changed,reordered"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Words  string `json:"words"`
}

// RulesDifference is what another policy would change: sentence by sentence as the rules are told, and place by place of the document.
type RulesDifference struct {
	No      []string     `json:"no_longer,omitempty" doc:"Sentences of the rules that hold no longer"`
	New     []string     `json:"instead,omitempty" doc:"Sentences that hold instead, or besides"`
	Changes []RuleChange `json:"changes"`
	More    int          `json:"more,omitempty" doc:"Further changes, which are not listed"`
}

// Bounds of a difference, which is stored and shown.
const (
	mostChanges = 200
	valueBytes  = 300
	mostWords   = 60
)

// Diff says what after changes of before. The version itself is no change.
func Diff(before, after *Policy) RulesDifference {
	d := differ{}
	d.values("", tree(before.unnumbered()), tree(after.unnumbered()))
	out := RulesDifference{Changes: d.changes}
	if len(out.Changes) > mostChanges {
		out.More, out.Changes = len(out.Changes)-mostChanges, out.Changes[:mostChanges]
	}
	old, fresh := before.Words()[1:], after.Words()[1:] // the first sentence names the version
	out.No, out.New = without(old, fresh), without(fresh, old)
	return out
}

func without(list, others []string) []string {
	left := slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
	return left[:min(len(left), mostWords)]
}

func tree(doc []byte) any {
	var v any
	_ = json.Unmarshal(doc, &v) // it was marshalled from a document
	return v
}

// differ walks two documents side by side.
type differ struct{ changes []RuleChange }

func (d *differ) values(path string, a, b any) {
	switch was := a.(type) {
	case map[string]any:
		if is, ok := b.(map[string]any); ok {
			d.fields(path, was, is)
			return
		}
	case []any:
		if is, ok := b.([]any); ok {
			d.lists(path, was, is)
			return
		}
	}
	if text(a) != text(b) {
		d.add(path, a, b)
	}
}

func (d *differ) fields(path string, a, b map[string]any) {
	for _, name := range sortedKeys(a) {
		if is, both := b[name]; both {
			d.values(join(path, name), a[name], is)
		} else {
			d.add(join(path, name), a[name], nil)
		}
	}
	for _, name := range sortedKeys(b) {
		if _, both := a[name]; !both {
			d.add(join(path, name), nil, b[name])
		}
	}
}

// lists compares entries by what names them, so that an entry that was added in front of others is one change.
func (d *differ) lists(path string, a, b []any) {
	names, others := entryNames(a), entryNames(b)
	if names == nil || others == nil {
		if text(a) != text(b) {
			d.add(path, a, b)
		}
		return
	}
	var stayed, now []string
	for i, name := range names {
		if at := slices.Index(others, name); at >= 0 {
			d.values(path+"["+name+"]", a[i], b[at])
			stayed = append(stayed, name)
		} else {
			d.add(path+"["+name+"]", a[i], nil)
		}
	}
	for i, name := range others {
		if slices.Contains(names, name) {
			now = append(now, name)
		} else {
			d.add(path+"["+name+"]", nil, b[i])
		}
	}
	if !slices.Equal(stayed, now) {
		d.changes = append(d.changes, RuleChange{Path: path, What: "reordered", Before: short(strings.Join(stayed, ", ")), After: short(strings.Join(now, ", ")),
			Words: fmt.Sprintf("%s: the order is %s.", pathWords(path), strings.Join(now, ", "))})
	}
}

// entryNames are what the entries of a list are told apart by; nil where something is not named. Where several rules lead to one lane or
// severity, their conditions are part of the names.
func entryNames(list []any) []string {
	for _, conditions := range []bool{false, true} {
		names := make([]string, 0, len(list))
		for _, entry := range list {
			name := entryName(entry, conditions)
			if name == "" || slices.Contains(names, name) {
				break
			}
			names = append(names, name)
		}
		if len(names) == len(list) {
			return names
		}
	}
	return nil
}

func entryName(entry any, condition bool) string {
	fields, _ := entry.(map[string]any)
	for _, key := range []string{"id", "field", "input", "severity", "lane", "group", "person"} {
		if name, ok := fields[key].(string); ok {
			if when, ok := fields["when"].(string); ok && condition {
				name += " when " + when
			}
			return name
		}
	}
	return ""
}

func (d *differ) add(path string, a, b any) {
	c := RuleChange{Path: path, What: "changed", Before: short(text(a)), After: short(text(b))}
	switch {
	case a == nil:
		c.What, c.Words = "added", fmt.Sprintf("%s: new, %s.", pathWords(path), c.After)
	case b == nil:
		c.What, c.Words = "removed", fmt.Sprintf("%s: no longer, it was %s.", pathWords(path), c.Before)
	default:
		c.Words = fmt.Sprintf("%s: %s instead of %s.", pathWords(path), c.After, c.Before)
	}
	d.changes = append(d.changes, c)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// pathWords is a place as people say it: "scoring, weights, business value".
func pathWords(path string) string {
	return strings.NewReplacer(".", ", ", "_", " ", "[", " ", "]", "").Replace(path)
}

// text is a value in one line.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return cmp.Or(v, `""`)
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = text(v[i])
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for _, name := range sortedKeys(v) {
			parts = append(parts, strings.ReplaceAll(name, "_", " ")+" "+text(v[name]))
		}
		return strings.Join(parts, "; ")
	}
	return fmt.Sprint(v)
}

func short(s string) string { return pmo.Truncate(s, valueBytes) }
