copy (select 'x') to '{written}'

copy figures to '{written}' (format csv)

copy (select 'x') to '{file}' (format csv, use_tmp_file false)

with x as (copy (select 'x') to '{written}') select * from x

with x as (copy (select 'x') to '{file}' (format csv, use_tmp_file false)) select * from x

with x as materialized (copy figures to '{written}' (format parquet)) select 1

with x as (insert into figures select * from figures returning *) select * from x

with x as (update figures set value = 0 returning *) select * from x

with x as (delete from figures returning *) select * from x

with x as (delete from controlled.main.figures returning *) select count(*) from x

select * from (copy (select 1) to '{written}')

explain analyze copy (select 1) to '{written}'

explain copy (select 1) to '{file}'

explain insert into figures select * from figures

export database '{written}'

import database '{written}'

insert into figures select * from figures

insert into controlled.main.metrics (metric_id) values ('x')

update figures set value = 0

delete from figures

truncate figures

merge into figures using figures as f on true when matched then delete

drop view figures

drop table controlled.main.figures

alter view figures rename to other

alter table controlled.main.figures add column x int

create table t as select 1

create table controlled.main.t (a int)

create or replace table memory.main.t as select 1

create view v as select 1

create or replace view figures as select 1 as value

create temp view figures as select 1 as value

create temp table t as select 1

create schema s

create sequence s

create type mood as enum ('a')

create type mood as enum (select content from read_text('{outside}'))

create macro f(x) as x

create or replace macro figures_as_known(as_of) as table select 1

create temp macro f() as table select * from read_text('{outside}')

create index i on figures (value)

create secret s (type s3)

create persistent secret s (type http)

create trigger t after insert on figures for each row select 1

comment on view figures is 'x'

vacuum

analyze

checkpoint

force checkpoint

select * from checkpoint()

select * from force_checkpoint()

begin transaction

commit

rollback

begin; drop view figures; commit

pivot figures on status using count(*)

/* harmless */ insert into figures select * from figures

-- harmless
drop view figures

select 1; drop view figures

drop view figures; select 1

select 1; copy (select 1) to '{written}'

with a as (select 1), b as (with c as (copy (select 1) to '{written}') from c) from b

select (with x as (copy (select 1) to '{written}') select count(*) from x)

select * from figures where value in (with x as (copy (select 1) to '{written}') select 1 from x)

(with x as (copy (select 1) to '{written}') select * from x) union all select 1
