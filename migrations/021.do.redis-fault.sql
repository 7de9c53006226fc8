-- Why Redis takes no writes of a process, in Redis' own words: it was demoted, has no memory left, runs a long script. Null while all is well.
alter table processes add column redis_fault text;
