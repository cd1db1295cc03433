package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The states of a proposed policy.
const (
	ProposalOpen      = "open"
	ProposalAccepted  = "accepted"
	ProposalRejected  = "rejected"
	ProposalWithdrawn = "withdrawn"
)

// Proposal is a policy that somebody proposed.
type Proposal struct {
	ID          string
	Version     int // that it would be
	Base        int // the version in force when it was made
	Proposer    string
	At          time.Time
	Reason      string
	ReturnsTo   int // the earlier version whose rules it brings back; 0: none
	State       string
	DecidedBy   string
	DecidedAt   *time.Time
	Words       string // the reason of who decided
	ScheduledAt *time.Time
	Source      []byte // the document; empty in lists
	Difference  json.RawMessage
	Effect      json.RawMessage
}

// MostOpenProposals is how many proposals can be open at once.
const MostOpenProposals = 20

// ErrStale is what was made for an earlier state of what it changes.
var ErrStale = errors.New("it was made for an earlier state")

const (
	proposalColumns = `id::text, version, base, proposer, at, reason, returns_to, state, decided_by, decided_at, words, scheduled_at`
	selectProposals = `SELECT ` + proposalColumns + `, ''::text, NULL::jsonb, NULL::jsonb FROM policy_proposal`
	selectProposal  = `SELECT ` + proposalColumns + `, body, difference, effect FROM policy_proposal`
	insertProposal  = `
INSERT INTO policy_proposal (id, version, base, body, proposer, at, reason, returns_to, difference, effect)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 WHERE (SELECT count(*) FROM policy_proposal WHERE state = 'open') < $11
RETURNING ` + proposalColumns + `, ''::text, NULL::jsonb, NULL::jsonb`
	decideProposal = `UPDATE policy_proposal SET state = $2, decided_by = $3, decided_at = $4, words = $5 WHERE id = $1
RETURNING ` + proposalColumns + `, ''::text, NULL::jsonb, NULL::jsonb`
)

// PutProposal stores a proposal. ErrFull when too many are open.
func (s *Store) PutProposal(ctx context.Context, p Proposal) (stored Proposal, err error) {
	const op = "store a proposed policy"
	err = s.changeTx(ctx, op, func(tx pgx.Tx) error {
		stored, err = one(ctx, tx, op, pgx.RowToStructByPos[Proposal], insertProposal, p.ID, p.Version, p.Base, string(p.Source), p.Proposer, p.At, clean(p.Reason),
			p.ReturnsTo, string(cleanJSON(p.Difference)), string(cleanJSON(p.Effect)), MostOpenProposals)
		if errors.Is(err, ErrNotFound) {
			return ErrFull
		}
		if err != nil {
			return err
		}
		body := map[string]any{"version": p.Version, "base": p.Base, "proposal": p.ID, "reason": p.Reason, "source": string(p.Source)}
		if p.ReturnsTo != 0 {
			body["returns_to"] = p.ReturnsTo
		}
		return logChange(ctx, tx, change{At: p.At, Actor: p.Proposer, Object: OfficePolicy, ID: fmt.Sprint(p.Version), Event: "proposed", Body: body, Answer: stored})
	})
	return stored, err
}

// Proposal reads one; ErrNotFound.
func (s *Store) Proposal(ctx context.Context, id string) (Proposal, error) {
	return one(ctx, s.pool, "read a proposed policy", pgx.RowToStructByPos[Proposal], selectProposal+` WHERE id = $1::text::uuid`, id)
}

// Proposals lists proposals without their documents, the newest first.
func (s *Store) Proposals(ctx context.Context, from string, limit int) (Page[Proposal], error) {
	const list = "policy proposals"
	at, err := readCursor(list, from)
	if err != nil {
		return Page[Proposal]{}, err
	}
	where, args := "", []any{pageSize(limit) + 1}
	if at != nil {
		where, args = ` WHERE (at, id) < ($2::text::timestamptz, $3::text::uuid)`, append(args, at.Key, at.ID)
	}
	rows, err := many(ctx, s.pool, "list proposed policies", pgx.RowToStructByPos[Proposal], selectProposals+where+` ORDER BY at DESC, id DESC LIMIT $1`, args...)
	return paged(rows, pageSize(limit), func(p Proposal) cursor { return cursor{List: list, Key: p.At.Format(time.RFC3339Nano), ID: p.ID} }), err
}

// ProposalDecision is what becomes of a proposal.
type ProposalDecision struct {
	ID    string
	State string
	Actor string
	At    time.Time
	Words string
}

