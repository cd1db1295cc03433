package tools

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
)

// Our part of an issue's text is between hidden marks. Text that a team writes around it is not changed.
//
//	<!-- leanpmo:KEY -->
//	summary
//	<!-- leanpmo:facts -->
//	facts
//	<!-- leanpmo:end -->
const (
	markFacts = "<!-- leanpmo:facts -->"
	markEnd   = "<!-- leanpmo:end -->"
)

var markKey = regexp.MustCompile(`<!-- leanpmo:([0-9a-f-]{36}/[0-9]{1,9}) -->`)

func textOf(key string, n delivery.New) string {
	return strings.Join([]string{"<!-- leanpmo:" + key + " -->", escapeMarks(n.Summary), markFacts, facts(n), markEnd}, "\n")
}

// facts lists what does not change during the work.
func facts(n delivery.New) string {
	lines := []string{"Request: " + escapeMarks(n.Ref)}
	if n.Link != "" {
		lines = []string{fmt.Sprintf("Request: [%s](%s)", escapeMarks(n.Ref), n.Link)}
	}
	if n.Approach != "" {
		lines = append(lines, "Way of working: "+escapeMarks(n.Approach))
	}
	for _, m := range n.Milestones {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("- %s %s", escapeMarks(m.Name), m.Due)))
	}
	return strings.Join(lines, "\n")
}

// escapeMarks prevents a requester's text from containing our marks.
func escapeMarks(text string) string { return strings.ReplaceAll(text, "<!--", "&lt;!--") }

// withSummary replaces the summary in a text; a text without our marks is not changed.
func withSummary(text, summary string) string {
	begin := markKey.FindStringIndex(text)
	if begin == nil {
		return text
	}
	facts := strings.Index(text[begin[1]:], markFacts)
	if facts < 0 {
		return text
	}
	return text[:begin[1]] + "\n" + escapeMarks(summary) + "\n" + text[begin[1]+facts:]
}

// keyOf returns the key in a text and its request; empty without our mark.
func keyOf(text string) (key, request string) {
	m := markKey.FindStringSubmatch(text)
	if m == nil {
		return "", ""
	}
	request, _, _ = strings.Cut(m[1], "/")
	return m[1], request
}

// statusOf maps an issue to a status: tools have open and closed, labels mark the others.
func statusOf(closed, dropped bool, labels []string) pmo.WorkStatus {
	switch {
	case closed && (dropped || slices.Contains(labels, labelCancelled)):
		return pmo.WorkCancelled
	case closed:
		return pmo.WorkClosed
	case slices.Contains(labels, labelHold):
		return pmo.WorkOnHold
	}
	return pmo.WorkOpen
}

// labelsFor returns the labels for a status.
func labelsFor(labels []string, status pmo.WorkStatus) []string {
	kept := slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return l == labelHold || l == labelCancelled })
	switch status {
	case pmo.WorkOnHold:
		kept = append(kept, labelHold)
	case pmo.WorkCancelled:
		kept = append(kept, labelCancelled)
	}
	return kept
}

var percentLabel = regexp.MustCompile(`^(?:progress[:/ ]+)?([0-9]{1,3})\s?%$|^progress[:/ ]+([0-9]{1,3})$`)

// progressOf reads labels such as progress:40 or 40%, and health:red.
func progressOf(labels []string) (percent *int, health pmo.Health) {
	for _, label := range labels {
		if m := percentLabel.FindStringSubmatch(strings.ToLower(label)); m != nil {
			if n, err := strconv.Atoi(m[1] + m[2]); err == nil && n <= 100 {
				percent = &n
			}
		}
		for _, h := range []pmo.Health{pmo.HealthGreen, pmo.HealthAmber, pmo.HealthRed} {
			if strings.EqualFold(label, "health:"+string(h)) || strings.EqualFold(label, "health::"+string(h)) {
				health = h
			}
		}
	}
	return percent, health
}

// withProgress sets percent and health from labels and status.
func withProgress(i delivery.Item) delivery.Item {
	i.Percent, i.Health = progressOf(i.Labels)
	if i.Status == pmo.WorkClosed {
		hundred := 100
		i.Percent = &hundred
	}
	return i
}
