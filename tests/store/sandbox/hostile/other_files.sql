attach '{outside}' as other

attach '{file}' as other

attach '{file}' as other (read_only)

attach ':memory:' as other

attach if not exists '{written}' as other

attach 'ducklake:{written}' as other

attach 'md:other'

attach 'http://127.0.0.1:{port}/x.duckdb' as other (read_only)

attach 'sqlite:{outside}' (type sqlite)

detach controlled

detach memory

use controlled

use memory.information_schema

copy from database controlled to memory

explain attach '{outside}' as other

with x as (attach '{outside}' as other) select * from x
