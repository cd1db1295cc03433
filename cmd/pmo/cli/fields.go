package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
)

// A field has one spelling in the whole command line: its name in the form, such as size or baseline.people, and its name in an answer, such as
// until. Both are given with --set.

// needed says how each field that an option may need is given.
var needed = map[string]string{
	"patch":    "--set FIELD=VALUE",
	"until":    "--set until=DATE",
	"of":       "--set of=REF",
	"inputs":   "--set inputs.FIELD=NUMBER",
	"review":   "--set review.changed=TEXT, review.learned and review.differently too",
	"approach": "--set approach=APPROACH",
	"team":     "--set team=TEAM",
	"person":   "--set person=PERSON",
	"remedy":   "--set remedy=REMEDY",
}

// needWords is how what an option needs is given.
func needWords(o pmo.Option) string {
	var words []string
	if o.Reason {
		words = append(words, "--reason TEXT")
	}
	for _, need := range o.Needs {
		how, ok := needed[need]
		if need == "conditions" {
			how, ok = conditionWords(o), true
		}
		if !ok {
			how = fmt.Sprintf("--set %s=VALUE", need)
		}
		words = append(words, how)
	}
	return strings.Join(words, " ")
}

// typedError is a refusal in the words of the command line: each field is named as it was typed.
type typedError struct {
	refused *client.Refused
	cmd     *cobra.Command
}

func (t typedError) Error() string {
	return t.refused.Words(func(pointer string) string { return t.name(pointer) + ":" })
}

func (t typedError) Unwrap() error { return t.refused }

// asTyped makes a refusal speak of flags and fields, and leaves every other error as it is.
func asTyped(cmd *cobra.Command, err error) error {
	var refused *client.Refused
	var typed typedError
	if !errors.As(err, &refused) || len(refused.Errors) == 0 || errors.As(err, &typed) || err != error(refused) {
		return err
	}
	return typedError{refused, cmd}
}

// arguments are the fields of the API that are arguments of a command, and not flags.
var arguments = map[string]string{
	"decide/verdict": "ANSWER", "decide/decision": "QUESTION", "decide/patch": "--set", "set/delegate": "PERSON",
	"comment/text": "TEXT", "attach/url": "URL", "attach/title": "TITLE", "detach/id": "ID", "note/question": "QUESTION",
}

// name is what the person typed for a field of the API: this is the one place that knows. A JSON pointer such as /data/patch/baseline/people
// is the field baseline.people, /percent is the flag --percent.
func (t typedError) name(pointer string) string {
	path := strings.Split(strings.Trim(pointer, "/"), "/")
	for len(path) > 1 && slices.Contains([]string{"data", "patch", "query", "content", "body", "path"}, path[0]) {
		path = path[1:]
	}
	if word, ok := arguments[t.cmd.Name()+"/"+path[0]]; ok {
		return word
	}
	for _, candidate := range []string{path[0], path[len(path)-1], strings.TrimSuffix(path[0], "s")} {
		for _, spelled := range []string{candidate, strings.ReplaceAll(candidate, "_", "-")} {
			if flag := t.cmd.Flags().Lookup(spelled); flag != nil {
				return "--" + flag.Name
			}
		}
	}
	return strings.Join(path, ".")
}
