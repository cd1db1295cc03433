package pmo

import (
	"cmp"
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"
)

// Limits of a form's texts, in characters.
const (
	MaxTitle    = 200
	MaxFormText = 8000
)

// Limits of what a command may carry and of what a request keeps. They hold the state of a request, which every continue-as-new and every
// projection carries whole, at a quarter of the 2 MB that the Temporal server accepts.
const (
	maxCharacters   = 4000      // of a text that textLimits does not name
	maxElements     = 50        // of a list
	maxCommandBytes = 128 << 10 // of a command, as JSON
	maxLessons      = 100       // of a request, from all its reports
	maxStateBytes   = 320 << 10 // of a request with the next command, as JSON; what follows from the command comes on top
	maxPauseBytes   = 384 << 10 // of a request that is held or resumed; its end is always possible
)

// textLimits are the fields whose texts have another limit, in characters, by JSON name.
var textLimits = map[string]int{
	"problem": MaxFormText, "outcome": MaxFormText, "success_measure": MaxFormText, "users": MaxFormText, "wanted_cause": MaxFormText,
	"others_to_act": MaxFormText, "workaround": MaxFormText, "title": MaxTitle, "decision": 200, "verdict": 40, "from": 64, "to": 64, "team": 64, "second": 64, "person": 64, "remedy": 80, "of": 200, "approach": 200, "name": 200, "sle": 200,
	"health": 200, "class": 200, "text": 1000, "observation": 1000, "cause": 1000, "changed": 1000, "learned": 1000, "differently": 1000, "recommendation": 1000,
	"owner": 200, "how": 1000, "add": 200, "remove": 200, "into": 200, "needs": 20,
}

// CheckLimits returns why a command is too large, or nil: a text, a list, the whole command, or what the request would keep with it. What
// ends a request, or stops or resumes its clocks, is always possible when it is itself small.
//
// Only the validators of updates call it, which replay does not repeat: its limits may change.
func (r *Request) CheckLimits(command any) *Refusal {
	if refusal := checkSize(command); refusal != nil {
		return refusal
	}
	if _, ends := command.(Stop); ends {
		return nil
	}
	return r.Kept().check(command)
}

// CheckLimits is CheckLimits of the request that keeps so much, for the check of a decision that came as a signal.
func (k Kept) CheckLimits(c Decide) *Refusal {
	if refusal := checkSize(c); refusal != nil {
		return refusal
	}
	return k.check(c)
}

// checkSize returns which part of a command is too large, or nil.
func checkSize(command any) *Refusal {
	if refusal := checkValue(reflect.ValueOf(command), "", ""); refusal != nil {
		return refusal
	}
	if size := jsonBytes(command); size > maxCommandBytes {
		return invalid("", "the command has %d bytes of text, and %d are the limit", size, maxCommandBytes)
	}
	return nil
}

// Kept is how much a request keeps already.
type Kept struct {
	Bytes   int `json:"bytes"`
	Lessons int `json:"lessons,omitempty"`
}

// Kept measures the request.
func (r *Request) Kept() Kept { return Kept{Bytes: jsonBytes(r), Lessons: len(r.Lessons)} }

func (k Kept) check(command any) *Refusal {
	var refusal *Refusal
	switch c := command.(type) {
	case Report:
		refusal = k.checkLessons("/lessons", c.Lessons)
	case Decide:
		refusal = cmp.Or(k.checkLessons("/data/lessons", c.Data.Lessons), checkPlanSize("/data/plan", c.Data.Plan))
	case ProposePlan:
		refusal = checkPlanSize("/plan", &c.Plan)
	}
	if refusal != nil {
		return refusal
	}
	if k.Bytes+jsonBytes(command) > maxStateBytes {
		return invalid("", "the request holds so much text that nothing can be added; only its end, a hold and a resumption are possible")
	}
	return nil
}

// CheckPause returns why a request is too large to be held or resumed, or nil. Only the ledger grows with holds, while the database is away:
// once it has confirmed the entries, there is room again. Only validators call it, as CheckLimits.
func (r *Request) CheckPause(command string) *Refusal {
	if (command == "Hold" || command == "Resume") && jsonBytes(r) > maxPauseBytes {
		return invalid("", "the request holds so much text that it can only be ended until the database has stored its ledger")
	}
	return nil
}

// checkLessons refuses lessons beyond those that a request keeps.
func (k Kept) checkLessons(pointer string, lessons []Lesson) *Refusal {
	if len(lessons) > 0 && k.Lessons+len(lessons) > maxLessons {
		return invalid(pointer, "a request keeps %d lessons, and it has %d", maxLessons, k.Lessons)
	}
	return nil
}

// checkValue returns which text or list of a value is too long, or nil. pointer is the JSON pointer of the value, name its last part.
//
//workflowcheck:ignore reflect visits the fields of a struct and the elements of a slice in their order.
func checkValue(v reflect.Value, pointer, name string) *Refusal {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return checkValue(v.Elem(), pointer, name)
	case reflect.String:
		limit, ok := textLimits[name]
		if !ok {
			limit = maxCharacters
		}
		if utf8.RuneCountInString(v.String()) > limit {
			return invalid(pointer, "is longer than %d characters", limit)
		}
	case reflect.Slice:
		if v.Len() > maxElements {
			return invalid(pointer, "has more than %d elements", maxElements)
		}
		for i := range v.Len() {
			if refusal := checkValue(v.Index(i), fmt.Sprintf("%s/%d", pointer, i), name); refusal != nil {
				return refusal
			}
		}
	case reflect.Struct:
		return checkFields(v, pointer)
	}
	return nil
}

//workflowcheck:ignore see checkValue.
func checkFields(v reflect.Value, pointer string) *Refusal {
	if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[Header]() {
		return nil
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		name := jsonName(field)
		if refusal := checkValue(v.Field(i), pointer+"/"+name, name); refusal != nil {
			return refusal
		}
	}
	return nil
}
