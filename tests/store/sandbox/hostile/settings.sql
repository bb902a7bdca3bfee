set enable_external_access = true

set lock_configuration = false

set memory_limit = '100GB'

set threads = 8

set temp_directory = '{home}'

set disabled_filesystems = ''

set allowed_directories = ['/']

set allowed_paths = ['{outside}']

set search_path = 'controlled'

set schema = 'controlled.main'

set file_search_path = '{home}'

set home_directory = '{home}'

set extension_directory = '{home}'

set secret_directory = '{home}'

set max_execution_time = 0

set errors_as_json = false

set global threads = 8

set session threads = 8

set local threads = 8

set python_enable_replacements = true

set autoload_known_extensions = true

set custom_extension_repository = 'http://127.0.0.1:{port}'

set log_query_path = '{written}'

set profiling_output = '{written}'

set enable_profiling = 'json'

set variable stolen = (select 1)

set timezone = 'Asia/Tokyo'

reset all

reset lock_configuration

pragma enable_profiling

pragma profiling_output = '{written}'

pragma database_list

pragma version

pragma table_info('figures')

pragma storage_info('figures')

pragma disable_checkpoint_on_shutdown

pragma metadata_info

pragma import_database('{written}')

call enable_logging()

call pragma_version()

call disable_profiling()

call enable_profiling()

select * from enable_logging()

select * from disable_logging()

select * from enable_profiling()

select * from truncate_duckdb_logs()

with x as (set threads = 8) select * from x

explain set threads = 8

load httpfs

install httpfs

install 'http://127.0.0.1:{port}/x.duckdb_extension'

force install json from community

load '{outside}'

update extensions

prepare q as select 1

execute q

deallocate q

prepare q as copy (select 1) to '{written}'

select setseed(0.5)

select write_log('x')

select nextval('s')

select currval('s')

select setval('s', 1)
