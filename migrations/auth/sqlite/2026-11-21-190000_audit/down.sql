DROP TRIGGER audit_stays;
DROP TRIGGER audit_personal_is_only_emptied;
DROP TRIGGER audit_rows_stay;
DROP INDEX audit_actor;
ALTER TABLE audit DROP COLUMN request_id;
ALTER TABLE audit DROP COLUMN outcome;
ALTER TABLE audit DROP COLUMN actor;
