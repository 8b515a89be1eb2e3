CREATE TABLE half (id integer);
CREATE TABLE half (id integer);
