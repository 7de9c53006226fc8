-- A restored database is a second life of the same installation: it gives campaigns and people the numbers that the forgotten time gave to
-- others. The epoch travels with every message beside them; null in the first life.
alter table installation add column epoch text;

-- Recipients up to this id were here when a backup was put back: what is told of a life before may be about them, and about nobody else.
alter table campaigns add column restored_through integer not null default 0;
