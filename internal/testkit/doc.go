// Package testkit gives tests real things to run against: a Postgres shared by the tests of one process with a
// fresh database for each, the parts of the product and of the local stack as child processes that can be killed,
// and a proxy that makes the network fail.
//
// Nothing here links the Temporal server: `cmd/pmo-local` is built once and run as a child. Everything started
// for a test ends with it, and nothing is touched that was not started here. Helpers fail the test they are given.
package testkit
