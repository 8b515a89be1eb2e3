DROP TABLE links;
DROP TABLE mails;
