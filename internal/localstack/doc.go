// Package localstack finds, starts and stops the parts of the local stack: a private Postgres cluster, and any
// other part as a child process.
//
// It never links the Temporal server, so that test binaries stay small: tests start `pmo-local` as a child.
// On Linux a child ends with its parent even when the parent is killed with SIGKILL; on other systems the next
// start stops an orphaned cluster. Errors that a person can fix are one sentence.
package localstack
