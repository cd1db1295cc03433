package wire

import "time"

// Channel is the state of one endpoint that notifications are sent to.
type Channel struct {
	Endpoint      string     `json:"endpoint" doc:"Whose it is: person:ID, group:ID, portfolio:ID or mail:ID" example:"group:approvers"`
	Name          string     `json:"name" doc:"Of the person, group or portfolio; its id where nobody knows it any more"`
	Format        string     `json:"format,omitempty" doc:"What its address takes: webhook, slack, mattermost, teams, matrix or mail; absent: it has no address at present"`
	Waiting       int        `json:"waiting" doc:"Messages that are not sent yet"`
	Oldest        *time.Time `json:"oldest,omitempty" doc:"When the oldest of them happened"`
	Dead          int        `json:"dead" doc:"Messages that were given up, and can be redelivered"`
	Disabled      *time.Time `json:"disabled,omitempty" doc:"Since when nothing is sent, because the address said that it accepts no more"`
	DisabledWhy   string     `json:"disabled_why,omitempty"`
	Delivered     *time.Time `json:"delivered,omitempty" doc:"The latest attempt that succeeded"`
	Failed        *time.Time `json:"failed,omitempty" doc:"The latest attempt that did not, or message that was not to be sent"`
	Reason        string     `json:"reason,omitempty" doc:"Why; it names no address and nothing of a request"`
	DeliveredEver int64      `json:"delivered_ever" doc:"Attempts that succeeded"`
	FailedEver    int64      `json:"failed_ever" doc:"Attempts that did not"`
	DeadEver      int64      `json:"dead_ever" doc:"Messages that were given up, the redelivered ones included"`
}

// DeadMessage is a notification that was given up. It says nothing of its request, which not every administrator may read.
type DeadMessage struct {
	ID       string    `json:"id"`
	Endpoint string    `json:"endpoint"`
	Event    string    `json:"event"`
	At       time.Time `json:"at" doc:"Of the event"`
	DeadAt   time.Time `json:"dead_at"`
	Attempts int       `json:"attempts"`
	Reason   string    `json:"reason" doc:"Of the latest attempt"`
}

// Redeliver asks that messages that were given up are sent again, with their old ids.
type Redeliver struct {
	Message  string `json:"message,omitempty" maxLength:"100" doc:"One message"`
	Endpoint string `json:"endpoint,omitempty" maxLength:"100" doc:"All of one endpoint; a disabled one is enabled again"`
}

// Redelivered says how many messages are sent again.
type Redelivered struct {
	Messages int `json:"messages"`
}

// EnableChannel names an endpoint to which messages are sent again from now on.
type EnableChannel struct {
	Endpoint string `json:"endpoint" minLength:"1" maxLength:"100"`
}

// Chat is a chat that somebody set the incoming address of. The address itself is never answered.
type Chat struct {
	Endpoint string    `json:"endpoint" doc:"Whose it is: person:ID, group:ID or portfolio:ID"`
	Name     string    `json:"name"`
	Format   string    `json:"format" enum:"slack,mattermost,teams,matrix"`
	SetAt    time.Time `json:"set_at"`
	SetBy    string    `json:"set_by"`
}

// OwnChat is the chat in which somebody is told.
type OwnChat struct {
	On        bool  `json:"on" doc:"Addresses can be set: the server has a key to keep them with (PMO_SECRETS_KEY_FILE)"`
	Chat      *Chat `json:"chat,omitempty" doc:"As it was set; absent: it was not"`
	Directory bool  `json:"directory" doc:"The directory file names an address, which is used while none is set"`
}

// Chats are the chats of groups and portfolios.
type Chats struct {
	On    bool   `json:"on" doc:"Addresses can be set: the server has a key to keep them with (PMO_SECRETS_KEY_FILE)"`
	Items []Chat `json:"items"`
}

// SetChat sets the incoming address of a chat.
type SetChat struct {
	Format  string `json:"format" enum:"slack,mattermost,teams,matrix" doc:"The chat it belongs to"`
	Address string `json:"address" minLength:"1" maxLength:"2048" doc:"An https address that the chat made for incoming messages. It is a secret: it is kept sealed and never answered"`
}
