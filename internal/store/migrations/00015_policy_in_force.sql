-- +goose Up

-- The policies that have taken force. The one with the highest version is in force, so that an older file cannot take force again.
-- Nothing wrote the table before.
ALTER TABLE policy_version DROP COLUMN version;
ALTER TABLE policy_version ADD COLUMN version integer NOT NULL UNIQUE CHECK (version > 0);
ALTER TABLE policy_version ADD CHECK (octet_length(body) BETWEEN 1 AND 1048576);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_version EXECUTE FUNCTION refuse_rewriting();
