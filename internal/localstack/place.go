package localstack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// elsewhere holds the clusters whose own folder their user may not enter.
const elsewhere = "/var/lib/pmo-local"

// Place decides where a cluster's files go: into folder, or, where the account may not enter that folder, into
// /var/lib/pmo-local/<hash of the path>. It makes the folder it answers. moved says that it is not the one asked for.
func Place(folder string, account Account) (place string, moved bool, err error) {
	folder, err = makeFolder(folder)
	if err != nil {
		return "", false, err
	}
	if !account.Switch || CanEnter(folder, account) {
		return folder, false, nil
	}
	sum := sha256.Sum256([]byte(folder))
	place, err = makeFolder(filepath.Join(elsewhere, hex.EncodeToString(sum[:6])))
	if err != nil {
		return "", false, err
	}
	if !CanEnter(place, account) {
		return "", false, fmt.Errorf("user %s may enter neither %s nor %s; choose another --data", account.Name, folder, place)
	}
	return place, true, nil
}

// makeFolder makes a folder that others may pass through but not list, and answers its real path.
func makeFolder(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o711); err != nil {
		return "", fmt.Errorf("make data folder: %w", err)
	}
	folder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return "", fmt.Errorf("make data folder: %w", err)
	}
	return filepath.Abs(folder)
}

// CanEnter tells from owner and mode bits whether the account may pass through every folder down to path.
func CanEnter(path string, account Account) bool {
	for {
		info, err := os.Stat(path)
		if err != nil || !mayPass(info, account) {
			return false
		}
		parent := filepath.Dir(path)
		if parent == path {
			return true
		}
		path = parent
	}
}

func mayPass(info os.FileInfo, account Account) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	switch mode := info.Mode().Perm(); {
	case stat.Uid == account.UID:
		return mode&0o100 != 0
	case stat.Gid == account.GID:
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}

// checkOwner refuses a cluster made by another user: Postgres would, with a less helpful sentence.
func checkOwner(data string, account Account) error {
	info, err := os.Stat(data)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", data, err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && stat.Uid != account.UID {
		return fmt.Errorf("%s belongs to user id %d, but Postgres would run as user id %d; start as the same user as before or choose another --data",
			data, stat.Uid, account.UID)
	}
	return nil
}
