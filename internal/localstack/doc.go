// Package localstack finds, starts and stops the parts of a stack on one machine: a Postgres cluster of our
// own, and any other part as a child process.
//
// It never links the Temporal server, so that tests can use it cheaply: they start `pmo-local` as a child.
// A child dies with its parent on Linux even when the parent is killed with SIGKILL, and a cluster left behind
// on other systems is stopped by the next start. Errors that a person can act on are one sentence.
package localstack
