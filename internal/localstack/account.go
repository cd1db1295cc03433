package localstack

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ErrNoAccount says that we are root and found no other user to run Postgres as.
var ErrNoAccount = errors.New("no user to run Postgres as: it refuses root, and neither user postgres nor user nobody exists; run as a normal user")

// Account is the operating-system user that a child runs as. The zero value means "as we are".
type Account struct {
	Name   string
	UID    uint32
	GID    uint32
	Switch bool // a change of user is needed: we are root
}

// PostgresAccount chooses who Postgres runs as: ourselves, or, as root, user postgres, else nobody.
func PostgresAccount() (Account, error) {
	if os.Geteuid() != 0 {
		return Account{UID: uint32(os.Geteuid()), GID: uint32(os.Getegid())}, nil
	}
	// A uid without a passwd entry will not do: initdb looks its own name up.
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		return accountOf(u)
	}
	return Account{}, ErrNoAccount
}

func accountOf(u *user.User) (Account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("read uid of %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("read gid of %s: %w", u.Username, err)
	}
	return Account{Name: u.Username, UID: uint32(uid), GID: uint32(gid), Switch: true}, nil
}

func (a Account) credential() *syscall.Credential {
	if !a.Switch {
		return nil
	}
	return &syscall.Credential{Uid: a.UID, Gid: a.GID}
}

// own hands a path to the account; nothing to do when we do not switch.
func (a Account) own(path string) error {
	if !a.Switch {
		return nil
	}
	if err := os.Chown(path, int(a.UID), int(a.GID)); err != nil {
		return fmt.Errorf("hand %s to user %s: %w", path, a.Name, err)
	}
	return nil
}
