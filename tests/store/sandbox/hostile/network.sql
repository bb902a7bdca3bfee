select * from read_csv('http://127.0.0.1:{port}/x.csv')

select * from 'http://127.0.0.1:{port}/x.parquet'

select * from read_text('https://127.0.0.1:{port}/x')

select * from read_parquet('s3://bucket/key')

select * from read_parquet('hf://datasets/x/y')

select * from read_blob('gcs://bucket/key')

select * from read_json('az://container/blob')

copy (select 1) to 'http://127.0.0.1:{port}/x.csv'

with x as (copy figures to 's3://127.0.0.1:{port}/x') select 1 from x

select http_get('http://127.0.0.1:{port}/')

from postgres_scan('host=127.0.0.1 port={port}', 'a', 'b')

from mysql_scan('host=127.0.0.1', 'a', 'b')

from iceberg_scan('http://127.0.0.1:{port}/')

from delta_scan('http://127.0.0.1:{port}/')

select * from create_external_resource('x')

select * from register_external_resource('x')
