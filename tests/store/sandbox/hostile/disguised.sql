select * from READ_TEXT('{outside}')

select * from "read_text"('{outside}')

select * from "READ_text"('{outside}')

select * from main.read_text('{outside}')

select * from system.main.read_text('{outside}')

select * from/**/read_text/**/('{outside}')

select * from read_text -- comment
('{outside}')

select * from read_text(E'{outside}')

select * from read_text($${outside}$$)

select * from read_text($tag${outside}$tag$)

select * from read_text(concat('{outside}', ''))

select * from read_text(chr(47) || 'etc/passwd')

select * from U&"read\005ftext"('{outside}')

select * from "duckdb_databases" as figures(path)

select * from "system"."main"."duckdb_databases"

select * from "MAIN"."Duckdb_Databases"

explain explain select 1

explain (format json) select 1

explain analyze drop view figures

explain; drop view figures

explain select 1; drop view figures

/* a */ explain /* b */ copy (select 1) to '{written}'

select 1 /* ; */; copy (select 1) to '{written}'

select 1;;; copy (select 1) to '{written}'

select ';'; drop view figures

select 1 -- ;
; drop view figures

/* /* nested */ drop view figures

select 1 as "'; drop view figures; --" ; drop view figures

from figures select *; from duckdb_databases

with "x;y" as (select 1) from "x;y"; drop view figures

with "a/b" as (select 1) select * from "a/b"

with "x.csv" as (select 1) select * from "x.csv"

;

;;

-- nothing

select

selec 1

select * frm figures

'

"

$$

(((

select 1)))

{"error": false}

🐦

ｓｅｌｅｃｔ 1

select * from ｒead_text('{outside}')

select * from read_tеxt('{outside}')

execute immediate 'select 1'

call query('select 1')

select invoke(lambda x: x, 1)

select json_execute_serialized_sql('x')

select combine(1, 2)

select finalize(1)

select icu_sort_key('a', 'b')

select __internal_decompress_string(1::utinyint)

select columns(lambda c: (select path from duckdb_databases))

select * replace ((select content from read_text('{outside}')) as value) from figures

select figures.read_text()

select '{outside}'.read_text()

select ('{outside}').sleep_ms()

select sleep_ms(100000)

select pg_sleep(100)

select list_aggregate([1], 'read_text')

select list_aggregate([1], 'nonsense')

select cast('x' as mood)

select 'x'::regclass

select figures_as_known('2020-01-01')

select * from figures_as_known((select path from duckdb_databases limit 1))

select * from figures_as_known(getvariable('x'))

select * from figures at (version => 1)

select * from figures at (timestamp => now())

select * from recurring.r

select error(string_agg(figure_id || '=' || value::varchar, ' ')) from figures

select "ERROR"(figure_id) from figures

select list_transform([1], lambda x: error(x::varchar))

from summary(figures)

with r as (select 1 as x) select * from summary(r)

from summary((from figures))
