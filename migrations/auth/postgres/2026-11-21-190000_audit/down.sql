DROP TRIGGER audit_stays ON audit;
DROP TRIGGER audit_rows_stay ON audit;
DROP FUNCTION audit_stays();
DROP INDEX audit_actor;
ALTER TABLE audit DROP COLUMN request_id;
ALTER TABLE audit DROP COLUMN outcome;
ALTER TABLE audit DROP COLUMN actor;
