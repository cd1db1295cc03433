//go:build unix && !linux

package localstack

import "syscall"

// setParentDeathSignal does nothing on these systems; the next start stops an orphaned cluster.
func setParentDeathSignal(*syscall.SysProcAttr, syscall.Signal) {}
