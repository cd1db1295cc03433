// Package pmo is the domain: requests, stages, pending decisions, plans and the rules that move a request on.
//
// Everything here is pure: no clock, no randomness, no I/O, standard library only. The request workflow runs this code, so a
// change that alters what happens to a recorded history needs a version marker in the workflow and a replay test.
package pmo
