package mailintake

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"leanpmo/internal/cleantext"
)

var manyBlank = regexp.MustCompile(`\n{3,}`)

// lines is a text with line ends as we write them, without what is not shown.
func lines(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	all := strings.Split(cleantext.Strip(text), "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " \t\u00a0")
	}
	return strings.TrimSpace(manyBlank.ReplaceAllString(strings.Join(all, "\n"), "\n\n"))
}

// What the elements of an HTML mail do to its text.
var (
	hiddenTags = []string{"script", "style", "head", "title", "template", "object", "noscript"}
	breakTags  = []string{"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote", "hr"}
	// quotedMarks are the classes and ids with which mail programs mark the message that is answered.
	quotedMarks = []string{"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "divRplyFwdMsg", "appendonsend", "protonmail_quote"}
)

// shown is what the HTML of a mail shows, as plain text. Lines of what it quotes begin with >, as they do in plain text. HTML that cannot be read shows nothing.
func shown(source string) string {
	root, err := html.Parse(strings.NewReader(source)) // refuses elements that are nested too deep
	if err != nil {
		return ""
	}
	return lines(strings.ReplaceAll(textOf(root), "\u00a0", " "))
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return spaces.ReplaceAllString(n.Data, " ")
	}
	if n.Type == html.ElementNode && slices.Contains(hiddenTags, n.Data) {
		return ""
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	text := b.String()
	if n.Type != html.ElementNode {
		return text
	}
	if quotes(n) {
		text = "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
	}
	if slices.Contains(breakTags, n.Data) {
		text = "\n" + strings.Trim(text, " ") + "\n"
	}
	return text
}

var spaces = regexp.MustCompile(`[ \t\r\n]+`)

func quotes(n *html.Node) bool {
	if n.Data == "blockquote" {
		return true
	}
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return (a.Key == "class" || a.Key == "id") && slices.ContainsFunc(strings.Fields(a.Val), func(v string) bool { return slices.Contains(quotedMarks, v) })
	})
}

// What stands above a message that is quoted: "On Monday, Ana wrote:", which may take two lines, and the lines that programs of Microsoft and others draw.
var (
	introduction = regexp.MustCompile(`(?i)^(On|Am|Le|El|Op|Il) .{4,300}(wrote|writes|schrieb|schrieb .{1,200}|écrit|escribió|schreef|ha scritto)\s?:$`)
	drawn        = regexp.MustCompile(`(?i)^(-{2,} ?(original message|ursprüngliche nachricht|original-nachricht|forwarded message|weitergeleitete nachricht).*|_{20,})$`)
	exchangeFrom = regexp.MustCompile(`(?i)^\*?(From|Von):\*? .+`)
	exchangeSent = regexp.MustCompile(`(?i)^\*?(Sent|Gesendet|Date|Datum):\*? .+`)
)

// said is what somebody wrote in a reply: without what it quotes, and without their signature.
func said(text string) string {
	all := strings.Split(text, "\n")
	var kept []string
	for i, line := range all {
		line = strings.TrimSpace(line)
		if all[i] == "--" || drawn.MatchString(line) || introduces(all[i:]) {
			break
		}
		if !strings.HasPrefix(line, ">") {
			kept = append(kept, all[i])
		}
	}
	return lines(strings.Join(kept, "\n"))
}

// introduces reports whether lines begin with what stands above a message that is quoted.
func introduces(rest []string) bool {
	first := strings.TrimSpace(rest[0])
	if introduction.MatchString(first) {
		return true
	}
	if len(rest) < 2 {
		return false
	}
	second := strings.TrimSpace(rest[1])
	return first != "" && introduction.MatchString(first+" "+second) || exchangeFrom.MatchString(first) && exchangeSent.MatchString(second)
}

var answered = regexp.MustCompile(`(?i)^((re|aw|fwd?|wg|antw|sv)(\[\d+\])?\s*:\s*)+`)

// titleOf is the subject without what programs put in front of it.
func titleOf(subject string) string {
	return strings.TrimSpace(answered.ReplaceAllString(strings.TrimSpace(cleantext.Strip(strings.ReplaceAll(subject, "\n", " "))), ""))
}
