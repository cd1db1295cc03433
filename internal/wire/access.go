package wire

import "time"

// Token is a token for the API, without the token itself.
type Token struct {
	ID        string     `json:"id"`
	Principal string     `json:"principal" doc:"As whom it acts"`
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes" doc:"What of its principal's rights it has: read, submit, change, answer, report, office; or calendar alone"`
	MadeAt    time.Time  `json:"made_at"`
	MadeBy    string     `json:"made_by"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"When it was last used, to the minute"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	RevokedBy string     `json:"revoked_by,omitempty"`
	Works     bool       `json:"works" doc:"Neither revoked nor expired, and its principal is in the directory"`
}

// NewToken asks for a token.
type NewToken struct {
	Name   string   `json:"name" minLength:"1" maxLength:"100" doc:"What it is for; no two that work have the same"`
	Scopes []string `json:"scopes" minItems:"1" maxItems:"6" nullable:"false" enum:"read,submit,change,answer,report,office,calendar"`
	Days   int      `json:"days" minimum:"1" maximum:"366" doc:"How long it works"`
}

// NewServiceToken asks for a token of a service.
type NewServiceToken struct {
	Principal string `json:"principal" minLength:"1" maxLength:"64" doc:"A service of the directory"`
	NewToken
}

// MadeToken is a new token. It is shown this once.
type MadeToken struct {
	Token
	Secret string `json:"token,omitempty" doc:"To be sent as Authorization: Bearer. It is shown this once and stored nowhere: a repeated answer has none"`
	// Calendar is where a calendar program finds the feed of a token with the scope calendar.
	Feed     string `json:"feed,omitempty" doc:"The path of the Atom feed of the same token: what changed that its owner hears of; with portfolio=ID what changed in a portfolio"`
	Calendar string `json:"calendar,omitempty" doc:"The path of the calendar, of a token with the scope calendar. It holds the token: whoever has it reads the calendar until the token is revoked"`
}

// Session is somebody's session at the pages.
type Session struct {
	ID        string    `json:"id"`
	Person    string    `json:"person"`
	Address   string    `json:"address,omitempty" doc:"Where its requests come from"`
	UserAgent string    `json:"user_agent,omitempty"`
	MadeAt    time.Time `json:"made_at"`
	SeenAt    time.Time `json:"seen_at" doc:"When it was last used, to the minute"`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends if it is not used again"`
}
