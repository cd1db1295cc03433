package localstack

import (
	"syscall"
	"time"
)

// Stop sends SIGTERM and, after grace, SIGKILL, as stopping a cluster does.
func (p *Process) Stop(grace time.Duration) error {
	p.Signal(syscall.SIGTERM)
	return p.awaitExit(grace)
}
