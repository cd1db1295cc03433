package devprovider

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"leanpmo/internal/directory"
)

// WithIdentities is a directory file in which each person is known to the provider under their id. Services and agents are not: they have tokens.
func WithIdentities(src []byte, issuer string) ([]byte, error) {
	var doc yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(src, &doc, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("read the directory: %w", err)
	}
	for _, part := range doc {
		principals, ok := part.Value.([]any)
		if part.Key != "principals" || !ok {
			continue
		}
		for i, one := range principals {
			if fields, ok := one.(yaml.MapSlice); ok {
				principals[i] = withIdentity(fields, issuer)
			}
		}
	}
	out, err := yaml.MarshalWithOptions(doc, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write the directory: %w", err)
	}
	comments, _, _ := bytes.Cut(src, []byte("principals:"))
	return append(bytes.Clone(comments), out...), nil
}

func withIdentity(fields yaml.MapSlice, issuer string) yaml.MapSlice {
	byName := fields.ToMap()
	if byName["service"] == true || byName["kind"] != nil || byName["oidc"] != nil {
		return fields
	}
	return append(fields, yaml.MapItem{Key: "oidc", Value: []map[string]any{{"issuer": issuer, "subject": byName["id"]}}})
}

// FromDirectory are the people of a directory file whom it lists with a subject of the issuer.
func FromDirectory(src []byte, issuer string) ([]Person, error) {
	d, err := directory.Parse(src)
	if err != nil {
		return nil, fmt.Errorf("read the directory: %w", err)
	}
	var people []Person
	for _, p := range d.Principals() {
		for _, identity := range p.OIDC {
			if identity.Issuer == issuer && identity.Subject != "" && p.Person() {
				people = append(people, Person{Subject: identity.Subject, Name: p.Name, Note: strings.Join(p.Roles, ", ")})
			}
		}
	}
	return people, nil
}
