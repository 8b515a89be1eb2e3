ALTER TABLE audit ADD COLUMN actor TEXT;
ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused'));
ALTER TABLE audit ADD COLUMN request_id TEXT;
CREATE INDEX audit_actor ON audit (actor) WHERE personal IS NOT NULL;

-- What was written down stays. All that is ever changed is that a deletion empties what is personal.
CREATE TRIGGER audit_rows_stay
BEFORE UPDATE OF id, at, event, user_id, session, detail, actor, outcome, request_id ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_personal_is_only_emptied BEFORE UPDATE OF personal ON audit WHEN NEW.personal IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
