-- +goose Up

-- What a prioritization run reads of a waiting request and only the snapshot knew: unpacking 100,000 snapshots cost more than ranking them.
-- Generated, so that a worker of the version before keeps them right as well.
ALTER TABLE request
    ADD COLUMN business_value double precision GENERATED ALWAYS AS ((snapshot #>> '{content,inputs,business_value}')::double precision) STORED,
    ADD COLUMN time_criticality double precision GENERATED ALWAYS AS ((snapshot #>> '{content,inputs,time_criticality}')::double precision) STORED,
    ADD COLUMN risk_reduction double precision GENERATED ALWAYS AS ((snapshot #>> '{content,inputs,risk_reduction}')::double precision) STORED,
    ADD COLUMN job_size double precision GENERATED ALWAYS AS ((snapshot #>> '{content,inputs,job_size}')::double precision) STORED;

-- A run in which nobody moved keeps only the lines that differ from those of the run it follows (lines_of); null: it has all its lines.
-- Trimmed: it keeps only its pulled lines.
ALTER TABLE run
    ADD COLUMN lines_of bigint,
    ADD COLUMN trimmed boolean NOT NULL DEFAULT false;
CREATE INDEX run_no ON run (portfolio, no);
UPDATE run SET trimmed = true FROM (SELECT no, row_number() OVER (PARTITION BY portfolio ORDER BY no DESC) AS place FROM run) newest
WHERE newest.no = run.no AND newest.place > 52 AND NOT EXISTS (SELECT FROM portfolio p WHERE p.current_run = run.no);

-- The newest run, if it has lines_of; current_run stays the one that has all lines, in which a worker of the version before finds all ranks.
-- The newest run is the greater of the two.
ALTER TABLE portfolio ADD COLUMN latest_run bigint REFERENCES run (no);
