package pmo

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// jsonBytes is the size of a value as JSON, without writing it: validators of commands measure the whole state. What has no simple form is
// written. A value that JSON does not have is larger than any limit.
//
//workflowcheck:ignore the size is the same for the same value; the fields of the types are found once, before any workflow runs.
func jsonBytes(v any) int { return sizeOf(reflect.ValueOf(v)) }

// notJSON is the size of a value that JSON does not have, such as infinity.
const notJSON = maxStateBytes + 1

// jsonField is a field of a struct as encoding/json writes it.
type jsonField struct {
	index     []int
	name      int // bytes of the name with its quotes and the colon
	omitEmpty bool
	omitZero  bool
}

var (
	timeType = reflect.TypeFor[time.Time]()
	// jsonFields are the fields of the structs that are measured. Only read once the program runs.
	jsonFields = map[reflect.Type][]jsonField{}
)

func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[Request](), reflect.TypeFor[Decide](), reflect.TypeFor[Amend](), reflect.TypeFor[Report](),
		reflect.TypeFor[Stop](), reflect.TypeFor[Reassign](), reflect.TypeFor[SetInputs](), reflect.TypeFor[Watch](), reflect.TypeFor[OverridePull]()} {
		learnFields(t)
	}
}

func learnFields(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		learnFields(t.Elem())
	case reflect.Struct:
		if _, known := jsonFields[t]; known || written(t) {
			return
		}
		jsonFields[t] = fieldsAsJSON(t)
		for i := range t.NumField() {
			learnFields(t.Field(i).Type)
		}
	}
}

// fieldsAsJSON lists the fields of a struct; those of an embedded one without a name of its own are its own.
func fieldsAsJSON(t reflect.Type) []jsonField {
	var fields []jsonField
	for i := range t.NumField() {
		f := t.Field(i)
		tag, named := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case f.Anonymous && !named:
			for _, inner := range fieldsAsJSON(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				fields = append(fields, inner)
			}
		case f.IsExported() && tag != "-":
			if name == "" {
				name = f.Name
			}
			fields = append(fields, jsonField{index: []int{i}, name: TextBytes(name) + len(":"),
				omitEmpty: strings.Contains(options, "omitempty"), omitZero: strings.Contains(options, "omitzero")})
		}
	}
	return fields
}

// written reports whether values of the type write themselves. Times do too, in a form that is known.
func written(t reflect.Type) bool {
	return t == timeType || t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

func sizeOf(v reflect.Value) int {
	switch v.Kind() {
	case reflect.String:
		return TextBytes(v.String())
	case reflect.Bool:
		return len(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var digits [20]byte
		return len(strconv.AppendInt(digits[:0], v.Int(), 10))
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return len("null")
		}
		return sizeOf(v.Elem())
	case reflect.Slice:
		return sizeOfList(v)
	case reflect.Map:
		return sizeOfMap(v)
	case reflect.Struct:
		return sizeOfStruct(v)
	}
	return sizeWritten(v)
}

func sizeOfList(v reflect.Value) int {
	if v.IsNil() {
		return len("null")
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return sizeWritten(v)
	}
	size := len("[]") + max(v.Len()-1, 0)
	for i := range v.Len() {
		size += sizeOf(v.Index(i))
	}
	return size
}

func sizeOfMap(v reflect.Value) int {
	if v.IsNil() {
		return len("null")
	}
	if v.Type().Key().Kind() != reflect.String {
		return sizeWritten(v)
	}
	size := len("{}") + max(v.Len()-1, 0)
	for entries := v.MapRange(); entries.Next(); {
		size += TextBytes(entries.Key().String()) + len(":") + sizeOf(entries.Value())
	}
	return size
}

func sizeOfStruct(v reflect.Value) int {
	if v.Type() == timeType {
		at, _ := v.Interface().(time.Time)
		var text [len(time.RFC3339Nano)]byte
		return len(`""`) + len(at.AppendFormat(text[:0], time.RFC3339Nano))
	}
	fields, known := jsonFields[v.Type()]
	if !known {
		return sizeWritten(v)
	}
	size, written := len("{}"), 0
	for i := range fields {
		f := &fields[i]
		value := v.FieldByIndex(f.index)
		if f.omitEmpty && leftOut(value) || f.omitZero && value.IsZero() {
			continue
		}
		size += f.name + sizeOf(value)
		written++
	}
	return size + max(written-1, 0)
}

// leftOut is what omitempty leaves out.
func leftOut(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func sizeWritten(v reflect.Value) int {
	data, err := json.Marshal(v.Interface())
	if err != nil {
		return notJSON
	}
	return len(data)
}
