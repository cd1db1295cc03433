// Package flow measures how work flows, from timestamps: throughput, cycle time, lead time, decision time, work item
// age, WIP, the cumulative flow diagram, flow efficiency and distribution, and a check by Little's law.
//
// The definitions are those of the Kanban Guide. Lead time runs from submitted to accepted, cycle time from pulled to
// accepted, decision time from opened to answered; all are elapsed calendar time in days. Two policies change that and
// are always the caller's choice: Options.PlusOneDay counts calendar days with both ends included, and
// Options.ExcludeHeld stops the clock while an item is on hold.
//
// An item with an impossible timestamp (finished before it started) is left out of a measure and named, never
// repaired. The package is pure: no clock; days are those of Options.Location.
package flow
