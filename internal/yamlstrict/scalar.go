package yamlstrict

import (
	"encoding"
	"errors"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"leanpmo/internal/cleantext"
)

func (d *decoder) text(path string, n ast.Node, into encoding.TextUnmarshaler) {
	s, ok := n.(ast.ScalarNode)
	if !ok {
		d.fault(path, n, "wants a text")
		return
	}
	text := s.GetToken().Value
	if literal, ok := n.(*ast.LiteralNode); ok {
		text = literal.Value.Value
	}
	if err := into.UnmarshalText([]byte(text)); err != nil {
		d.fault(path, n, "%s", err)
	}
}

func (d *decoder) scalar(path string, n ast.Node, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		switch n := n.(type) {
		case *ast.StringNode:
			v.SetString(d.words(path, n, n.Value))
		case *ast.LiteralNode:
			v.SetString(d.words(path, n, n.Value.Value))
		default:
			d.fault(path, n, "wants a text; put it in quotes")
		}
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
		} else {
			d.fault(path, n, "wants true or false")
		}
	case reflect.Int, reflect.Int64:
		if f, ok := d.number(path, n, "wants a whole number"); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			v.SetInt(int64(f))
		} else if ok {
			d.fault(path, n, "wants a whole number")
		}
	case reflect.Float64:
		if f, ok := d.number(path, n, "wants a number"); ok {
			v.SetFloat(f)
		}
	default:
		d.fault(path, n, "cannot be set here")
	}
}

// words is a text in one form of Unicode, so that names compare equal however they were typed. What people could not see is a fault.
func (d *decoder) words(path string, n ast.Node, text string) string {
	if fault := cleantext.Fault(text); fault != "" {
		d.fault(path, n, "%s", fault)
	}
	return cleantext.Same(text)
}

// number reads a number, or adds a fault: that of how it is written, else what is wanted.
func (d *decoder) number(path string, n ast.Node, wanted string) (float64, bool) {
	text, plain := unquoted(n)
	if plain && LeadingZero(text) {
		d.fault(path, n, "%s is no number here: write it without the leading zero", text)
		return 0, false
	}
	f, ok := number(n, text, plain)
	if ok && !Decimal(text) {
		d.fault(path, n, "%s is no number here: write it in decimal digits", text)
		return 0, false
	}
	if !ok {
		d.fault(path, n, "%s", wanted)
	}
	return f, ok
}

var leadingZero = regexp.MustCompile(`^[-+]?0[0-9_]+([.eE]|$)`)

// LeadingZero reports whether text is a number with a leading zero. YAML 1.1 and flags read 0120 as eighty, YAML 1.2 as a hundred and
// twenty, and JSON refuses it: who wrote it cannot know what is read.
func LeadingZero(text string) bool { return leadingZero.MatchString(strings.TrimSpace(text)) }

var decimal = regexp.MustCompile(`^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// Decimal reports whether text is a number in decimal digits. YAML and flags also read 1_0 as ten and 0x10 as sixteen, and know numbers
// that are infinite or none.
func Decimal(text string) bool { return decimal.MatchString(strings.TrimSpace(text)) }

// unquoted is the text of a scalar that is written without quotes.
func unquoted(n ast.Node) (string, bool) {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	case *ast.StringNode:
		return n.GetToken().Value, n.GetToken().Type == token.StringType
	}
	return "", false
}

// exponent is a number of JSON that the YAML parser takes as text.
var exponent = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]+$`)

func number(n ast.Node, text string, plain bool) (float64, bool) {
	switch n := n.(type) {
	case *ast.FloatNode:
		return n.Value, true
	case *ast.IntegerNode:
		switch i := n.Value.(type) {
		case uint64:
			return float64(i), true
		case int64:
			return float64(i), true
		}
	case *ast.StringNode:
		if plain && exponent.MatchString(text) {
			f, err := strconv.ParseFloat(text, 64)
			return f, err == nil
		}
	}
	return 0, false
}

// pairs are the entries of a mapping; a mapping of one entry is a node of its own kind.
func (d *decoder) pairs(path string, n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	d.fault(path, n, "wants named fields")
	return nil, false
}

func key(pair *ast.MappingValueNode) string { return pair.Key.GetToken().Value }

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func line(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

func syntax(err error) Fault {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil && y.GetToken().Position != nil {
		return Fault{Problem: y.GetMessage(), Line: y.GetToken().Position.Line}
	}
	return Fault{Problem: "not readable as YAML"}
}
