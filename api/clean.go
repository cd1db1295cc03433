package api

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/problem"
)

// cleanBody cleans every text of the body that in has, before any handler sees it: so no route is forgotten. A text of blanks is none.
// It returns the fields that are refused.
func cleanBody(in any) []problem.Field {
	body := reflect.ValueOf(in).Elem()
	if body.Kind() != reflect.Struct {
		return nil
	}
	if body = body.FieldByName("Body"); !body.IsValid() {
		return nil
	}
	c := &cleaner{}
	c.value(body, "", "")
	return c.fields
}

type cleaner struct{ fields []problem.Field }

var textType = reflect.TypeFor[string]()

// value walks texts of the type string; other types of text, such as dates and verdicts, take few values and are checked as they are.
func (c *cleaner) value(v reflect.Value, at string, tag reflect.StructTag) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == textType {
			v.SetString(c.text(v.String(), at, tag))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(v.Elem(), at, tag)
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.value(v.Index(i), fmt.Sprintf("%s/%d", at, i), "")
		}
	case reflect.Struct:
		for i := range v.NumField() {
			c.field(v.Field(i), v.Type().Field(i), at)
		}
	}
}

func (c *cleaner) field(v reflect.Value, f reflect.StructField, at string) {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case f.Anonymous && name == "":
		c.value(v, at, "")
	case f.IsExported() && name != "" && name != "-":
		c.value(v, at+"/"+name, f.Tag)
	}
}

func (c *cleaner) text(text, at string, tag reflect.StructTag) string {
	fault := cleantext.Fault(text)
	clean := cleantext.Clean(text)
	switch most, _ := strconv.Atoi(tag.Get("maxLength")); {
	case fault != "":
	case clean == "" && text != "" && needed(tag):
		fault = "shows nothing"
	case most > 0 && utf8.RuneCountInString(clean) > most: // one character may be two in the form that is stored
		fault = fmt.Sprintf("is longer than %d characters", most)
	}
	if fault != "" {
		c.fields = append(c.fields, problem.Field{Pointer: at, Detail: fault})
	}
	return clean
}

// needed reports whether a field must hold a text: JSON may not leave it out, or it has a least length.
func needed(tag reflect.StructTag) bool {
	_, options, _ := strings.Cut(tag.Get("json"), ",")
	return tag.Get("minLength") != "" || tag != "" && !strings.Contains(options, "omitempty")
}
