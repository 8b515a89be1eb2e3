-- Whose whereabouts are forgotten after a time: who tried names that are nobody's.
CREATE INDEX audit_strangers ON audit (at) WHERE personal IS NOT NULL AND user_id IS NULL AND actor IS NULL;
