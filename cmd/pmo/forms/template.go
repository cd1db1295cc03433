package forms

import (
	"fmt"
	"slices"
	"strings"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/policy"
)

// common are the fields that every form has besides those that the policy asks for, with their help.
var common = []policy.FieldDoc{
	{Field: "wanted_by", Ask: "By which day, such as 2027-03-31"},
	{Field: "size", Ask: "Estimated effort in team-weeks"},
	{Field: "skills", Ask: "What the work needs, such as [gis, web]; `pmo skills` lists those of the teams"},
	{Field: "resources", Ask: "Shared resources it needs while it is worked on, such as [staging:2]; `pmo resources` lists them"},
	{Field: "second_team", Ask: "Where two teams are needed at once: the skills of the second, such as [design:3], and its share of the work, 0.05 to 0.95"},
	{Field: "urgency", Ask: "flexible, soon or critical; it is never used for ranking"},
}

// Template is an empty form of a kind in YAML: each field that the policy asks for, with its question, in the policy's order.
func Template(d policy.Document, kind string) (string, error) {
	var ids []string
	for _, k := range d.Intake.Kinds {
		ids = append(ids, k.ID)
	}
	at := slices.Index(ids, kind)
	if at < 0 {
		return "", fmt.Errorf("%q is not one of %s%s", kind, strings.Join(ids, ", "), cleantext.DidYouMean(kind, ids))
	}
	k := d.Intake.Kinds[at]
	var out strings.Builder
	comment(&out, fmt.Sprintf("%s. %s Send it with: pmo submit -f FILE", k.Name, k.Help))
	fmt.Fprintf(&out, "kind: %s\n", kind)
	written := []string{"kind"}
	for _, f := range slices.Concat(d.Intake.Fields[:min(1, len(d.Intake.Fields))], k.Fields, d.Intake.Fields, common) {
		if slices.Contains(written, f.Field) {
			continue
		}
		written = append(written, f.Field)
		writeField(&out, d, f)
	}
	return out.String(), nil
}

func writeField(out *strings.Builder, d policy.Document, f policy.FieldDoc) {
	ask := f.Ask
	switch {
	case f.Need != "" && f.When != "":
		ask += fmt.Sprintf(" (%s when %s)", f.Need, f.When)
	case f.Need != "":
		ask += fmt.Sprintf(" (%s)", f.Need)
	}
	if f.Field == "themes" {
		ask += " Themes: " + strings.Join(themes(d), ", ") + "."
	}
	if ids := objectives(d); f.Field == "objectives" && len(ids) > 0 {
		ask += " Objectives: " + strings.Join(ids, ", ") + "."
	}
	comment(out, ask)
	if parts := Fields(f.Field); len(parts) > 1 {
		fmt.Fprintf(out, "#%s:\n", f.Field)
		for _, part := range parts {
			fmt.Fprintf(out, "#  %s:\n", strings.TrimPrefix(part, f.Field+"."))
		}
		return
	}
	mark := "#"
	if f.Need == policy.NeedRequired || f.Need == policy.NeedWanted && f.When == "" {
		mark = ""
	}
	value := " \"\""
	if f.Field == "themes" || f.Field == "objectives" || f.Field == "skills" || f.Field == "resources" || f.Field == "needs" {
		value = " []"
	}
	if mark != "" && value != " []" {
		value = ""
	}
	fmt.Fprintf(out, "%s%s:%s\n", mark, f.Field, value)
}

func themes(d policy.Document) []string {
	var ids []string
	for _, p := range d.Portfolios {
		for _, t := range p.Themes {
			if !slices.Contains(ids, t.ID) {
				ids = append(ids, t.ID)
			}
		}
	}
	return ids
}

func objectives(d policy.Document) []string {
	var ids []string
	for _, p := range d.Portfolios {
		for _, o := range p.Objectives {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// comment writes a text as comment lines of at most 100 columns.
func comment(out *strings.Builder, text string) {
	line := "#"
	for _, word := range strings.Fields(text) {
		if len([]rune(line))+1+len([]rune(word)) > 100 {
			fmt.Fprintln(out, line)
			line = "#"
		}
		line += " " + word
	}
	fmt.Fprintln(out, line)
}
