package claims

import (
	"slices"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/directory"
)

// Bounds of what is taken from a token.
const (
	longestName  = 200
	longestEmail = 254
	mostValues   = 1000 // of one claim
)

// Grant is what the claims of somebody give.
type Grant struct {
	Name     string // to show; may be empty
	Email    string // to show
	Username string // to show, and to be mentioned by
	Link     string // the id that the provider is trusted to say; empty: none
	Roles    []string
	Groups   []string // sorted, of our own
	Unlisted bool     // the provider also admits people who are not in the directory file
	Refused  string   // why nobody with these claims is admitted; empty: they are
}

// Grant judges the claims of somebody whom the provider has signed in.
func (p Provider) Grant(claims map[string]any) Grant {
	g := Grant{Name: shown(claims, p.Names.Name, longestName), Email: shown(claims, p.Names.Email, longestEmail),
		Username: strings.ToLower(shown(claims, p.Names.Username, longestName)), Unlisted: p.Admit == AdmitEverybody}
	if !directory.ValidID(g.Username) {
		g.Username = ""
	}
	if p.LinkBy != "" {
		g.Link, _ = find(claims, p.LinkBy).(string)
	}
	var tooMany string
	mapped := func(claim string, to map[string]string) (list []string) {
		values, fits := values(claims, claim)
		if !fits {
			tooMany = claim
		}
		for _, value := range values {
			if our, ok := to[value]; ok {
				list = append(list, our)
			}
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	g.Groups, g.Roles = mapped(p.Names.Groups, p.Groups), mapped(p.Names.Roles, p.Roles)
	if !slices.Contains(g.Roles, string(access.RoleRequester)) {
		g.Roles = append([]string{string(access.RoleRequester)}, g.Roles...)
	}
	g.Refused = p.refusal(claims, g.Email)
	if tooMany != "" {
		g.Refused = "the claim " + tooMany + " has too many values"
	}
	return g
}

// refusal is why the provider's conditions admit nobody with these claims. It repeats no claim of theirs.
func (p Provider) refusal(claims map[string]any, email string) string {
	if p.Require != nil {
		has, _ := values(claims, p.Require.Claim)
		if !slices.ContainsFunc(has, func(value string) bool { return slices.Contains(p.Require.Values, value) }) {
			return "the claim " + p.Require.Claim + " has none of the required values"
		}
	}
	if len(p.Domains) > 0 {
		at := strings.LastIndexByte(email, '@')
		verified, _ := claims["email_verified"].(bool)
		if !verified || at < 0 || !slices.Contains(p.Domains, strings.ToLower(email[at+1:])) {
			return "there is no verified e-mail address of an allowed domain"
		}
	}
	return ""
}

// shown is a claim as people may read it.
func shown(claims map[string]any, name string, longest int) string {
	text, _ := find(claims, name).(string)
	if len(text) > 8*longest {
		return ""
	}
	text = cleantext.Strip(text)
	if runes := []rune(text); len(runes) > longest {
		text = strings.TrimSpace(string(runes[:longest]))
	}
	return strings.Join(strings.Fields(text), " ")
}

// values are the texts of a claim, which is one text or a list. fits is false when there are more than are taken.
func values(claims map[string]any, name string) (list []string, fits bool) {
	switch found := find(claims, name).(type) {
	case string:
		list = append(list, found)
	case []any:
		if len(found) > mostValues {
			return nil, false
		}
		for _, value := range found {
			if text, ok := value.(string); ok {
				list = append(list, text)
			}
		}
	}
	return slices.DeleteFunc(list, func(value string) bool { return len(value) > longestValue }), true
}

// find is the claim of a name, or what a name with dots leads to inside of claims.
func find(claims map[string]any, name string) any {
	if name == "" {
		return nil
	}
	if found, ok := claims[name]; ok {
		return found
	}
	for i, r := range name {
		if inner, ok := claims[name[:i]].(map[string]any); ok && r == '.' {
			if found := find(inner, name[i+1:]); found != nil {
				return found
			}
		}
	}
	return nil
}
