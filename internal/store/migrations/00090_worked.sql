-- +goose Up

-- How a request was worked, for the retrospective: what was recommended, the way of working and the end of the plan that was agreed first (empty and
-- null: not known), and what came of it. The projection writes them; none of this rewrites the table.
ALTER TABLE request
    ADD COLUMN recommended text NOT NULL DEFAULT '',
    ADD COLUMN began       text NOT NULL DEFAULT '',
    ADD COLUMN planned_end timestamptz,
    ADD COLUMN reworks     integer NOT NULL DEFAULT 0,
    ADD COLUMN remarked    boolean NOT NULL DEFAULT false,
    ADD COLUMN benefit     text NOT NULL DEFAULT '';

-- The last state of a closed request is kept again only when it changes, and not for each new column that is filled.
DROP TRIGGER keep_final_update ON request;
CREATE TRIGGER keep_final_update AFTER UPDATE OF status, run_id, snapshot ON request FOR EACH ROW
    WHEN (NEW.status = 'closed' OR OLD.status = 'closed') EXECUTE FUNCTION keep_final_snapshot();
