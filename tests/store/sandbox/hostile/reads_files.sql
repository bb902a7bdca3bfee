select * from read_blob('{outside}')

select * from read_text('{outside}')

select content from read_text(['{outside}', '{outside}'])

select * from read_csv('{outside}')

select * from read_csv_auto('{outside}', header = false)

select * from read_json('{outside}')

select * from read_json_auto('{outside}')

select * from read_json_objects('{outside}')

select * from read_ndjson('{outside}')

select * from read_ndjson_objects('{outside}')

select * from read_parquet('{outside}')

select * from parquet_scan('{outside}')

select * from parquet_metadata('{outside}')

select * from parquet_schema('{outside}')

select * from parquet_file_metadata('{outside}')

select * from parquet_kv_metadata('{outside}')

select * from sniff_csv('{outside}')

select * from glob('{home}/**')

select * from glob('/etc/*')

select * from '{outside}'

select * from '{file}'

from '{outside}'

from "{outside}"

table "{outside}"

select * from read_blob('{file}')

select * from read_duckdb('{file}')

select size from read_blob('{home}/releases/current')

select * from read_text('/proc/self/environ')

select * from read_text('/proc/self/maps')

select * from read_blob('/proc/self/fd/4')

select * from read_blob('/dev/fd/5')

select * from read_text('/etc/passwd')

select * from read_text('file:///etc/passwd')

select * from read_text('{home}/releases/../releases/current')

with here as (select * from read_text('{outside}')) select * from here

select (select content from read_text('{outside}')) as found

select * from figures where exists (select 1 from read_text('{outside}'))

select * from figures join lateral (select * from read_blob('{outside}')) on true

select * from (summarize select * from read_text('{outside}'))

summarize '{outside}'

describe '{outside}'

describe select * from read_csv('{outside}')

explain select * from read_csv('{outside}')

explain analyze select * from read_text('{outside}')

pivot (from read_csv('{outside}')) on a in (1) using count(*)

select * from query('select * from read_text(''{outside}'')')

select * from query_table('{outside}')

select * from query_table(['figures', '{outside}'])

select * from query_table('duckdb_databases')

select json_serialize_plan('select * from read_csv(''{outside}'')')

select * from json_execute_serialized_sql(json_serialize_sql('select * from read_text(''{outside}'')'))

select json_serialize_sql('select 1')

values ((select content from read_text('{outside}')))

select * from read_single_csv_file('{outside}')

select * from seq_scan('figures')

select * from arrow_scan(1, 2, 3)

select * from pandas_scan(1)

select * from python_map_function(1)

select count(*) from figures union all select size from read_blob('{outside}')

with recursive r as (select 1 as n union all select n + 1 from r, read_blob('{outside}') where n < 2) select * from r

select list_transform(['{outside}'], lambda x: (select content from read_text(x)))

select * from histogram('{outside}', content)

select * from histogram(read_text('{outside}'), content)

from figures positional join read_text('{outside}')

select * from figures order by (select size from read_blob('{outside}'))

select * from figures limit (select size from read_blob('{outside}'))

select count(*) filter (where (select size from read_blob('{outside}')) > 1) from figures

select sum(value) over (order by (select size from read_blob('{outside}'))) from figures

select * from figures qualify row_number() over () < (select size from read_blob('{outside}'))

select * from figures group by (select size from read_blob('{outside}')) having true

select case when true then (select content from read_text('{outside}')) end

with a as (select 1) from histogram_values(col_name := a, source := "{outside}")

with a as (select 1) from histogram(col_name := a, source := '{outside}')
