package signin

// Providers are those that sign people in, in the order they are offered. Each has its own id.
type Providers []*Provider

// Of finds the provider of an id.
func (list Providers) Of(id string) (*Provider, bool) {
	for _, p := range list {
		if p.ID == id {
			return p, true
		}
	}
	return nil, false
}
