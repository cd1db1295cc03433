package policy

import (
	"fmt"
	"slices"
)

// publicFields are what people without an account may be asked for. The others are judgements of the organization (size, class, inputs), name
// its people and goals, or say who may read the request.
var publicFields = []string{"title", "problem", "outcome", "success_measure", "baseline", "users", "wanted_by", "wanted_cause", "urgency", "others_to_act", "workaround"}

// publicKind checks a kind that is offered to people without an account. Its request can be read by everybody who is signed in, and its status
// by whoever has the link, so that a kind which asks whether it is confidential cannot be public.
func (c *checker) publicKind(path string, k KindDoc) {
	if !k.Public {
		return
	}
	for i, f := range k.Fields {
		c.that(f.Field != "confidential", fmt.Sprintf("%s.fields[%d]", path, i), "a kind that may be confidential cannot be public")
		c.that(f.Need != NeedRequired || f.Public || f.Field == "title" || f.Field == "kind", fmt.Sprintf("%s.fields[%d].public", path, i),
			"is missing: the kind is public and the field is required")
	}
	for i, f := range c.doc.Intake.Fields {
		c.that(f.Need != NeedRequired || f.Public || f.Field == "title" || f.Field == "kind", fmt.Sprintf("intake.fields[%d].public", i),
			"is missing: the field is required, and %s is public", k.ID)
	}
}

// PublicKinds lists the kinds that people without an account may ask for, each with the fields of its form: those of the kind, then those asked
// of every kind. The title is asked besides.
func (d *Document) PublicKinds() []KindDoc {
	var kinds []KindDoc
	for _, k := range d.Intake.Kinds {
		if !k.Public {
			continue
		}
		asked := slices.Concat(k.Fields, d.Intake.Fields)
		k.Fields = nil
		for _, f := range asked {
			listed := slices.ContainsFunc(k.Fields, func(other FieldDoc) bool { return other.Field == f.Field })
			if f.Public && f.Field != "title" && !listed {
				k.Fields = append(k.Fields, f)
			}
		}
		kinds = append(kinds, k)
	}
	return kinds
}
