package localstack

import "syscall"

// dieWithParent makes the kernel end the child when we die, however we die.
func dieWithParent(attr *syscall.SysProcAttr, s syscall.Signal) {
	if s == 0 {
		s = syscall.SIGKILL
	}
	attr.Pdeathsig = s
}
