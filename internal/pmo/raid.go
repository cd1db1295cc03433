package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// RaidKind is what an entry of the RAID log is: a risk, an assumption, an issue, a dependency, or a blocker.
type RaidKind string

// The kinds. An issue hinders the work; a blocker stops it.
const (
	RaidRisk       RaidKind = "risk"
	RaidAssumption RaidKind = "assumption"
	RaidIssue      RaidKind = "issue"
	RaidDependency RaidKind = "dependency"
	RaidBlocker    RaidKind = "blocker"
)

// RaidKinds lists them.
func RaidKinds() []RaidKind {
	return []RaidKind{RaidRisk, RaidAssumption, RaidIssue, RaidDependency, RaidBlocker}
}

// RaidItem is an entry of the RAID log of a request in execution. It is open until somebody says how it was cleared.
type RaidItem struct {
	Number      int       `json:"number" doc:"Within the request"`
	Kind        RaidKind  `json:"kind" enum:"risk,assumption,issue,dependency,blocker"`
	Text        string    `json:"text"`
	By          string    `json:"by,omitempty" doc:"Who added it; absent: it came with the plan"`
	Since       time.Time `json:"since"`
	Owner       string    `json:"owner,omitempty" doc:"Who can clear it: a person's id, or in words"`
	Due         Date      `json:"due,omitempty" doc:"By when it ought to be cleared"`
	Probability int       `json:"probability,omitempty" doc:"Of a risk: 1 to 5"`
	Impact      int       `json:"impact,omitempty" doc:"Of a risk: 1 to 5"`
	Reported    bool      `json:"reported,omitempty" doc:"It came with a progress report; the next report that names blockers or risks replaces it"`
	Cleared     string    `json:"cleared,omitempty" doc:"How it was cleared"`
	ClearedBy   string    `json:"cleared_by,omitempty"`
	ClearedAt   time.Time `json:"cleared_at,omitzero"`
}

// Open reports whether nobody has cleared it.
func (i RaidItem) Open() bool { return i.ClearedAt.IsZero() }

// LogRaid adds an entry to the RAID log, or clears one.
type LogRaid struct {
	Header
	Kind        RaidKind `json:"kind,omitempty"`
	Text        string   `json:"text,omitempty"`
	Owner       string   `json:"owner,omitempty"`
	Due         Date     `json:"due,omitempty"`
	Probability int      `json:"probability,omitempty"`
	Impact      int      `json:"impact,omitempty"`
	Clear       int      `json:"clear,omitempty"` // the number of the entry that is cleared; 0: one is added
	How         string   `json:"how,omitempty"`
}

// Limits of the log: so many entries are open, and with the latest cleared ones so many are kept. The ledger has the others.
const (
	maxRaidOpen = 60
	maxRaidKept = 80
)

// OpenRaid lists the open entries of some kinds, or of all where none is named.
func (r *Request) OpenRaid(kinds ...RaidKind) []RaidItem {
	var open []RaidItem
	for _, i := range r.Raid {
		if i.Open() && (len(kinds) == 0 || slices.Contains(kinds, i.Kind)) {
			open = append(open, i)
		}
	}
	return open
}

// CheckLogRaid returns why the log cannot be changed so, or nil.
func (r *Request) CheckLogRaid(c LogRaid) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if r.Stage != StageExecution || !r.DoneAt.IsZero() {
		return refuse(RefusedMovedOn, "risks and blockers are logged while work goes on; the request is in %s", r.Stage)
	}
	if c.Clear != 0 {
		return r.checkClearRaid(c)
	}
	switch {
	case c.How != "":
		return invalid("/how", "belongs to an entry that is cleared; clear names its number")
	case !slices.Contains(RaidKinds(), c.Kind):
		return invalid("/kind", "is one of: risk, assumption, issue, dependency, blocker")
	case strings.TrimSpace(c.Text) == "":
		return invalid("/text", "says what it is")
	case c.Due != "" && !c.Due.Valid():
		return invalid("/due", "is a date such as 2026-11-30")
	case (c.Probability != 0 || c.Impact != 0) && c.Kind != RaidRisk:
		return invalid("/probability", "only a risk has a probability and an impact")
	case c.Probability < 0 || c.Probability > 5:
		return invalid("/probability", "lies between 1 and 5")
	case c.Impact < 0 || c.Impact > 5:
		return invalid("/impact", "lies between 1 and 5")
	case len(r.OpenRaid()) >= maxRaidOpen:
		return refuse(RefusedMovedOn, "%d entries are open, and no request has more; clear one first", maxRaidOpen)
	}
	return nil
}