// DecideProposal ends an open proposal. One that is accepted takes force in the same transaction. ErrConflict when it is decided already; ErrStale
// when it would take force on another version than the one it was made for.
func (s *Store) DecideProposal(ctx context.Context, d ProposalDecision) (decided Proposal, err error) {
	const op = "decide on a proposed policy"
	err = s.changeTx(ctx, op, func(tx pgx.Tx) error {
		p, err := one(ctx, tx, op, pgx.RowToStructByPos[Proposal], selectProposal+` WHERE id = $1::text::uuid FOR UPDATE`, d.ID)
		if err != nil {
			return err
		}
		if p.State != ProposalOpen {
			return ErrConflict
		}
		if d.State == ProposalAccepted {
			if err := takeForce(ctx, tx, p, d); err != nil {
				return err
			}
		}
		if decided, err = one(ctx, tx, op, pgx.RowToStructByPos[Proposal], decideProposal, d.ID, d.State, d.Actor, d.At, clean(d.Words)); err != nil {
			return err
		}
		return logChange(ctx, tx, change{At: d.At, Actor: d.Actor, Object: OfficePolicy, ID: fmt.Sprint(p.Version), Event: d.State,
			Body: map[string]any{"version": p.Version, "base": p.Base, "proposal": p.ID, "proposer": p.Proposer, "reason": d.Words}, Answer: decided})
	})
	return decided, err
}

// takeForce makes an accepted proposal the policy in force, if the one it was made for still is.
func takeForce(ctx context.Context, tx pgx.Tx, p Proposal, d ProposalDecision) error {
	const op = "let a proposed policy take force"
	n, err := write(ctx, tx, op, `INSERT INTO policy_version (version, body, at, actor, proposal)
SELECT $1::integer, $2, $3, $4, $5::text::uuid WHERE $6 = (SELECT max(version) FROM policy_version) ON CONFLICT (version) DO NOTHING`,
		p.Version, string(p.Source), d.At, d.Actor, p.ID, p.Base)
	if err == nil && n == 0 {
		err = ErrStale
	}
	return err
}

// PolicyHistory is a policy that took force, without its document.
type PolicyHistory struct {
	Version   int
	Since     time.Time
	Actor     string
	Proposal  string // empty: it came from a file
	Proposer  string
	Reason    string // of the proposal
	ReturnsTo int
}

// PolicyVersions lists the policies that took force, the newest first, below a version; 0: all.
func (s *Store) PolicyVersions(ctx context.Context, below, limit int) ([]PolicyHistory, error) {
	return many(ctx, s.pool, "list policies", pgx.RowToStructByPos[PolicyHistory], `
SELECT v.version, v.at, v.actor, coalesce(v.proposal::text, ''), coalesce(p.proposer, ''), coalesce(p.reason, ''), coalesce(p.returns_to, 0)
FROM policy_version v LEFT JOIN policy_proposal p ON p.id = v.proposal
WHERE $1 = 0 OR v.version < $1 ORDER BY v.version DESC LIMIT $2`, below, limit)
}

// PolicyVersion reads a policy that took force; ErrNotFound.
func (s *Store) PolicyVersion(ctx context.Context, version int) (PolicyVersion, error) {
	return one(ctx, s.pool, "read a policy", pgx.RowToStructByPos[PolicyVersion], selectPolicies+` WHERE version = $1::integer`, version)
}

// Unscheduled is the accepted proposal that is in force and to which the schedules have not been brought yet; ErrNotFound when there is none.
func (s *Store) Unscheduled(ctx context.Context) (Proposal, error) {
	return one(ctx, s.pool, "read a proposed policy", pgx.RowToStructByPos[Proposal], selectProposals+`
WHERE state = 'accepted' AND scheduled_at IS NULL AND version = (SELECT max(version) FROM policy_version)`)
}

// Scheduled notes that the schedules were brought to an accepted proposal, and to those before it.
func (s *Store) Scheduled(ctx context.Context, version int, at time.Time) error {
	_, err := write(ctx, s.pool, "note that schedules follow the policy",
		`UPDATE policy_proposal SET scheduled_at = $2 WHERE state = 'accepted' AND scheduled_at IS NULL AND version <= $1`, version, at)
	return err
}

// OpenIn counts the open requests of a portfolio.
func (s *Store) OpenIn(ctx context.Context, portfolio string) (int, error) {
	return one(ctx, s.pool, "count the requests of a portfolio", pgx.RowTo[int], `SELECT count(*) FROM request WHERE portfolio = $1 AND status <> 'closed'`, portfolio)
}
