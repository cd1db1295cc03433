package forms

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
	"leanpmo/internal/yamlstrict"
)

// place is the position of a form in its file.
type place struct {
	file string
	root ast.Node
}

// item is the place of a list's entry; of anything else, the place itself.
func (p place) item(i int) place {
	if list, ok := p.root.(*ast.SequenceNode); ok && i < len(list.Values) {
		return place{file: p.file, root: list.Values[i]}
	}
	return p
}

// line is the line of a field, or of the innermost enclosing node that exists.
func (p place) line(field string) int {
	node := p.root
	for _, step := range strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune("./[]", r) }) {
		next := child(node, step)
		if next == nil {
			break
		}
		node = next
	}
	if node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return 0
	}
	if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 { // the token of a mapping is its first colon
		return m.Values[0].Key.GetToken().Position.Line
	}
	return node.GetToken().Position.Line
}

func child(node ast.Node, step string) ast.Node {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Values) {
			return n.Values[i]
		}
	}
	for _, pair := range pairs {
		if pair.Key.GetToken().Value == step {
			return pair.Value
		}
	}
	return nil
}

func (p place) faults(list []yamlstrict.Fault) Faults {
	var out Faults
	for _, f := range list {
		if f.Line == 0 {
			f.Line = p.line(f.Path)
		}
		out = append(out, Fault{File: p.file, Line: f.Line, Field: f.Path, Problem: f.Problem})
	}
	return out
}

// Where translates the faults that the API found in the form to lines of the file.
func (f Form) Where(fields []problem.Field) Faults {
	var out Faults
	for _, field := range fields {
		path := strings.ReplaceAll(strings.TrimPrefix(field.Pointer, "/"), "/", ".")
		out = append(out, Fault{File: f.place.file, Line: f.place.line(path), Field: path, Problem: field.Detail})
	}
	return out
}

// check finds the faults that can be found without the policy in force. The server checks everything again.
func check(f wire.Submission) []yamlstrict.Fault {
	var faults yamlstrict.Faults
	add := func(wrong bool, path, format string, args ...any) {
		if wrong {
			faults.Add(path, format, args...)
		}
	}
	add(!cleantext.Shows(f.Title), "title", "is needed: what it is about, in one line")
	add(strings.TrimSpace(f.Kind) == "", "kind", "is needed: what sort of request it is; `pmo policy show` lists the kinds")
	add(!f.WantedBy.Valid(), "wanted_by", "is not a date like 2027-03-31")
	classes := []pmo.ClassOfService{"", pmo.ClassExpedite, pmo.ClassFixedDate, pmo.ClassStandard, pmo.ClassIntangible}
	add(!slices.Contains(classes, f.Class), "class", "is not one of expedite, fixed_date, standard, intangible")
	add(!slices.Contains([]string{"", "flexible", "soon", "critical"}, f.Urgency), "urgency", "is not one of flexible, soon, critical")
	for path, n := range map[string]float64{"size": f.Size, "baseline.volume_per_month": f.Baseline.VolumePerMonth,
		"baseline.minutes_each": f.Baseline.MinutesEach, "baseline.people": float64(f.Baseline.People), "baseline.money_per_year": f.Baseline.MoneyPerYear} {
		add(!(n >= 0), path, "is less than 0")
	}
	slices.SortFunc(faults, func(a, b yamlstrict.Fault) int { return strings.Compare(a.Path, b.Path) })
	return faults
}

// String is title and file, for a report.
func (f Form) String() string { return fmt.Sprintf("%s (%s)", f.Title, f.place.file) }
