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

// fallbackDir is the parent of clusters whose user may not enter the requested folder.
const fallbackDir = "/var/lib/pmo-local"

// DataDir creates and returns the folder for a cluster's files: the requested one or, if the account may not enter
// it, /var/lib/pmo-local/<hash of the path>. moved means that it is not the requested one.
func DataDir(folder string, account Account) (dir string, moved bool, err error) {
	folder, err = makeDir(folder)
	if err != nil {
		return "", false, err
	}
	if !account.Switch || CanEnter(folder, account) {
		return folder, false, nil
	}
	sum := sha256.Sum256([]byte(folder))
	dir, err = makeDir(filepath.Join(fallbackDir, hex.EncodeToString(sum[:6])))
	if err != nil {
		return "", false, err
	}
	if !CanEnter(dir, account) {
		return "", false, fmt.Errorf("user %s may enter neither %s nor %s; choose another --data", account.Name, folder, dir)
	}
	return dir, true, nil
}

// makeDir creates a folder that others may traverse but not list, and returns its real path.
func makeDir(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o711); err != nil {
		return "", fmt.Errorf("create data folder: %w", err)
	}
	folder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return "", fmt.Errorf("create data folder: %w", err)
	}
	return filepath.Abs(folder)
}

// CanEnter reports, from owner and mode bits, whether the account may traverse every folder down to path.
func CanEnter(path string, account Account) bool {
	for {
		info, err := os.Stat(path)
		if err != nil || !canTraverse(info, account) {
			return false
		}
		parent := filepath.Dir(path)
		if parent == path {
			return true
		}
		path = parent
	}
}

func canTraverse(info os.FileInfo, account Account) bool {
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

// checkOwner refuses a cluster of another user. Postgres would refuse it too, with a less helpful message.
func checkOwner(data string, account Account) error {
	info, err := os.Stat(data)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("stat %s: %w", data, err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && stat.Uid != account.UID {
		return fmt.Errorf("%s belongs to user id %d, but Postgres would run as user id %d; start as the same user as before or choose another --data",
			data, stat.Uid, account.UID)
	}
	return nil
}
