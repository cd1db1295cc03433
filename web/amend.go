package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

// amendControls are the controls of the request's form with the values it has.
func (s *Site) amendControls(r *http.Request, t *reader, request *wire.Request) ([]control, error) {
	rules, err := s.rules(r)
	if err != nil {
		return nil, err
	}
	kind := policy.KindDoc{ID: request.Content.Kind}
	if i := slices.IndexFunc(rules.Intake.Kinds, func(k policy.KindDoc) bool { return k.ID == kind.ID }); i >= 0 {
		kind = rules.Intake.Kinds[i]
	}
	asked, more := s.formOf(t, rules, kind)
	controls := append(asked, more...)
	doc, err := contentDocument(request.Content)
	if err != nil {
		return nil, err
	}
	for i := range controls {
		controls[i].setValue(lookup(doc, strings.Split(controls[i].Name, ".")))
	}
	return append(controls, control{Name: "revision", Type: typeHidden, Value: strconv.Itoa(request.Revision)},
		control{Name: "reason", Type: typeArea, Label: t.T("field.amend_reason")}), nil
}

func contentDocument(c pmo.Content) (map[string]any, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write the content: %w", err)
	}
	var doc map[string]any
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, fmt.Errorf("read the content: %w", err)
	}
	return doc, nil
}

func lookup(doc map[string]any, path []string) any {
	value := doc[path[0]]
	if inner, ok := value.(map[string]any); ok && len(path) > 1 {
		return lookup(inner, path[1:])
	}
	if len(path) > 1 {
		return nil
	}
	return value
}

func (c *control) setValue(value any) {
	switch v := value.(type) {
	case string:
		c.Value = v
	case float64:
		c.Value = strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		if v {
			c.Value = "yes"
		}
	case []any:
		var words []string
		for _, word := range v {
			words = append(words, fmt.Sprint(word))
		}
		if c.Type == typeChecks {
			c.Values = words
		} else {
			c.Value = strings.Join(words, ", ")
		}
	}
}

// mergePatch is what changes the form as it was into the form as it is filled in: a changed value, or null for one that was emptied.
func mergePatch(before, after []control) map[string]any {
	patch := map[string]any{}
	for i := range after {
		was, now := before[i], after[i]
		if now.Name == "reason" || now.Name == "revision" {
			continue
		}
		old, had := was.read()
		value, has := now.read()
		switch {
		case has && !(had && reflect.DeepEqual(old, value)):
			set(patch, strings.Split(now.Name, "."), value)
		case had && !has:
			set(patch, strings.Split(now.Name, "."), nil)
		}
	}
	return patch
}

// amend sends what was changed, based on the revision that the form was made from.
func (s *Site) amend(r *http.Request, view commandView, before []control) (*client.Answer[pmo.Receipt], error) {
	revision, err := strconv.Atoi(r.PostForm.Get("revision"))
	if err != nil {
		return nil, errNotNow
	}
	return s.api.AmendMerge(r.Context(), view.Request.ID, revision, mergePatch(before, view.Controls), r.PostForm.Get("reason"))
}
