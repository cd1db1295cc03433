-- +goose NO TRANSACTION
-- +goose Up

-- The ledger is large and written all the time: its indexes are built while it is. An index that an interrupted migration left behind is of no
-- use, so it is dropped first.

-- What the flow report reads of a request, whole in the index: see selectFlowEvents.
DROP INDEX CONCURRENTLY IF EXISTS ledger_flow;
CREATE INDEX CONCURRENTLY ledger_flow ON ledger (request_id, at, position) INCLUDE (event, key)
    WHERE event IN ('submitted', 'stage_entered', 'asked', 'settled', 'timed_out', 'superseded', 'held', 'resumed');

-- What somebody hears of, the newest first: see selectChanges.
DROP INDEX CONCURRENTLY IF EXISTS ledger_told;
CREATE INDEX CONCURRENTLY ledger_told ON ledger (at DESC, position DESC) WHERE body ? 'tell';

-- Requests by when they ended, for the flow report.
DROP INDEX CONCURRENTLY IF EXISTS request_ended;
CREATE INDEX CONCURRENTLY request_ended ON request (least(accepted_at, closed_at));
