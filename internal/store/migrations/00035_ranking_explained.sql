-- +goose Up

-- Inputs beside the four of weighted shortest job first, for the other scoring models; null where there are none, which is the rule.
ALTER TABLE request
    ADD COLUMN more_inputs jsonb GENERATED ALWAYS AS (nullif((snapshot #> '{content,inputs}')
        - ARRAY['business_value', 'time_criticality', 'risk_reduction', 'job_size'], '{}'::jsonb)) STORED;

-- A line also keeps those inputs, its fixed date, and for lines that keep their text: the score taken apart, the neighbours, what would
-- change the rank, and the causes of its move. All null in lines of earlier versions.
ALTER TABLE ranking
    ADD COLUMN more_inputs jsonb,
    ADD COLUMN fixed_date timestamptz,
    ADD COLUMN detail jsonb;

-- The scoring model of a run and the time in which 85 % of the finished requests were done (0: it could not be forecast), with how many
-- finished requests that rests on. Null in runs of earlier versions.
ALTER TABLE run
    ADD COLUMN model text,
    ADD COLUMN lead_seconds bigint,
    ADD COLUMN lead_of integer;
