package assign

import "fmt"

// named lists requests in a sentence about another one. Confidential ones are counted: the sentence is stored with the other request, and read by
// people who may not know of them.
func named(requests []Request) string {
	var names []string
	hidden := 0
	for _, r := range requests {
		if r.Confidential {
			hidden++
			continue
		}
		names = append(names, r.label())
	}
	switch hidden {
	case 0:
	case 1:
		names = append(names, "a confidential request")
	default:
		names = append(names, fmt.Sprintf("%d confidential requests", hidden))
	}
	return list(names)
}
