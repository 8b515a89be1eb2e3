DROP INDEX audit_strangers;
