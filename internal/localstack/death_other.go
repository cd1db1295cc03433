//go:build unix && !linux

package localstack

import "syscall"

// dieWithParent has no counterpart here; a cluster left behind is stopped by the next start.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
