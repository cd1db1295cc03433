-- +goose Up
-- The class of workflows whose tasks fail.
ALTER TABLE finding DROP CONSTRAINT finding_class_check,
    ADD CONSTRAINT finding_class_check CHECK (class IN ('missing', 'behind', 'ahead', 'ended', 'stuck', 'failing'));
