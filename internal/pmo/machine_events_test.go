package pmo_test

import (
	"reflect"

	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

// rareEvent is something that is not a command.
func (m *machine) rareEvent() string {
	event := rapid.SampledFrom([]string{"signal", "capacity", "no room", "no room", "room", "merge", "work item sent", "work item report", "projection", "projection", "continue as new", "continue as new", "resume",
		"Temporal"}).Draw(m.driver.draw, "rare event")
	switch event {
	case "signal":
		m.signal()
	case "capacity":
		m.RetryAssignment()
	case "no room":
		m.LoseRoom(pmo.NoRoom{Team: rapid.SampledFrom(teams).Draw(m.driver.draw, "team without room"), Why: "it has less from now on.", At: m.driver.now,
			Next: rapid.SampledFrom([]string{"", "otter"}).Draw(m.driver.draw, "next"), Move: "Otter could take it now."}, m.driver.now)
	case "room":
		m.FindRoom(rapid.SampledFrom(teams).Draw(m.driver.draw, "team with room"), m.driver.now)
	case "merge":
		c := m.value(reflect.TypeFor[pmo.Watch](), "", true).Interface().(pmo.Watch)
		if c.By = (pmo.By{Actor: pmo.MergeActor("r2"), Via: "system"}); m.CheckWatch(c) == nil {
			m.ApplyMerge(c, m.driver.now)
		}
		if !m.Closed() { // the workflow takes no signal any more
			m.TakeConditions(c, m.driver.now)
		}
	case "work item sent":
		if state, send := m.WorkItemToSend(); send && m.idle() {
			m.MarkSent(state)
		}
	case "work item report":
		m.workItemReport()
	case "projection":
		m.project()
	case "continue as new":
		m.continueAsNew()
	case "resume":
		m.send("Resume", pmo.Stop{Reason: "because"}, m.sender())
	case "Temporal":
		if m.one(12, "cancelled in Temporal") {
			m.EndInTemporal("The workflow was cancelled in Temporal.", pmo.By{Via: "temporal"}, m.driver.now)
		}
	}
	return event
}

// signal decides by signal: the sender is checked after the command, and a refusal is recorded.
func (m *machine) signal() {
	c := m.answer()
	if c == nil {
		return
	}
	c.By.Via = "signal"
	if refusal := m.CheckDecide(*c, m.driver.now); refusal != nil || m.large && m.CheckLimits(*c) != nil || m.one(4, "not allowed") {
		m.RecordRefusedSignal(*c, &pmo.Refusal{Kind: pmo.RefusedForbidden, Detail: "may not"}, m.driver.now)
		return
	}
	m.ApplyDecide(*c, m.driver.now)
}

// project confirms the projection under way and begins the next one. The database may be away.
func (m *machine) project() {
	if !m.away && !m.one(4, "database away") {
		m.MarkProjected(m.projected, m.driver.now)
		m.projected = m.LedgerSeq
	}
}

func (m *machine) workItemReport() {
	if m.Work == nil || !m.Work.Pending {
		return
	}
	report := pmo.WorkItemReport{State: m.Work.Requested, ID: "item-" + m.Work.Key, URL: "https://tool.example/" + m.Work.Key}
	switch rapid.IntRange(0, 4).Draw(m.driver.draw, "report") {
	case 0:
		report.ID, report.URL, report.Fault = "", "", &pmo.SyncFault{Reason: "refused", Refused: true}
	case 1:
		report.ID, report.URL, report.Missing = "", "", true
	}
	m.MarkReported(report, m.driver.now)
}

// continueAsNew begins another execution with the same state, when nothing is pending.
func (m *machine) continueAsNew() {
	m.settle()
	if m.Closed() {
		return
	}
	m.MarkProjected(m.LedgerSeq, m.driver.now)
	m.settle()
	if m.Closed() {
		return
	}
	m.MarkProjected(m.LedgerSeq, m.driver.now)
	m.projected = m.LedgerSeq
	m.Request = m.copied()
	m.Process, m.handledSeq = pmo.LatestProcess, -1
	m.generator.r = m.Request
	m.advance()
}
