package wire

import "time"

// Contact is who asked for a request by the public form, without an account.
type Contact struct {
	Name          string     `json:"name,omitempty" doc:"Absent once it is erased"`
	Contact       string     `json:"contact,omitempty" doc:"An e-mail address, a telephone number or what else they gave"`
	AskedAt       time.Time  `json:"asked_at"`
	LinkRevokedAt *time.Time `json:"link_revoked_at,omitempty" doc:"Since when the link to its status works no longer"`
	LinkRevokedBy string     `json:"link_revoked_by,omitempty"`
	LinkEnds      *time.Time `json:"link_ends,omitempty" doc:"Of a closed request: when the link ends and name and contact are erased"`
	MayRevoke     bool       `json:"may_revoke,omitempty" doc:"You may end the link"`
}
