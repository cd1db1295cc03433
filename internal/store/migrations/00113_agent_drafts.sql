-- +goose Up

-- Drafts that an agent leaves with a person: of a submission, or of a comment on a request. The person sends or discards them.
ALTER TABLE submission_draft ADD COLUMN agent text NOT NULL DEFAULT '', ADD COLUMN request_id uuid;
CREATE INDEX submission_draft_agent ON submission_draft (agent) WHERE agent <> '';

-- Which agent drafted a comment that its author confirmed.
ALTER TABLE comment ADD COLUMN agent text NOT NULL DEFAULT '';
