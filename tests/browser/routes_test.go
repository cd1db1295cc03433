package browser

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
)

// notLookedAt are the routes of the golden file of rights that the tour does not open, each with the reason.
var notLookedAt = map[string]string{
	"/assets/{name}":               "no page",
	"/events":                      "a stream",
	"/similar":                     "a part of the form, which shows it as somebody types",
	"/sign-in/callback":            "leads on from the provider",
	"/sign-in/callback/{provider}": "leads on from the provider",
	"/mails/{id}":                  "web: TestTheMailsOfTheLocalStack reads it; which mails there are depends on what was done before",
	"/mails/{id}/html":             "the frame of it",
	"/unsubscribe/{token}":         "web: TestALinkInAMail… reads it in both languages; it needs a mail's token",
	"/status/{token}":              "TestSomebodyWithoutAnAccountAsks looks at it, with a status link of its own",
}

// parameters say what stands for the parameters of a route. A new page with parameters needs a line here; one without comes in by itself.
var parameters = map[string]string{
	"/requests/new/{kind}":            "/requests/new/enhancement",
	"/start/{kind}":                   "/start/support",
	"/sign-in/provider/{provider}":    "/sign-in/provider/oidc",
	"/requests/{ref}":                 "/requests/{Renew valet permits}",
	"/requests/{ref}/answer":          "/requests/{Renew valet permits}/answer?question=review/1/approvers",
	"/requests/{ref}/move":            "/requests/{Renew valet permits}/move",
	"/requests/{ref}/approach":        "/requests/{Renew valet permits}/approach",
	"/requests/{ref}/scoring":         "/requests/{Renew valet permits}/scoring",
	"/requests/{ref}/points":          "/requests/{Renew valet permits}/points",
	"/playbooks/{approach}":           "/playbooks/kanban",
	"/requests/{ref}/plan":            "/requests/{Replace the radio link}/plan",
	"/requests/{ref}/comments/{id}":   "/requests/{Renew valet permits}/comments/{comment}",
	"/policy/proposals/{id}":          "/policy/proposals/{proposal}",
	"/policy/proposals/{id}/accept":   "/policy/proposals/{proposal}/accept",
	"/policy/proposals/{id}/reject":   "/policy/proposals/{proposal}/reject",
	"/policy/proposals/{id}/withdraw": "/policy/proposals/{proposal}/withdraw",
	"/policy/versions/{version}":      "/policy/versions/1",
	"/teams/{id}":                     "/teams/falcon",
	"/channels/{endpoint}":            "/channels/person:ana",
	"/channels/{endpoint}/redeliver":  "/channels/person:ana/redeliver",
	"/channels/{endpoint}/enable":     "/channels/person:ana/enable",
}

// routeLine is a page in the golden file of rights: its route, and the roles that have the right without a relation to a request.
type routeLine struct{ route, roles string }

var goldenLine = regexp.MustCompile(`(?m)^GET (\S+)\s+(\([^)]*\)|\S+)\s+(.+)$`)

// fixedChoices is a parameter that is one of some words.
var fixedChoices = regexp.MustCompile(`\{(\w+):([a-z|]+)\}`)

// routesOfPages are the pages in the golden file of rights; each word of a parameter with fixed choices is a page by itself.
func routesOfPages(t *testing.T) []routeLine {
	t.Helper()
	text, err := os.ReadFile("../../web/testdata/rights.golden")
	require.NoError(t, err)
	var lines []routeLine
	for _, m := range goldenLine.FindAllStringSubmatch(string(text), -1) {
		choices := fixedChoices.FindStringSubmatch(m[1])
		if choices == nil {
			lines = append(lines, routeLine{m[1], m[3]})
			continue
		}
		for _, word := range strings.Split(choices[2], "|") { // a route has a line for each right; all words are in each
			line := routeLine{strings.Replace(m[1], choices[0], word, 1), m[3]}
			if choices[1] == "command" { // which of the rights is that of the word is not in the line
				line.roles = ""
			}
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(a, b routeLine) int { return strings.Compare(a.route, b.route) })
	lines = slices.CompactFunc(lines, func(a, b routeLine) bool { return a.route == b.route })
	require.Greater(t, len(lines), 30)
	return lines
}

// person is who looks at a page that no stop of the tour opens: the PMO sees most, administration is for the administrator.
func (l routeLine) person() string {
	switch {
	case strings.HasPrefix(l.route, "/sign-in") || strings.HasPrefix(l.route, "/start"):
		return ""
	case strings.Contains(l.roles, "admin") && !strings.Contains(l.roles, "pmo"):
		return "ada"
	}
	return "petra"
}

// pattern matches the addresses of a route.
func (l routeLine) pattern() *regexp.Regexp {
	parts := strings.Split(l.route, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = `[^/]+`
		} else {
			parts[i] = regexp.QuoteMeta(part)
		}
	}
	return regexp.MustCompile("^" + strings.Join(parts, "/") + "$")
}

