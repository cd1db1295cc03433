// Package testkit gives tests real servers: a Postgres shared by the tests of one process with a new database for
// each test, the parts of the product and of the local stack as child processes that can be killed, and a proxy that
// makes the network fail.
//
// Nothing here links the Temporal server: `cmd/pmo-local` is built once and run as a child. Everything started for a
// test ends with it, and only such processes are stopped. An error in a helper fails the test.
package testkit
