DROP INDEX revocations_token;
DROP TABLE clients;
