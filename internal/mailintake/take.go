package mailintake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"leanpmo/internal/client"
	"leanpmo/internal/directory"
	"leanpmo/internal/mail"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// longestProblem is how much of a mail becomes the problem of a draft, in characters.
const longestProblem = 4000

// take makes of a mail what it is to become, and says what the relay is answered: nil when it is done with, also where the mail is dropped.
func (s *Server) take(ctx context.Context, from string, to recipient, m *Message) (Outcome, error) {
	person, dropped := s.judge(from, m)
	if dropped != "" {
		s.Log.InfoContext(ctx, "a mail was dropped", "outcome", dropped)
		return dropped, nil
	}
	if _, ok := s.rate.Take(person.ID); !ok {
		s.Log.WarnContext(ctx, "a sender sends too many mails", "person", person.ID)
		return TooMany, errTooMany
	}
	ctx = s.Caller(ctx, person.ID)
	key := keyOf(person.ID, to, m.ID)
	outcome, err := s.become(ctx, person, to, key, m)
	if err != nil {
		outcome, err = s.refused(ctx, person.ID, err)
	}
	return outcome, err
}

// judge says who sends a mail, or why it is dropped. It is dropped without an answer, because who would get the answer is not who the mail names.
func (s *Server) judge(from string, m *Message) (directory.Principal, Outcome) {
	if _, ours := s.Addresses.read(m.From); from == "" || m.Automatic || ours {
		return directory.Principal{}, Automatic
	}
	if m.From == "" || !proved(m.Results, s.AuthServ, m.From) {
		return directory.Principal{}, Unproved
	}
	person, known := s.People.ByEmail(m.From)
	if !known {
		return directory.Principal{}, Stranger
	}
	return person, ""
}

// keyOf makes the same mail again the same command.
func keyOf(person string, to recipient, id string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s %s", len(person), person, to.ref, id))
	return "mail-" + hex.EncodeToString(sum[:])
}

func (s *Server) become(ctx context.Context, person directory.Principal, to recipient, key string, m *Message) (Outcome, error) {
	if to.plus {
		leads, err := s.Addresses.leads(ctx, to, person.ID)
		if err == nil && !leads {
			err = errRefused
		}
		if err != nil {
			return "", err
		}
		return s.comment(ctx, to.ref, key, m)
	}
	ref, err := s.answers(ctx, m.References)
	if err != nil {
		return "", err
	}
	if ref != "" {
		return s.comment(ctx, ref, key, m)
	}
	return s.draft(ctx, person, key, m)
}

// answers is the request that one of our messages is about which a mail answers; empty when it answers none, or one about a request that the sender may not read.
func (s *Server) answers(ctx context.Context, references []string) (string, error) {
	for _, id := range references {
		ref, ours := mail.ThreadOf(id)
		if !ours || uuid.Validate(ref) != nil {
			continue
		}
		_, err := s.api.Request(ctx, ref)
		if err == nil {
			return ref, nil
		}
		if !turnedDown(err) {
			return "", err
		}
	}
	return "", nil
}

func (s *Server) comment(ctx context.Context, ref, key string, m *Message) (Outcome, error) {
	text := said(m.Text)
	if text == "" {
		return "", errRefused
	}
	done, err := s.api.AddComment(ctx, ref, wire.NewComment{Text: pmo.Shorten(text, wire.MaxComment)}, key)
	if err != nil {
		return "", err
	}
	return outcomeOf(Commented, done.Replayed), nil
}

// draft leaves what was written with the sender, and tells them where it is. Nothing is submitted.
func (s *Server) draft(ctx context.Context, person directory.Principal, key string, m *Message) (Outcome, error) {
	title := titleOf(m.Subject)
	if title == "" && m.Text == "" {
		return "", errRefused
	}
	fields := map[string][]string{wire.DraftByMail: {"yes"}}
	if title != "" {
		fields["title"] = []string{pmo.Shorten(title, pmo.MaxTitle)}
	}
	if m.Text != "" {
		fields["problem"] = []string{pmo.Shorten(m.Text, longestProblem)}
	}
	if m.Attachments > 0 {
		fields[wire.DraftLeftOut] = []string{fmt.Sprint(m.Attachments)}
	}
	kept := Kept{Person: person, Draft: uuid.NewSHA1(uuid.NameSpaceOID, []byte(key)).String(), Kind: s.Kind(), Title: pmo.Shorten(title, pmo.MaxTitle), LeftOut: m.Attachments}
	done, err := s.api.BeginDraft(ctx, kept.Draft, wire.SetDraft{Kind: kept.Kind, Fields: fields}, key)
	if err != nil {
		return "", err
	}
	if !done.Replayed {
		s.tell(ctx, kept)
	}
	return outcomeOf(Drafted, done.Replayed), nil
}

// tell says where a draft is. The draft is on its writer's page also where that fails, and the mail was taken.
func (s *Server) tell(ctx context.Context, k Kept) {
	if s.Tell == nil {
		return
	}
	if err := s.Tell(ctx, k); err != nil {
		s.Log.WarnContext(ctx, "nobody was told where the draft of a mail is", "person", k.Person.ID, "cause", err)
	}
}

func outcomeOf(o Outcome, replayed bool) Outcome {
	if replayed {
		return Repeated
	}
	return o
}

// refused is what the relay is answered when the API did not do it. A refusal says the same whether a request does not exist or the sender may not read it.
func (s *Server) refused(ctx context.Context, person string, err error) (Outcome, error) {
	if errors.Is(err, errRefused) || turnedDown(err) {
		s.Log.InfoContext(ctx, "a mail was refused", "person", person, "cause", err)
		return Refused, errRefused
	}
	s.Log.WarnContext(ctx, "a mail is taken later", "person", person, "cause", err)
	return PutOff, errLater
}

// turnedDown reports whether trying again does not help.
func turnedDown(err error) bool {
	var r *client.Refused
	return errors.As(err, &r) && r.Status >= 400 && r.Status < 500 && r.Status != http.StatusTooManyRequests
}
