ALTER TABLE audit ADD COLUMN actor TEXT;
ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused'));
ALTER TABLE audit ADD COLUMN request_id TEXT;
CREATE INDEX audit_actor ON audit (actor) WHERE personal IS NOT NULL;

-- What was written down stays. All that is ever changed is that a deletion empties what is personal.
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.personal IS NULL
       AND to_jsonb(NEW) - 'personal' = to_jsonb(OLD) - 'personal' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER audit_rows_stay BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER audit_stays BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