var commandOfARequest = regexp.MustCompile(`^/requests/\{ref\}/([a-z]+)$`)

// rest are the pages of the golden file that no stop of the tour opens. Those of commands are opened by whoever is offered the command, at a request that takes it.
func rest(t *testing.T) (stops []stop, commands []string) {
	t.Helper()
	for _, l := range routesOfPages(t) {
		if notLookedAt[l.route] != "" || strings.HasSuffix(l.route, ".csv") || slices.ContainsFunc(tour, func(s stop) bool { return l.pattern().MatchString(withoutQuery(s.path)) }) {
			continue
		}
		address, filled := parameters[l.route]
		m := commandOfARequest.FindStringSubmatch(l.route)
		switch {
		case filled:
		case l.roles == "" && m != nil:
			commands = append(commands, m[1])
			continue
		case !strings.Contains(l.route, "{"):
			address = l.route
		default:
			require.Fail(t, "a page is not looked at", "%s: say in parameters what stands for its parameters", l.route)
		}
		stops = append(stops, stop{name: strings.Trim(regexp.MustCompile(`[^a-z]+`).ReplaceAllString(l.route, "-"), "-"), who: l.person(), path: address})
	}
	return stops, commands
}

// withoutQuery is the path of an address, with one word for each title in it.
func withoutQuery(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "x")
}

// TestEveryPageIsLookedAt: each page of the golden file of rights is opened by the tour, or a reason says why not.
func TestEveryPageIsLookedAt(t *testing.T) {
	stops, commands := rest(t)
	require.NotEmpty(t, stops)
	require.Contains(t, commands, "pull")
	var routes []string
	for _, l := range routesOfPages(t) {
		routes = append(routes, l.route)
	}
	for route := range notLookedAt {
		require.Contains(t, routes, route, "it is no page any more")
	}
	for route := range parameters {
		require.Contains(t, routes, route, "it is no page any more")
	}
}

// offeredTo finds for each command a person to whom a request offers it. What the demo does not have is made: a request on hold, and one put off.
func offeredTo(t *testing.T, api *drive.API, commands []string) []stop {
	t.Helper()
	ids := func(stage string) []string {
		var list []string
		for _, item := range api.As("petra").Get("/v1/requests?limit=200&status=open&stage=" + stage).List("items") {
			row, _ := item.(map[string]any)
			id, _ := row["id"].(string)
			list = append(list, id)
		}
		return list
	}
	held := api.Submit("sam", form("Print the maps of road works"))
	held.AwaitOpen("review/1/approvers")
	held.Do("petra", "hold", map[string]any{"reason": "the budget is decided in March"})
	later := api.Submit("sam", form("Send the maps of road works by post"))
	later.AwaitOpen("review/1/approvers")
	later.Decide("ana", "review/1/approvers", "defer", "reason", "after the winter", "data", map[string]any{"until": time.Now().AddDate(0, 1, 0).Format(time.DateOnly)})
	found := map[string]stop{}
	candidates := append([]string{held.ID, later.ID}, slices.Concat(ids("execution"), ids("prioritization"), ids("review"))...)
	for _, id := range candidates {
		for _, who := range []string{"petra", "sam", "theo", "lena", "kai"} {
			if len(found) == len(commands) {
				break
			}
			for _, command := range api.As(who).Get("/v1/requests/" + id).List("commands") {
				name := fmt.Sprint(command)
				if slices.Contains(commands, name) && found[name].name == "" {
					found[name] = stop{name: "command-" + name, who: who, path: "/requests/" + id + "/" + name}
				}
			}
		}
	}
	var stops []stop
	for _, command := range commands {
		require.NotEmpty(t, found[command].name, "no request offers %s to anybody", command)
		stops = append(stops, found[command])
	}
	return stops
}