func (r *Request) checkClearRaid(c LogRaid) *Refusal {
	i := slices.IndexFunc(r.Raid, func(i RaidItem) bool { return i.Number == c.Clear })
	switch {
	case c.Kind != "" || c.Text != "" || c.Owner != "" || c.Due != "":
		return invalid("/clear", "an entry is added or cleared, not both at once")
	case i < 0:
		return invalid("/clear", "there is no entry with this number")
	case !r.Raid[i].Open():
		return refuse(RefusedDecided, "%s cleared it: %s", r.Raid[i].ClearedBy, r.Raid[i].Cleared)
	case strings.TrimSpace(c.How) == "":
		return invalid("/how", "says how it was cleared")
	}
	return nil
}

// ApplyLogRaid adds an entry to the log or clears one.
func (r *Request) ApplyLogRaid(c LogRaid, now time.Time) Receipt {
	r.adoptBlocker()
	result := "logged"
	if c.Clear != 0 {
		result = "cleared"
		r.clearRaid(c.By.Actor, c.How, now, func(i RaidItem) bool { return i.Number == c.Clear })
		cleared := r.Raid[slices.IndexFunc(r.Raid, func(i RaidItem) bool { return i.Number == c.Clear })]
		r.recordCommand(now, c.By, Entry{Event: EventRaidCleared, concerned: []string{cleared.By}, Text: fmt.Sprintf("Cleared %s %d: %s How: %s", cleared.Kind, cleared.Number, sentence(cleared.Text), sentence(c.How))})
	} else {
		added := r.addRaid(RaidItem{Kind: c.Kind, Text: c.Text, By: c.By.Actor, Owner: c.Owner, Due: c.Due, Probability: c.Probability, Impact: c.Impact}, now)
		r.recordCommand(now, c.By, Entry{Event: EventRaidLogged, concerned: []string{c.Owner}, Text: added.words()})
	}
	r.mirrorRaid()
	r.assessHealth(now)
	return r.receipt(result)
}

// words say what was added.
func (i RaidItem) words() string {
	text := fmt.Sprintf("%s %d: %s", strings.ToUpper(string(i.Kind[:1]))+string(i.Kind[1:]), i.Number, sentence(i.Text))
	if i.Owner != "" {
		text += fmt.Sprintf(" %s can clear it.", i.Owner)
	}
	if i.Due != "" {
		text += fmt.Sprintf(" Due %s.", i.Due)
	}
	return text
}

// addRaid adds an entry. Beyond what is kept, the entry that was cleared first leaves.
func (r *Request) addRaid(i RaidItem, now time.Time) RaidItem {
	i.Number, i.Since = 1, now
	if n := len(r.Raid); n > 0 {
		i.Number = r.Raid[n-1].Number + 1
	}
	r.Raid = append(slices.Clone(r.Raid), i)
	for len(r.Raid) > maxRaidKept {
		oldest := -1
		for at, kept := range r.Raid {
			if !kept.Open() && (oldest < 0 || kept.ClearedAt.Before(r.Raid[oldest].ClearedAt)) {
				oldest = at
			}
		}
		if oldest < 0 {
			break
		}
		r.Raid = slices.Delete(r.Raid, oldest, oldest+1)
	}
	return i
}

// clearRaid clears the open entries that which holds of.
func (r *Request) clearRaid(by, how string, now time.Time, which func(RaidItem) bool) {
	raid := slices.Clone(r.Raid)
	for i := range raid {
		if raid[i].Open() && which(raid[i]) {
			raid[i].Cleared, raid[i].ClearedBy, raid[i].ClearedAt = how, by, now
		}
	}
	r.Raid = raid
}

