package pmo

import (
	"fmt"
	"strings"
	"time"
)

// detailsText is how many characters of a text the current details show.
const detailsText = 300

// Details is the request in a few lines of markdown, for its page in Temporal: what it is, where it stands since when, who is waited on and
// until when, what happened last, the forecast, and the request's address. People who may not read the request may read there.
func (r *Request) Details(now time.Time) string {
	lines := []string{"**" + markdown(r.titled()) + "**", "", "- " + r.standing()}
	lines = append(lines, r.waitingLines(now)...)
	if r.Forecast != "" && !r.Closed() {
		lines = append(lines, "- forecast "+r.forecastLine())
	}
	if len(r.Latest) > 0 {
		lines = append(lines, "- what happened last:")
		for i := len(r.Latest) - 1; i >= 0; i-- {
			lines = append(lines, fmt.Sprintf("  - %s: %s", minuteOf(r.Latest[i].At), markdown(r.Latest[i].Says)))
		}
	}
	if r.Link != "" {
		lines = append(lines, fmt.Sprintf("- [the request](%s)", r.page()))
	}
	return strings.Join(lines, "\n")
}

// page is the address of the request's page. Requests that were admitted before 0.7 know that of the API.
func (r *Request) page() string { return strings.Replace(r.Link, "/v1/requests/", "/requests/", 1) }

// standing is where the request stands, and since when.
func (r *Request) standing() string {
	if r.Closed() {
		text := fmt.Sprintf("closed as %s on %s", r.Outcome, minuteOf(r.ClosedAt))
		if r.Content.Confidential {
			return text
		}
		return text + ": " + brief(r.Reason)
	}
	text := "stage " + string(r.Stage)
	if r.Status != StatusOpen {
		text += " (" + strings.ReplaceAll(string(r.Status), "_", " ") + ")"
	}
	text += " since " + minuteOf(r.StageSince)
	if r.Assignment != nil {
		text += ", team " + strings.Join(r.Assignment.TeamIDs(), " and ")
	}
	return text
}

// waitingLines are who is waited on, for what and until when, and what else is to come.
func (r *Request) waitingLines(now time.Time) []string {
	if r.Closed() {
		return nil
	}
	var lines []string
	for i, q := range r.OpenQuestions() {
		if i == receiptOpen {
			lines = append(lines, "- "+more(len(r.OpenQuestions())-i)+" questions")
			break
		}
		who := fewNames(q.Waiting())
		if who == "" {
			who = "nobody who may answer"
		}
		line := fmt.Sprintf("- waits on **%s** until %s: %s", markdown(who), minuteOf(q.DueAt), q.ID)
		if !r.Content.Confidential {
			line += ", " + brief(q.Text)
		}
		lines = append(lines, line)
	}
	if r.NoTeamReason != "" && !r.Content.Confidential {
		lines = append(lines, "- no team yet: "+brief(r.NoTeamReason))
	}
	if due, what := r.NextDue(now); !due.IsZero() {
		lines = append(lines, fmt.Sprintf("- next by itself: %s on %s", what, minuteOf(due)))
	}
	return lines
}

// forecastLine is the last word on when it will be done: the agreed plan's, or the one of intake.
func (r *Request) forecastLine() string {
	if r.Plan.Agreed() && !r.Content.Confidential {
		return fmt.Sprintf("as of %s: %s", r.dayOf(r.Plan.AgreedAt), brief(r.Plan.Summary))
	}
	return fmt.Sprintf("as of %s: %s", r.dayOf(r.SubmittedAt), brief(r.Forecast))
}

// brief is the beginning of a text that a person wrote, as markdown shows it literally.
func brief(text string) string { return markdown(Shorten(oneLine(text), detailsText)) }

var marks = strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "\\<", ">", "\\>", "|", "\\|", "#", "\\#", "!", "\\!")

// markdown escapes the marks of a text.
func markdown(text string) string { return marks.Replace(text) }
