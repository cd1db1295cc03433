package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/client"
	"leanpmo/internal/yamlstrict"
)

// controlType says how a control is shown and how its value is read.
type controlType string

const (
	typeText   controlType = "text"
	typeArea   controlType = "area"  // text of several lines
	typeLines  controlType = "lines" // a list, one value a line
	typeNumber controlType = "number"
	typeDate   controlType = "date"
	typeChoice controlType = "choice" // one of a list
	typeChecks controlType = "checks" // several of a list
	typeFlag   controlType = "flag"   // yes or nothing
	typeWords  controlType = "words"  // a list, separated by commas
	typeHidden controlType = "hidden" // not shown
)

// choice is one value of a list.
type choice struct{ Value, Label string }

// control is one input of a form. Its name is the path of the field in the JSON document that the form becomes, with dots:
// baseline.people is the field people of the object baseline.
type control struct {
	Name     string
	Type     controlType
	Label    string
	Help     string
	Value    string
	Values   []string // of typeChecks
	Choices  []choice
	Required bool
	Error    string
	Apart    bool // it is no field of the document: what it says is put there in another way
	// Autocomplete says what of the person it asks for, so that their browser can fill it in.
	Autocomplete string
	Place        string // its place in the document that the API gets, with dots, where it is not its name
}

// placed notes the place of a control in the document; there may be no control.
func (c *control) placed(list string, i int, field string) {
	if c != nil {
		c.Place = fmt.Sprintf("%s.%d.%s", list, i, field)
	}
}

// Chosen reports whether a value of the list is chosen.
func (c control) Chosen(value string) bool {
	for _, v := range c.Values {
		if v == value {
			return true
		}
	}
	return c.Value == value
}

// ID is the id of the element.
func (c control) ID() string { return "f-" + strings.ReplaceAll(c.Name, ".", "-") }

// fill puts what was sent into the controls, so that a form with an error is shown as it was filled in.
func fill(controls []control, sent url.Values) []control {
	filled := make([]control, len(controls))
	for i, c := range controls {
		if c.Type == typeChecks {
			c.Values = sent[c.Name]
		} else {
			c.Value = strings.TrimSpace(sent.Get(c.Name))
		}
		filled[i] = c
	}
	return filled
}

// document is the JSON document of filled controls. An empty control is left out. A number that cannot be read is an error of its control.
func document(controls []control) (doc map[string]any, faults bool) {
	doc = map[string]any{}
	for i := range controls {
		c := &controls[i]
		if c.Apart {
			continue
		}
		value, ok := c.read()
		if c.Error != "" {
			faults = true
		}
		if ok {
			set(doc, strings.Split(c.Name, "."), value)
		}
	}
	return doc, faults
}

func (c *control) read() (value any, ok bool) {
	switch c.Type {
	case typeNumber:
		if c.Value == "" {
			return nil, false
		}
		n, err := numberIn(c.Value)
		if err != nil {
			c.Error = "number"
			return nil, false
		}
		return n, true
	case typeChecks:
		return c.Values, len(c.Values) > 0
	case typeWords:
		var words []string
		for word := range strings.SplitSeq(c.Value, ",") {
			if word = strings.TrimSpace(word); word != "" {
				words = append(words, word)
			}
		}
		return words, len(words) > 0
	case typeFlag:
		return true, c.Value != ""
	default:
		return c.Value, c.Value != ""
	}
}

var errNoNumber = errors.New("no decimal number")

// numberIn is the number that somebody wrote, with a comma or a point. Only decimal digits are one: no nan, no 0x10.
func numberIn(text string) (float64, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", ".")
	if !yamlstrict.Decimal(text) {
		return 0, errNoNumber
	}
	return strconv.ParseFloat(text, 64)
}

func set(doc map[string]any, path []string, value any) {
	for _, part := range path[:len(path)-1] {
		inner, ok := doc[part].(map[string]any)
		if !ok {
			inner = map[string]any{}
			doc[part] = inner
		}
		doc = inner
	}
	doc[path[len(path)-1]] = value
}

// blame puts the faults that the API found to their controls and returns those that belong to none. prefix is what comes before a
// control's name in the API's document, such as /data/patch. It reports false for an error that names no field.
func blame(controls []control, prefix string, err error) (others []string, ok bool) {
	var refused *client.Refused
	if !errors.As(err, &refused) || len(refused.Errors) == 0 {
		return nil, false
	}
	for _, fault := range refused.Errors {
		name := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(fault.Pointer, prefix), "/"), "/", ".")
		found := false
		for i := range controls {
			if controls[i].Name == name || controls[i].Place == name || strings.HasPrefix(name, controls[i].Name+".") {
				controls[i].Error, found = fault.Detail, true
			}
		}
		if !found {
			others = append(others, strings.TrimPrefix(fault.Pointer, "/")+": "+fault.Detail)
		}
	}
	return others, true
}

// keyOf is the Idempotency-Key of a form that was sent. It depends on what the form holds: the same form sent again is the same command, and one
// that was changed since is another.
func keyOf(r *http.Request) string {
	key := r.PostForm.Get("key")
	if key == "" {
		return ""
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if name == "step" {
			continue
		}
		_, _ = fmt.Fprintf(sum, "%q %q\n", name, r.PostForm[name]) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil))
}
