package forms

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
	"leanpmo/internal/yamlstrict"
)

// Data reads what comes with a verdict, from field=value pairs such as until=2027-03-31. A field of the form, such as size=3, has the name it
// has in the form and is what the answer changes. The inputs of a score belong to the verdict itself.
func Data(verdict string, pairs []string) (pmo.Data, error) {
	var d pmo.Data
	var own, form []string
	for _, pair := range pairs {
		pair = strings.TrimPrefix(pair, "patch.") // how it was written before 0.6
		if head, _, _ := strings.Cut(fieldName(pair), "."); isData(head) && (head != "inputs" || verdict == pmo.VerdictScore) {
			own = append(own, pair)
			continue
		}
		if name, _, _ := strings.Cut(fieldName(pair), "."); !isContent(name) && strings.Contains(pair, "=") {
			known := append(slices.DeleteFunc(names(reflect.TypeFor[pmo.Data]()), func(name string) bool { return !isData(name) }), names(reflect.TypeFor[pmo.Patch]())...)
			slices.Sort(known)
			return d, fmt.Errorf("%s: %w", name, noSuchField(name, slices.Compact(known)))
		}
		form = append(form, pair)
	}
	if err := assignAll(reflect.ValueOf(&d).Elem(), own); err != nil || len(form) == 0 {
		return d, err
	}
	patch, err := Patch(form)
	d.Patch = &patch
	return d, err
}

// noSuchField says which fields there are, and which of them may have been meant.
func noSuchField(name string, known []string) error {
	return fmt.Errorf("there is no such field%s There are %s", cmp.Or(cleantext.DidYouMean(name, known), "."), strings.Join(known, ", "))
}

func isData(field string) bool {
	_, ok := fieldOf(reflect.ValueOf(pmo.Data{}), field)
	return ok && field != "patch" // its fields are given by their own names
}

func isContent(field string) bool {
	_, ok := fieldOf(reflect.ValueOf(pmo.Patch{}), field)
	return ok
}

func fieldName(pair string) string {
	name, _, _ := strings.Cut(pair, "=")
	return name
}

// Fields are the names of the single fields that a field of the form has: size itself, and baseline.people and its like of baseline.
func Fields(field string) []string {
	f, ok := fieldOf(reflect.ValueOf(pmo.Content{}), field)
	if !ok || f.Type.Kind() != reflect.Struct {
		return []string{field}
	}
	var list []string
	for _, part := range reflect.VisibleFields(f.Type) {
		list = append(list, field+"."+jsonName(part))
	}
	return list
}

// IsText reports whether a field of the form is a text, which any words fill.
func IsText(field string) bool {
	f, ok := fieldOf(reflect.ValueOf(pmo.Content{}), field)
	return ok && f.Type == reflect.TypeFor[string]() && field != "kind" && field != "sponsor"
}

// Patch reads changes of a form from field=value pairs such as size=3 or baseline.people=12: a merge patch, which leaves the other fields of
// a group as they are.
func Patch(pairs []string) (pmo.Patch, error) {
	p := pmo.Patch{Merge: &pmo.Merge{}}
	target := reflect.ValueOf(&p).Elem()
	if err := assignAll(target, pairs); err != nil {
		return p, err
	}
	for _, pair := range pairs {
		path, _, _ := strings.Cut(pair, "=")
		head, part, nested := strings.Cut(path, ".")
		if group, ok := fieldOf(target, head); ok && nested {
			value := target.FieldByIndex(group.Index).Elem()
			if field, ok := fieldOf(value, part); ok && value.FieldByIndex(field.Index).IsZero() {
				p.Merge.Clear = append(p.Merge.Clear, path) // a zero would be left out
			}
		}
	}
	return p, nil
}

func assignAll(target reflect.Value, pairs []string) error {
	for _, pair := range pairs {
		path, value, ok := strings.Cut(pair, "=")
		path = strings.TrimSpace(path)
		if !ok || path == "" {
			return fmt.Errorf("%q is not field=value", cleantext.Short(pair))
		}
		if err := assign(target, strings.Split(path, "."), value); err != nil {
			return fmt.Errorf("%s: %w", cleantext.Short(path), err)
		}
	}
	return nil
}

func assign(v reflect.Value, path []string, value string) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		return assign(v.Elem(), path, value)
	}
	if len(path) == 0 {
		return scalar(v, value)
	}
	if v.Kind() != reflect.Struct {
		return fmt.Errorf("has no field %s", cleantext.Short(path[0]))
	}
	field, ok := fieldOf(v, path[0])
	if !ok {
		return noSuchField(cleantext.Short(path[0]), names(v.Type()))
	}
	return assign(v.FieldByIndex(field.Index), path[1:], value)
}

// isField reports whether people may set a field: not what says how a patch is taken, and not what the API adds by itself.
func isField(f reflect.StructField) bool {
	return f.Type != reflect.TypeFor[*pmo.Merge]() && f.Tag.Get("hidden") == ""
}

func fieldOf(v reflect.Value, name string) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		if jsonName(f) == name && isField(f) {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func names(t reflect.Type) []string {
	var list []string
	for _, f := range reflect.VisibleFields(t) {
		if isField(f) {
			list = append(list, jsonName(f))
		}
	}
	slices.Sort(list)
	return list
}

// errLeadingZero refuses 010 here as in files, where YAML may read it as eight.
var errLeadingZero = errors.New("wants a number without a leading zero")

// scalar parses a value as a person types it: a list of words is separated by commas, a group of fields is JSON.
func scalar(v reflect.Value, value string) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(value)
	case reflect.Bool:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return errors.New("wants true or false")
		}
		v.SetBool(b)
	case reflect.Int:
		if yamlstrict.LeadingZero(value) {
			return errLeadingZero
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return errors.New("wants a whole number")
		}
		v.SetInt(int64(n))
	case reflect.Float64:
		if yamlstrict.LeadingZero(value) {
			return errLeadingZero
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || !yamlstrict.Decimal(value) || n > 1e300 || n < -1e300 {
			return errors.New("wants a number")
		}
		v.SetFloat(n)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.ValueOf(words(value)).Convert(v.Type()))
			return nil
		}
		return structured(v, value)
	default:
		return structured(v, value)
	}
	return nil
}

func words(value string) []string {
	list := []string{}
	for _, word := range strings.Split(value, ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	return list
}

func structured(v reflect.Value, value string) error {
	decoder := json.NewDecoder(strings.NewReader(value))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v.Addr().Interface()); err != nil {
		return fmt.Errorf("wants its fields as JSON, or one field after a dot: %w", err)
	}
	return nil
}
