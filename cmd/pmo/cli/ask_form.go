package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/policy"
)

// form asks for the kind of a request and then for each field that the policy asks of that kind. It returns the form as a document; false
// when the person ended before or said no.
func (d *dialogue) form(doc policy.Document) ([]byte, bool) {
	var kinds []string
	for _, k := range doc.Intake.Kinds {
		kinds = append(kinds, k.ID)
	}
	kind, ok := "", true
	for !slices.Contains(kinds, kind) {
		if kind, ok = d.needed("kind (" + strings.Join(kinds, ", ") + ")"); !ok {
			return nil, false
		}
	}
	set := []string{"kind=" + kind}
	for _, f := range slices.Concat(doc.Intake.Fields, doc.Intake.Kinds[slices.Index(kinds, kind)].Fields) {
		if f.Field == "kind" {
			continue
		}
		fmt.Fprintln(d.out, text.Clean(f.Ask))
		set = append(set, d.each(forms.Fields(f.Field))...)
	}
	set = append(set, d.each([]string{"size"})...)
	patch, err := forms.Patch(set)
	if err != nil {
		fmt.Fprintln(d.out, err)
		return nil, false
	}
	document, err := patch.Document()
	if err != nil {
		return nil, false
	}
	form, err := json.Marshal(document)
	if err != nil {
		return nil, false
	}
	send, _ := d.line("Send it (yes or no)")
	return form, send == "yes" || send == "y"
}
