package app

import (
	"fmt"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/publicform"
	"leanpmo/web"
)

const (
	// defaultPublicPerHour is more than a front desk answers in an hour.
	defaultPublicPerHour = 60
	// defaultAddressPerHour lets an office behind one address ask, and a single program not fill the hour.
	defaultAddressPerHour = 10
)

// publicForm is the form for people without an account; nil when it is off.
func (c Config) publicForm(kept publicform.Store) *web.PublicForm {
	if c.PublicForm == "" {
		return nil
	}
	f := &web.PublicForm{Requester: c.PublicForm, Store: kept, PerHour: c.PublicPerHour, AddressPerHour: c.AddressPerHour}
	if f.PerHour < 1 {
		f.PerHour = defaultPublicPerHour
	}
	if f.AddressPerHour < 1 {
		f.AddressPerHour = defaultAddressPerHour
	}
	return f
}

// publicFormFault says why the service of the public form cannot own requests.
func (c Config) publicFormFault(people *directory.Directory) error {
	if c.PublicForm == "" {
		return nil
	}
	p, known := people.Principal(c.PublicForm)
	switch {
	case !known || !p.Service:
		return fmt.Errorf("PMO_PUBLIC_FORM: %q is not a service of the directory", c.PublicForm)
	case len(people.Desk(p.ID)) == 0:
		return fmt.Errorf("PMO_PUBLIC_FORM: %q has no desk with members, so that nobody would answer for those who ask", c.PublicForm)
	case !access.Can(p.Actor(), access.Submit, access.Object{}).Allowed:
		return fmt.Errorf("PMO_PUBLIC_FORM: %q may not submit; give it the role %s", c.PublicForm, access.RoleRequester)
	}
	return nil
}
