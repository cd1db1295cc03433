package web

import "leanpmo/internal/pmo"

// lessonControls ask for one lesson: what was learned, why it was so, and what to do. They may stay empty.
func lessonControls(t *reader) []control {
	return []control{
		{Name: "lesson", Type: typeArea, Label: t.T("field.lesson"), Help: t.T("help.lesson"), Apart: true},
		{Name: "lesson_cause", Type: typeText, Label: t.T("field.lesson_cause"), Apart: true},
		{Name: "lesson_recommendation", Type: typeText, Label: t.T("field.lesson_recommendation"), Apart: true},
	}
}

// lessonsFrom is the lesson of filled controls; none where nothing was learned. A cause or a recommendation alone is a fault.
func lessonsFrom(controls []control) (lessons []pmo.Lesson, ok bool) {
	var l pmo.Lesson
	at := -1
	for i, c := range controls {
		switch c.Name {
		case "lesson":
			at, l.Observation = i, c.Value
		case "lesson_cause":
			l.Cause = c.Value
		case "lesson_recommendation":
			l.Recommendation = c.Value
		}
	}
	switch {
	case l == pmo.Lesson{}:
		return nil, true
	case l.Observation == "":
		controls[at].Error = "required"
		return nil, false
	}
	return []pmo.Lesson{l}, true
}
