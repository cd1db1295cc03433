package policy

import (
	"bytes"
	"errors"
	"fmt"
)

// ErrNotInForce is a policy file that may not replace the policy in force.
var ErrNotInForce = errors.New("the policy file is not the policy in force")

// Stored is the policy in force as it is stored.
type Stored struct {
	Version int
	Source  []byte
	Decided bool // it was proposed and accepted in the product, and is in no file
}

// Choose decides by which policy a process works: given is its file's, nil without one, and stored is the policy in force, nil while none is.
// The second result says that the policy has yet to take force.
//
// Without a file the policy in force stays. A file with the same rules changes nothing. A file with other rules takes force if its version is
// higher; with the same version or a lower one it is refused, so that an old or forgotten file never replaces newer rules. Where the policy in
// force was decided in the product, such a file is not used: it would keep every process from starting.
func Choose(given *Policy, stored *Stored) (p *Policy, takesForce bool, err error) {
	if stored == nil {
		if given == nil {
			given = Default()
		}
		return given, true, nil
	}
	inForce, err := Parse(stored.Source)
	if given == nil {
		if err != nil {
			return nil, false, fmt.Errorf("this program does not accept policy %d, which is in force; correct it in a policy file with a higher version: %w", stored.Version, err)
		}
		return inForce, false, nil
	}
	if bytes.Equal(given.source, stored.Source) || err == nil && inForce.digest == given.digest {
		return given, false, nil
	}
	if given.Version() > stored.Version {
		return given, true, nil
	}
	if stored.Decided && err == nil {
		return inForce, false, nil
	}
	return nil, false, refusal(given, stored)
}

func refusal(given *Policy, stored *Stored) error {
	if given.Version() == stored.Version {
		return fmt.Errorf("%w: both have version %d, but the rules differ; raise the version, or use the file in force", ErrNotInForce, stored.Version)
	}
	return fmt.Errorf("%w: its version is %d, and version %d is in force; use that file or none, or raise the version to return to older rules",
		ErrNotInForce, given.Version(), stored.Version)
}
