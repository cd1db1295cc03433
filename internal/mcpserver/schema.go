package mcpserver

import (
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
)

// Bounds of the inputs of tools. The API judges again; a program is told here, before it asks.
const (
	longestText = 200
	longestID   = 64
	mostRows    = 50
	mostWithout = 50
	mostNumber  = 1000
)

// bound says what a property of an input may be.
type bound func(*jsonschema.Schema)

func text(most int) bound {
	return func(s *jsonschema.Schema) { s.MinLength, s.MaxLength = new(1), new(most) }
}

func number(least, most float64) bound {
	return func(s *jsonschema.Schema) { s.Minimum, s.Maximum = new(least), new(most) }
}

func list(most, longest int) bound {
	return func(s *jsonschema.Schema) {
		s.MaxItems = new(most)
		text(longest)(s.Items)
	}
}

func values(most, longest int) bound {
	return func(s *jsonschema.Schema) {
		s.MaxProperties = new(most)
		text(longest)(s.AdditionalProperties)
	}
}

func one[T ~string](of []T) bound {
	return func(s *jsonschema.Schema) {
		for _, value := range of {
			s.Enum = append(s.Enum, string(value))
		}
	}
}

// schema is the schema of an input with the bounds of its properties, by name. Every property has one, unless it is a yes or no.
func schema[In any](bounds map[string]bound) *jsonschema.Schema {
	s, err := jsonschema.For[In](nil)
	if err != nil {
		panic(fmt.Sprintf("schema of %T: %v", *new(In), err)) // the types are our own
	}
	for name, set := range bounds {
		set(s.Properties[name])
	}
	return s
}