// adoptBlocker enters what reports said before 0.10: the log is the one place of blockers and risks since then.
func (r *Request) adoptBlocker() {
	p := r.Progress
	if r.Process < Process10 || p == nil {
		return
	}
	if p.Blocked != "" && len(r.OpenRaid(RaidBlocker)) == 0 {
		r.addRaid(RaidItem{Kind: RaidBlocker, Text: p.Blocked, By: p.By, Reported: true}, p.At)
	}
	if len(r.OpenRaid(RaidRisk)) == 0 {
		r.addRisks(p.Risks, p.By, true, p.At)
	}
}

// addRisks enters the risks that the log does not have yet, as far as there is room.
func (r *Request) addRisks(risks []Risk, by string, reported bool, now time.Time) {
	for _, risk := range risks {
		known := slices.ContainsFunc(r.OpenRaid(RaidRisk), func(i RaidItem) bool { return i.Text == risk.Text })
		if !known && len(r.OpenRaid()) < maxRaidOpen {
			r.addRaid(RaidItem{Kind: RaidRisk, Text: risk.Text, Probability: risk.Probability, Impact: risk.Impact, By: by, Reported: reported}, now)
		}
	}
}

// checkReportedRaid refuses a report whose blocker and risks do not fit into the log.
func (r *Request) checkReportedRaid(c Report) *Refusal {
	if r.Process < Process10 {
		return nil
	}
	room := maxRaidOpen - len(slices.DeleteFunc(r.OpenRaid(), func(i RaidItem) bool { return i.Reported }))
	if len(c.Risks)+1 > room && len(c.Risks) > 0 {
		return invalid("/risks", "a request has at most %d open risks, assumptions, issues, dependencies and blockers", maxRaidOpen)
	}
	return nil
}

// reportRaid enters the blocker and the risks that a report names. An empty blocker clears all of them; another one takes the place of the
// one that was reported before. Finished work is not blocked.
func (r *Request) reportRaid(c Report, now time.Time) {
	by := c.By.Actor
	switch {
	case c.Done:
		r.clearRaid(by, "The work is done.", now, func(i RaidItem) bool { return i.Kind == RaidBlocker })
	case c.Blocked != nil && *c.Blocked == "":
		r.clearRaid(by, orText(c.Note, "A report says that the work goes on."), now, func(i RaidItem) bool { return i.Kind == RaidBlocker })
	case c.Blocked != nil && !slices.ContainsFunc(r.OpenRaid(RaidBlocker), func(i RaidItem) bool { return i.Text == *c.Blocked }):
		r.clearRaid(by, "A later report names another one.", now, func(i RaidItem) bool { return i.Kind == RaidBlocker && i.Reported })
		r.addRaid(RaidItem{Kind: RaidBlocker, Text: *c.Blocked, By: by, Reported: true}, now)
	}
	if c.Risks != nil {
		r.clearRaid(by, "A later report does not name it.", now, func(i RaidItem) bool {
			return i.Kind == RaidRisk && i.Reported && !slices.ContainsFunc(c.Risks, func(risk Risk) bool { return risk.Text == i.Text })
		})
		r.addRisks(c.Risks, by, true, now)
	}
	r.mirrorRaid()
}

// mirrorRaid shows the open blockers and risks in the latest report, where readers of earlier releases look for them.
func (r *Request) mirrorRaid() {
	if r.Process < Process10 || r.Progress == nil {
		return
	}
	p := *r.Progress
	p.Blocked, p.Risks = r.blockers(), nil
	for _, i := range r.OpenRaid(RaidRisk) {
		p.Risks = append(p.Risks, Risk{Text: i.Text, Probability: i.Probability, Impact: i.Impact})
	}
	r.Progress = &p
}

// blockers are the texts of the open blockers, and of one that was reported before 0.10.
func (r *Request) blockers() string {
	var texts []string
	for _, i := range r.OpenRaid(RaidBlocker) {
		texts = append(texts, i.Text)
	}
	if len(texts) == 0 && r.Process < Process10 && r.Progress != nil {
		return r.Progress.Blocked
	}
	return strings.Join(texts, "; ")
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
