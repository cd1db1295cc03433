package forms

import (
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

// Data reads what comes with a verdict, from field=value pairs such as until=2027-03-31 or patch.size=3.
func Data(pairs []string) (pmo.Data, error) {
	var d pmo.Data
	return d, assignAll(reflect.ValueOf(&d).Elem(), pairs)
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
		return fmt.Errorf("there is no field %s; there are %s", cleantext.Short(path[0]), strings.Join(names(v.Type()), ", "))
	}
	return assign(v.FieldByIndex(field.Index), path[1:], value)
}

// notAField is the part of a patch that says how its fields are taken.
const notAField = "Merge"

func fieldOf(v reflect.Value, name string) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		if jsonName(f) == name && f.Name != notAField {
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
		if f.Name != notAField {
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
		if err != nil || n != n || n > 1e300 || n < -1e300 {
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
