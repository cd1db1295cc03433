// Package yamlstrict reads YAML documents people write by hand: it continues after a fault, so that all of them are returned
// together, each with its path and line. Fields are named by their yaml tags, else by their json tags.
package yamlstrict

import (
	"encoding"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"leanpmo/internal/cleantext"
)

// Fault is one error in a document.
type Fault struct {
	Path    string `json:"path"` // e.g. review.routes[1].steps[0].quorum.n; empty for the document as a whole
	Problem string `json:"problem"`
	Line    int    `json:"line,omitempty"` // where the document itself cannot be read
}

// String is path and problem on one line.
func (f Fault) String() string {
	text := f.Problem
	if f.Line > 0 {
		text = fmt.Sprintf("line %d: %s", f.Line, text)
	}
	if f.Path != "" {
		text = f.Path + ": " + text
	}
	return text
}

// Faults is all errors in a document, as one error.
type Faults []Fault

// Error lists every fault on a line of its own.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// Add adds a fault.
func (f *Faults) Add(path, format string, args ...any) {
	*f = append(*f, Fault{Path: path, Problem: fmt.Sprintf(format, shortened(format, args)...)})
}

var verb = regexp.MustCompile(`%[^a-zA-Z%]*[a-zA-Z%]`)

// shortened replaces the values that a fault repeats, written with %q: one may be as long as the document.
func shortened(format string, args []any) []any {
	out := slices.Clone(args)
	verbs := slices.DeleteFunc(verb.FindAllString(format, -1), func(v string) bool { return v == "%%" })
	for i, v := range verbs[:min(len(verbs), len(out))] {
		if text, ok := out[i].(string); ok && v == "%q" {
			out[i] = cleantext.Short(text)
		}
	}
	return out
}

// Err is nil when there is no fault.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// MaxSize limits a document: these files are written by hand.
const MaxSize = 1 << 20

// maxDepth is deeper than any document of the product nests.
const maxDepth = 32

// Decode reads the one document in src into the struct that into points to.
func Decode(src []byte, into any) Faults {
	if len(src) > MaxSize {
		return Faults{{Problem: fmt.Sprintf("the document is larger than %d bytes", MaxSize)}}
	}
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return Faults{syntax(err)}
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			return Faults{{Problem: "holds more than one document", Line: line(doc.Body)}}
		}
		body = doc.Body
	}
	if body == nil {
		return Faults{{Problem: "the document is empty"}}
	}
	d := &decoder{}
	d.value("", body, reflect.ValueOf(into).Elem(), 0)
	return d.faults
}

type decoder struct{ faults Faults }

func (d *decoder) fault(path string, n ast.Node, format string, args ...any) {
	d.faults = append(d.faults, Fault{Path: path, Problem: fmt.Sprintf(format, shortened(format, args)...), Line: line(n)})
}

func (d *decoder) value(path string, n ast.Node, v reflect.Value, depth int) {
	if depth > maxDepth {
		d.fault(path, n, "nested too deeply")
		return
	}
	switch n.Type() {
	case ast.NullType:
		return // as if it were not written
	case ast.AnchorType, ast.AliasType, ast.TagType, ast.MergeKeyType:
		d.fault(path, n, "anchors, aliases and tags are not supported")
		return
	}
	if text, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.text(path, n, text)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		target := reflect.New(v.Type().Elem())
		d.value(path, n, target.Elem(), depth+1)
		v.Set(target)
	case reflect.Struct:
		d.structure(path, n, v, depth)
	case reflect.Map:
		d.mapping(path, n, v, depth)
	case reflect.Slice:
		d.sequence(path, n, v, depth)
	default:
		d.scalar(path, n, v)
	}
}

func (d *decoder) structure(path string, n ast.Node, v reflect.Value, depth int) {
	pairs, ok := d.pairs(path, n)
	if !ok {
		return
	}
	fields := map[string][]int{}
	for _, f := range reflect.VisibleFields(v.Type()) { // those of embedded structs too
		if name := fieldName(f); name != "" && f.IsExported() {
			fields[name] = f.Index
		}
	}
	for _, pair := range pairs {
		index, known := fields[key(pair)]
		if !known {
			d.fault(join(path, key(pair)), pair.Key, "unknown field")
			continue
		}
		d.value(join(path, key(pair)), pair.Value, v.FieldByIndex(index), depth+1)
	}
}

func fieldName(f reflect.StructField) string {
	tag, written := f.Tag.Lookup("yaml")
	if !written {
		tag = f.Tag.Get("json")
	}
	name, _, _ := strings.Cut(tag, ",")
	return strings.TrimPrefix(name, "-")
}

func (d *decoder) mapping(path string, n ast.Node, v reflect.Value, depth int) {
	pairs, ok := d.pairs(path, n)
	if !ok {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, pair := range pairs {
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(join(path, key(pair)), pair.Value, element, depth+1)
		v.SetMapIndex(reflect.ValueOf(key(pair)).Convert(v.Type().Key()), element)
	}
}

func (d *decoder) sequence(path string, n ast.Node, v reflect.Value, depth int) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fault(path, n, "wants a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		d.value(fmt.Sprintf("%s[%d]", path, i), item, v.Index(i), depth+1)
	}
}
