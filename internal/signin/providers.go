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

// At finds the provider that sends people back to an address of ours.
func (list Providers) At(address string) (*Provider, bool) {
	for _, p := range list {
		if p.Redirect == address {
			return p, true
		}
	}
	return nil, false
}
