package notify

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
)

// Limits of a message to a chat, in bytes. Slack takes 3000 characters in a block, Teams 28 kB in all.
const (
	maxChatText  = 2000
	maxChatLines = 10
)

// chatMessage is what a chat shows, the same in each; the formats differ in how they write it.
type chatMessage struct {
	Heading string   // the request
	Lines   []string // what happened
	Label   string   // of the link
	Page    string   // empty: there is no link
}

// bodyFor is the body of a message as its address takes it.
func bodyFor(to Address, signed []byte) ([]byte, error) {
	if to.Format == "" {
		return signed, nil
	}
	var p Payload
	if err := json.Unmarshal(signed, &p); err != nil {
		return nil, &Failure{Reason: errUnreadable.Error()}
	}
	c := chatOf(p.Data, !strings.HasPrefix(to.Endpoint, KindPerson+":"))
	switch to.Format {
	case directory.ChatSlack:
		return encode(c.slack())
	case directory.ChatMattermost:
		return encode(c.mattermost())
	case directory.ChatTeams:
		return encode(c.teams())
	case directory.ChatMatrix:
		return encode(c.matrix())
	}
	return nil, &Failure{Reason: fmt.Sprintf("%q is not the format of a chat", to.Format)}
}

// chatOf says what happened. A confidential request shows its number alone: a chat keeps messages, and whoever is in the room reads them.
func chatOf(d Data, group bool) chatMessage {
	if d.Digest != nil {
		return digestChat(d)
	}
	c := chatMessage{Heading: pmo.Truncate(d.Request.Title, maxTitle), Lines: happenedLines(d), Label: "Open the request"}
	switch {
	case d.Request.Confidential:
		c.Heading = "A confidential request"
	case c.Heading == "":
		c.Heading = "A request"
	}
	if d.Request.Ref != "" {
		c.Heading = d.Request.Ref + ": " + c.Heading
	}
	if group && len(d.To) > 0 {
		c.Lines = append(c.Lines, "For "+namesOf(d)+".")
	}
	if d.Links.Decisions != "" {
		c.Label = "Look and answer"
		if q := d.Question; q != nil && !q.DueAt.IsZero() {
			c.Lines = append(c.Lines, "Answer by "+sayTime(q.DueAt, d.Zone())+".")
		}
	}
	c.Page = Absolute(d.Links.Page)
	return c
}

// happenedLines are the texts of the events, the first ones left out when there are too many.
func happenedLines(d Data) []string {
	texts := []string{d.Text}
	if len(d.Happened) > 0 {
		texts = nil
		for _, h := range d.Happened {
			texts = append(texts, h.Text)
		}
	}
	var lines []string
	for _, text := range texts[max(0, len(texts)-maxChatLines):] {
		if text != "" {
			lines = append(lines, pmo.Truncate(text, maxChatText/min(len(texts), maxChatLines)))
		}
	}
	if len(lines) > 0 {
		return lines
	}
	if d.Links.Decisions != "" {
		return []string{"An answer is asked for."}
	}
	return []string{"Something happened; the page says what."}
}

// mostNamed is how many recipients a message to a group names.
const mostNamed = 10

func namesOf(d Data) string {
	named := d.To[:min(len(d.To), mostNamed)]
	text := strings.Join(named, ", ")
	if more := len(d.To) - len(named) + d.MoreTo; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// slack is a message with blocks. What people wrote is plain text, in which Slack finds no link and no mention; the text above the blocks is
// what its notifications show. See https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
func (c chatMessage) slack() map[string]any {
	plain := func(kind, text string) map[string]any {
		return map[string]any{"type": kind, "text": map[string]any{"type": "plain_text", "text": text, "emoji": false}}
	}
	blocks := []any{plain("section", c.Heading), plain("section", strings.Join(c.Lines, "\n"))}
	if c.Page != "" {
		link := fmt.Sprintf("<%s|%s>", escapeSlack(c.Page), escapeSlack(c.Label))
		blocks = append(blocks, map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": link}})
	}
	return map[string]any{"text": escapeSlack(c.Heading), "blocks": blocks, "unfurl_links": false}
}

// escapeSlack escapes the three characters that Slack reads as control characters.
var escapeSlack = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// mattermost is Markdown. See https://developers.mattermost.com/integrate/webhooks/incoming.
func (c chatMessage) mattermost() map[string]any {
	lines := []string{"**" + escapeMarkdown(c.Heading) + "**"}
	for _, line := range c.Lines {
		lines = append(lines, escapeMarkdown(line))
	}
	if c.Page != "" {
		lines = append(lines, fmt.Sprintf("[%s](%s)", c.Label, c.Page))
	}
	return map[string]any{"text": strings.Join(lines, "\n\n")}
}

// noMention puts a zero-width space behind each @: chats look for mentions in plain text, and nobody's title calls a whole room.
var noMention = strings.NewReplacer("@", "@\u200b").Replace

var markdownMarks = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "~", `\~`,
	"!", `\!`, "|", `\|`).Replace

// escapeMarkdown lets a text show as it was written: no link under another name, picture, heading or mention.
func escapeMarkdown(text string) string { return noMention(markdownMarks(text)) }

// teams is an Adaptive Card in the envelope that a webhook of Workflows takes. Runs of a rich text block are not read as Markdown. See
// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook.
func (c chatMessage) teams() map[string]any {
	block := func(text, weight string) map[string]any {
		return map[string]any{"type": "RichTextBlock", "inlines": []any{map[string]any{"type": "TextRun", "text": text, "weight": weight}}}
	}
	body := []any{block(c.Heading, "Bolder")}
	for _, line := range c.Lines {
		body = append(body, block(line, "Default"))
	}
	card := map[string]any{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body}
	if c.Page != "" {
		card["actions"] = []any{map[string]any{"type": "Action.OpenUrl", "title": c.Label, "url": c.Page}}
	}
	return map[string]any{"type": "message", "attachments": []any{
		map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card}}}
}

// matrix is a text and its HTML. See https://matrix-org.github.io/matrix-hookshot/latest/setup/webhooks.html.
func (c chatMessage) matrix() map[string]any {
	text := []string{noMention(c.Heading)}
	rich := "<strong>" + html.EscapeString(noMention(c.Heading)) + "</strong>"
	for _, line := range c.Lines {
		text = append(text, noMention(line))
		rich += "<br>" + html.EscapeString(noMention(line))
	}
	if c.Page != "" {
		text = append(text, c.Page)
		rich += fmt.Sprintf("<br><a href=\"%s\">%s</a>", html.EscapeString(c.Page), html.EscapeString(c.Label))
	}
	return map[string]any{"text": strings.Join(text, "\n"), "html": rich}
}
