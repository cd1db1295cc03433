package localstack

import "syscall"

// setParentDeathSignal makes the kernel send the signal to the child when this process ends for any reason.
func setParentDeathSignal(attr *syscall.SysProcAttr, s syscall.Signal) {
	if s == 0 {
		s = syscall.SIGKILL
	}
	attr.Pdeathsig = s
}
