-- +goose Up

-- The guardrails of the portfolio with their shares when the run had pulled; null in runs of earlier versions.
ALTER TABLE run ADD COLUMN guardrails jsonb;
