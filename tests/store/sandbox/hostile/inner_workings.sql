select * from duckdb_databases

select * from duckdb_databases()

select path from main.duckdb_databases

select path from system.main.duckdb_databases

select "path" from "duckdb_databases"

select path from DUCKDB_DATABASES

select * from pragma_database_list

select file from pragma_database_list

select * from system.main.pragma_database_list

select * from pragma_database_list()

select * from duckdb_settings()

select * from duckdb_secrets()

select * from duckdb_logs

select * from duckdb_logs()

select * from duckdb_logs_parsed('QueryLog')

select * from duckdb_extensions()

select * from duckdb_functions()

select * from duckdb_tables

select * from duckdb_tables()

select * from duckdb_views

select * from duckdb_columns

select * from duckdb_columns()

select * from duckdb_constraints

select * from duckdb_indexes

select * from duckdb_schemas

select * from duckdb_types

select * from duckdb_variables()

select * from duckdb_memory()

select * from duckdb_temporary_files()

select * from duckdb_prepared_statements()

select * from duckdb_external_file_cache()

select * from duckdb_external_resources()

select * from duckdb_connection_count()

select * from duckdb_optimizers()

select * from duckdb_table_sample('figures')

select * from sqlite_master

select * from sqlite_schema

select * from sqlite_temp_master

select * from pg_catalog.pg_settings

select * from pg_catalog.pg_database

select * from pg_catalog.pg_class

select * from pg_class

select * from pg_tables

select * from pg_catalog.pg_prepared_statements

select * from controlled.information_schema.tables

select * from temp.information_schema.tables

select * from controlled.main.figures

select * from controlled.figures

select * from exact.main.figures

select * from both_files.main.figures

select * from shown.main.figures_shown

select * from temp.main.figures

show databases

show schemas

show variables

describe duckdb_databases

summarize duckdb_databases

summarize pragma_database_list

explain select * from duckdb_databases

pivot duckdb_databases on path in ('x') using count(*)

unpivot duckdb_databases on path

select * from histogram(duckdb_databases, path)

select * from histogram('duckdb_databases', path)

from histogram_values(duckdb_databases, path)

select * from pragma_storage_info('figures')

select * from pragma_metadata_info()

select * from pragma_table_info('figures')

select * from pragma_database_size()

select * from pragma_user_agent()

select * from pragma_platform()

select * from pragma_show('figures')

select * from which_secret('x', 's3')

select * from test_all_types()

select * from test_vector_types(1)

select current_setting('memory_limit')

select current_setting('temp_directory')

select getenv('TRIGPOINT_HOME')

select getenv('PATH')

select getvariable('x')

select current_query()

select current_connection_id()

select txid_current()

select pg_get_viewdef(1)

select has_table_privilege('figures', 'select')

select inet_server_addr()

select stats(value) from figures

select vector_type(value) from figures

select get_block_size('memory')

select in_search_path('memory', 'main')

with duckdb_databases as (select 1 as path) select * from duckdb_databases

with a as (with duckdb_databases as (select 1) select 1), b as (select path from duckdb_databases) select * from b

with pragma_database_list as (select 1), b as (select * from main.pragma_database_list) select * from b

with recursive duckdb_settings as (select 1) select * from duckdb_settings()

select path from (from duckdb_databases) as figures

select * from figures natural join duckdb_databases

select * from figures semi join duckdb_databases on true

select * from figures asof join duckdb_logs on figures.published_at >= duckdb_logs.timestamp

select * from lateral (select path from duckdb_databases)

select * from figures where figure_id in (select path from duckdb_databases)

select array(select path from duckdb_databases)

select exists (from duckdb_databases where path like '/%')

select * from python_scan

select * from connection

select * from words

select * from cursor

select * from self._layout

select * from sys

select * from os

with path as (select 1) from histogram_values(col_name := path, source := duckdb_databases)

with path as (select 1) from histogram(col_name := path, source := duckdb_databases)

with view_name as (select 1) from histogram_values(col_name := view_name, source := duckdb_views)

with value as (select 1) from histogram_values(col_name := value, source := controlled.figures)

with value as (select 1) from histogram_values(col_name := value, source := "shown.main.figures_shown")

with path as (select 1) from histogram_values(source := duckdb_databases, col_name := path)

from histogram(figures, source := duckdb_databases, col_name := path)

with path as (select 1) from histogram_values(path, duckdb_databases)

with inner_one as (from figures) from histogram(inner_one, value)

from histogram("shown.main.figures_shown", value)

from histogram(controlled.figures, value)

from histogram('duckdb_databases', path)

from histogram((select 'duckdb_databases'), path)
