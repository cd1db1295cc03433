package notify

import "leanpmo/internal/notice"

// MailKind is what a mail is about, as people unsubscribe from it: a kind of events, or the digest. It is empty for mails that nobody unsubscribes
// from: those that ask for an answer.
func (p Payload) MailKind() notice.Kind {
	switch kind := notice.KindOf(p.Data.Event); {
	case p.Data.Links.Decisions != "" || kind == notice.Questions:
		return ""
	case p.Data.Digest != nil:
		return notice.Digests
	default:
		return kind
	}
}
