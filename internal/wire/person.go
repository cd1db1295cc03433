package wire

import "time"

// Person is somebody of the directory, as others may see them.
type Person struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Roles  []string `json:"roles"`
	Groups []string `json:"groups"`
	// Username and Claims are of people who are not in the directory file.
	Username string `json:"username,omitempty" doc:"What they may be mentioned by besides their id, if nobody else has it"`
	Claims   bool   `json:"claims,omitempty" doc:"Comes from the claims of an OpenID provider and not from the directory file; name, roles and groups are as of the last sign-in"`
	// Agent and Responsible are of programs.
	Agent       bool   `json:"agent,omitempty" doc:"A program: it reads, leaves drafts that a person confirms, and decides nothing"`
	Responsible string `json:"responsible,omitempty" doc:"The person or the group that answers for the agent"`
}

// SignIn is an account that signed in by an OpenID provider, a block, or both.
type SignIn struct {
	Person    string     `json:"person" doc:"Who it was at the last sign-in"`
	Name      string     `json:"name" doc:"As in the directory, else as the claims said"`
	Provider  string     `json:"provider,omitempty" doc:"Its id in the settings"`
	Issuer    string     `json:"issuer,omitempty"`
	Subject   string     `json:"subject,omitempty"`
	State     string     `json:"state,omitempty" enum:"listed,linked,admitted,refused" doc:"listed: of the directory file, by issuer and subject; linked: of the file, by a claim; admitted: by their claims; refused: at the last sign-in"`
	Cause     string     `json:"cause,omitempty" doc:"Why refused"`
	Email     string     `json:"email,omitempty" doc:"As the claims said; it decides nothing"`
	Username  string     `json:"username,omitempty"`
	Roles     []string   `json:"roles" doc:"Of the claims"`
	Groups    []string   `json:"groups" doc:"Of the claims; the directory file wins for groups it names"`
	FirstSeen *time.Time `json:"first_seen,omitempty"`
	LastSeen  *time.Time `json:"last_seen,omitempty"`
	Blocked   *Blocked   `json:"blocked,omitempty"`
}

// Blocked says since when somebody may do nothing, and by whom.
type Blocked struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

// Block asks that somebody may do nothing any more.
type Block struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"For the ledger of the office"`
}
