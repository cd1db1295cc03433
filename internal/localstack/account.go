package localstack

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ErrNoAccount means that the process runs as root and there is no other user to run Postgres as.
var ErrNoAccount = errors.New("no user to run Postgres as: it refuses root, and neither user postgres nor user nobody exists; run as a normal user")

// Account is the operating-system user that a child runs as. The zero value means the user of this process.
type Account struct {
	Name   string
	UID    uint32
	GID    uint32
	Switch bool // the child must change its user, because this process runs as root
}

// PostgresAccount chooses the user for Postgres: the user of this process or, if that is root, user postgres, else nobody.
func PostgresAccount() (Account, error) {
	if os.Geteuid() != 0 {
		return Account{UID: uint32(os.Geteuid()), GID: uint32(os.Getegid())}, nil
	}
	// initdb looks up the name of its user, so the uid needs a passwd entry.
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

// chown makes the account the owner of path, if the child changes its user.
func (a Account) chown(path string) error {
	if !a.Switch {
		return nil
	}
	if err := os.Chown(path, int(a.UID), int(a.GID)); err != nil {
		return fmt.Errorf("change the owner of %s to %s: %w", path, a.Name, err)
	}
	return nil
}
