package pmo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Merge marks a JSON merge patch (RFC 7396): a group of fields such as inputs changes only the fields it gives, and the fields of Clear become
// empty. Patches recorded by versions up to 0.4 have no mark: there a group replaces the whole group, and nothing is cleared.
type Merge struct {
	Clear []string `json:"clear,omitempty"` // such as wanted_by or baseline.people
}

// MergePatch reads a JSON merge patch.
func MergePatch(document []byte) (Patch, error) {
	p := Patch{Merge: &Merge{}}
	if err := json.Unmarshal(document, &p); err != nil {
		return p, fmt.Errorf("read the patch: %w", err)
	}
	p.Merge = &Merge{}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(document, &given); err != nil {
		return p, fmt.Errorf("read the patch: %w", err)
	}
	for _, field := range patchFields() {
		value, name := given[jsonName(field)], jsonName(field)
		group := field.Type.Elem()
		switch {
		case value == nil:
		case isNull(value):
			p.Merge.Clear = append(p.Merge.Clear, name)
		case group.Kind() == reflect.Struct:
			empty, err := emptyFields(group, value)
			if err != nil {
				return p, fmt.Errorf("read %s: %w", name, err)
			}
			for _, part := range empty {
				p.Merge.Clear = append(p.Merge.Clear, name+"."+part)
			}
		}
	}
	return p, nil
}

// EmptyFields names the fields of T that a JSON document gives as null, as zero or as an empty list, as in a merge patch: they are to be cleared.
func EmptyFields[T any](document []byte) ([]string, error) {
	return emptyFields(reflect.TypeFor[T](), document)
}

// emptyFields names the fields of a group that the document gives as null, as zero or as an empty list, which a struct does not tell from absent.
func emptyFields(group reflect.Type, document []byte) ([]string, error) {
	typed, given := reflect.New(group), map[string]json.RawMessage{}
	if err := json.Unmarshal(document, typed.Interface()); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(document, &given); err != nil {
		return nil, err
	}
	var empty []string
	for i := range group.NumField() {
		name := jsonName(group.Field(i))
		value := typed.Elem().Field(i)
		if _, present := given[name]; present && (value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0) {
			empty = append(empty, name)
		}
	}
	return empty, nil
}

// Document is the patch as a JSON merge patch: what MergePatch reads.
func (p Patch) Document() (map[string]any, error) {
	merge := p.Merge
	p.Merge = nil
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the patch: %w", err)
	}
	document := map[string]any{}
	if err := json.Unmarshal(data, &document); err != nil || merge == nil {
		return document, err
	}
	for _, path := range merge.Clear {
		name, part, nested := strings.Cut(path, ".")
		if !nested {
			document[name] = nil
		} else if group, ok := document[name].(map[string]any); ok {
			group[part] = nil
		} else {
			document[name] = map[string]any{part: nil}
		}
	}
	return document, nil
}

// Apply returns the content after the patch and the names (as in JSON) of the fields whose value differs.
// Patch and Content name their fields alike; TestPatchMatchesContent holds them together.
//
//workflowcheck:ignore reflect visits the fields of a struct in their order.
func (p Patch) Apply(c Content) (Content, []string) {
	var changed []string
	from, to := reflect.ValueOf(p), reflect.ValueOf(&c).Elem()
	for _, field := range patchFields() {
		target, name := to.FieldByName(field.Name), jsonName(field)
		value := reflect.New(target.Type()).Elem()
		value.Set(target)
		if given := from.Field(field.Index[0]); !given.IsNil() {
			p.set(value, given.Elem())
		}
		p.clear(value, name)
		if !reflect.DeepEqual(target.Interface(), value.Interface()) {
			target.Set(value)
			changed = append(changed, name)
		}
	}
	return c, changed
}

// set takes a given value; of a group that is merged only the fields that are given.
func (p Patch) set(value, given reflect.Value) {
	if p.Merge == nil || given.Kind() != reflect.Struct {
		value.Set(given)
		return
	}
	for i := range given.NumField() {
		if !given.Field(i).IsZero() {
			value.Field(i).Set(given.Field(i))
		}
	}
}

// clear empties the field, or fields of its group, as Clear says.
func (p Patch) clear(value reflect.Value, name string) {
	if p.Merge == nil {
		return
	}
	if slices.Contains(p.Merge.Clear, name) {
		value.SetZero()
	}
	if value.Kind() != reflect.Struct {
		return
	}
	for i := range value.NumField() {
		if slices.Contains(p.Merge.Clear, name+"."+jsonName(value.Type().Field(i))) {
			value.Field(i).SetZero()
		}
	}
}

// Fields names what the patch sets or clears, whether or not it differs.
//
//workflowcheck:ignore reflect visits the fields of a struct in their order.
func (p Patch) Fields() []string {
	var names []string
	v := reflect.ValueOf(p)
	for _, field := range patchFields() {
		if name := jsonName(field); !v.Field(field.Index[0]).IsNil() || p.clears(name) {
			names = append(names, name)
		}
	}
	return names
}

func (p Patch) clears(name string) bool {
	return p.Merge != nil && slices.ContainsFunc(p.Merge.Clear, func(path string) bool {
		head, _, _ := strings.Cut(path, ".")
		return head == name
	})
}

// Empty reports whether the patch sets and clears nothing.
func (p Patch) Empty() bool { return len(p.Fields()) == 0 }

// patchFields are the fields of a patch that name fields of the content, in the order they are declared.
func patchFields() []reflect.StructField {
	var fields []reflect.StructField
	for i := range reflect.TypeFor[Patch]().NumField() {
		if field := reflect.TypeFor[Patch]().Field(i); field.Name != "Merge" {
			fields = append(fields, field)
		}
	}
	return fields
}

// PatchFields names the fields a patch may change.
func PatchFields() []string {
	var names []string
	for _, field := range patchFields() {
		names = append(names, jsonName(field))
	}
	return names
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func isNull(value []byte) bool { return bytes.Equal(bytes.TrimSpace(value), []byte("null")) }
