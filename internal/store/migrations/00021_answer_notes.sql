-- +goose Up

-- What somebody who is asked notes for themselves until they answer: that they are on it (the others asked see that), when they will look
-- again, and what they have written so far. It steers nothing. A row is deleted with the person's answer; one whose question has closed is
-- not read any more, and deleted later.
CREATE TABLE answer_note (
    person     text NOT NULL,
    request_id uuid NOT NULL,
    question   text NOT NULL,
    claimed_at timestamptz,
    follow_up  date,
    draft      jsonb,
    draft_at   timestamptz,
    at         timestamptz NOT NULL,
    PRIMARY KEY (person, request_id, question),
    CHECK ((draft IS NULL) = (draft_at IS NULL))
);
CREATE INDEX answer_note_request ON answer_note (request_id, question);

-- What a person decided, the newest first.
CREATE INDEX ledger_answered_by ON ledger ((body ->> 'actor'), position DESC) WHERE event = 'answered';
CREATE INDEX ledger_answered_for ON ledger ((body ->> 'for'), position DESC) WHERE event = 'answered';
