select 1

select count(*) from figures

from figures

from figures limit 10

table metrics

values (1, 'a'), (2, 'b')

select metric_id, count(*) as figures from figures group by metric_id order by figures desc

select metric_id, count(*) as figures from figures group by all order by all

select * exclude (file_sha256) from figures limit 5

select * replace (round(value, 1) as value) from figures

select * rename (value as people) from figures

select columns('.*_id') from figures

select columns(lambda c: c like 'expected%') from figures

select min(columns(*)) from metrics

select figures.event_date, figures.value, metrics.unit
from figures
inner join metrics using (metric_id)
where figures.metric_id = 'cases_by_specimen_date' and figures.area_id = 'E92000001'
order by figures.event_date

select event_date, value, avg(value) over (
    partition by metric_id, area_id order by event_date rows between 6 preceding and current row
) as weekly
from figures

select event_date, value - lag(value) over (partition by metric_id, area_id order by event_date) as change from figures

select area_id, value, rank() over w, dense_rank() over w, row_number() over w, percent_rank() over w, ntile(4) over w
from figures window w as (partition by metric_id order by value desc)

select first_value(value) over w, last_value(value) over w, nth_value(value, 2) over w from figures window w as (order by event_date)

select sum(value) over (order by event_date range between interval 7 days preceding and current row) from figures

select count(*) over () as all_of_them, * from areas

select * from figures qualify row_number() over (partition by area_id order by event_date desc) = 1

with daily as (select event_date, sum(value) as value from figures where area_id = 'E92000001' group by event_date)
select avg(value), median(value), stddev(value) from daily

with a as (select 1 as n), b as (select n + 1 as n from a) select * from a union all select * from b

with recursive n as (select 1 as n union all select n + 1 from n where n < 10) select * from n

with recursive tree as (
    select area_id, parent_area_id, 1 as depth from areas where parent_area_id is null
    union all
    select areas.area_id, areas.parent_area_id, depth + 1 from areas inner join tree on areas.parent_area_id = tree.area_id
)
select * from tree

with a as materialized (select * from figures) select count(*) from a

with a as not materialized (select * from figures) select count(*) from a

with figures as (select 1 as value) select * from figures

pivot figures on status in ('single', 'agreed', 'disputed') using count(*) group by metric_id

pivot (select area_id, metric_id, value from figures) on metric_id in ('cases_by_specimen_date') using sum(value)

select * from figures pivot (count(*) for status in ('single', 'agreed'))

unpivot (select figure_id, lower, upper from figures) on lower, upper into name bound value people

select * from (select figure_id, lower, upper from figures) unpivot (people for bound in (lower, upper))

summarize figures

summarize select value, event_date from figures

select * from (summarize figures)

select column_name, null_percentage from (summarize metrics)

describe figures

describe select 1 as n

select column_name from (describe figures)

show figures

show tables

show all tables

explain select * from figures

explain analyze select count(*) from figures

EXPLAIN
SELECT metric_id
FROM figures

-- with a remark
explain from figures

select table_name from information_schema.tables order by table_name

select column_name, data_type from information_schema.columns where table_name = 'figures'

select * from information_schema.schemata

select * from information_schema.views

from figures_as_known('2020-07-20')

from figures_as_known(date '2020-07-20')

select count(*) from figures_as_known(timestamp '2020-07-20 09:30:00')

select count(*) from figures_as_known('2020-07-20T09:30:00Z')

select count(*) from claims_as_known('2020-07-20')

from figures_as_shown('2030-01-01')

select now.value - before.value as difference
from figures as now inner join figures_as_known('2020-07-20') as before using (figure_id)

select * from figure_versions where known_to is null

select * from claims where missing_reason is not null

select * from disagreements

select * from releases

select * from releases_shown

select * from figures_shown limit 10

select area_id from figures except select area_id from areas

select area_id from figures intersect select area_id from areas

select area_id from figures union select area_id from areas

select metric_id from metrics union by name select area_id from areas

select area_id from figures except all select area_id from areas

select metric_id, area_id, sum(value) from figures group by grouping sets ((metric_id), (area_id), ())

select metric_id, area_id, sum(value), grouping(metric_id) from figures group by rollup (metric_id, area_id)

select metric_id, area_id, sum(value) from figures group by cube (metric_id, area_id)

select sum(value) filter (where is_provisional) as provisional, sum(value) as whole from figures

select arg_max(value, event_date), arg_min(value, event_date), max_by(value, event_date) from figures

select quantile_cont(value, [0.25, 0.5, 0.75]), mode(status), approx_count_distinct(area_id) from figures

select list(value order by event_date), string_agg(distinct status, ', ') from figures group by metric_id

select corr(value, gap), regr_slope(value, gap), covar_pop(value, gap) from figures

select histogram(value) from figures

select * from histogram(figures, value)

select * from histogram_values(figures, value, 4)

select bool_and(is_provisional), bool_or(is_corrected), count_if(value > 10), any_value(area_id) from figures

select date_trunc('week', event_date) as week, sum(value) from figures group by week order by week

select extract(year from event_date), month(event_date), dayname(event_date), isodow(event_date) from figures

select event_date + interval 7 day as next_week, event_date - date '2020-01-01' as days from figures

select date_diff('day', event_date, published_at), age(published_at, event_date)::varchar from figures

select strftime(event_date, '%d %B %Y') from figures

select time_bucket(interval 7 day, event_date) as week, count(*) from figures group by week

select make_date(2020, 7, 1), last_day(date '2020-02-01'), today() > date '2020-01-01', current_date

select case when value > 100 then 'many' when value > 10 then 'some' else 'few' end from figures

select coalesce(value, 0), nullif(value, 0), greatest(lower, upper), ifnull(value, 0), if(value > 1, 1, 2) from figures

select cast(value as integer), value::varchar, try_cast('x' as integer) from figures

select upper(area_name), lower(area_name), trim(area_name), length(area_name), area_name[1:3] from areas

select area_name from areas where area_name ilike '%land%' or area_name similar to 'L.*'

select regexp_extract(figure_id, '^[a-z_]+'), split_part(figure_id, '.', 2), string_split(figure_id, '.') from figures

select area_name.lower().replace(' ', '_') from areas

select concat_ws(' ', area_id, area_name), format('{} has {}', area_id, area_type) from areas

select {'area': area_id, 'value': value} as both_of_them, [value, gap] as listed, map {'a': value} as mapped from figures

select unnest([1, 2, 3]) as n

select * from unnest(['a', 'b']) as t(letter)

select * from range(10)

select * from generate_series(date '2020-01-01', date '2020-01-10', interval 1 day) as t(day)

select list_transform([1, 2, 3], lambda x: x + 1), list_filter([1, 2], lambda x: x > 1), list_reduce([1, 2], lambda a, b: a + b)

select [x * 2 for x in [1, 2, 3] if x > 1]

select list_sum([1, 2]), list_sort([2, 1]), array_length([1]), list_contains([1], 1)

select json_extract('{"a": 1}', '$.a'), '{"a": [1]}'::json ->> '$.a[0]'

select * from json_each('{"a": 1, "b": 2}')

select * from figures where area_id in (select area_id from areas where area_type = 'region')

select * from areas where exists (select 1 from figures where figures.area_id = areas.area_id)

select * from areas where not exists (from figures where figures.area_id = areas.area_id)

select * from areas semi join figures using (area_id)

select * from areas anti join figures using (area_id)

select * from areas left join figures using (area_id)

select * from areas cross join metrics

select * from areas full outer join figures on areas.area_id = figures.area_id and figures.value > 10

select * from areas, lateral (select max(value) from figures where figures.area_id = areas.area_id) as t(most)

select * from claims asof join figure_versions on claims.figure_id = figure_versions.figure_id and claims.published_at >= figure_versions.known_from

select (select count(*) from figures) as figures, (select max(event_date) from figures) as newest

select distinct on (metric_id) metric_id, event_date, value from figures order by metric_id, event_date desc

select distinct status from figures order by 1 nulls last

select * from figures order by event_date desc, area_id asc nulls first limit 10 offset 5

select * from figures limit 10%

select * from figures using sample 10 rows

select * from figures tablesample 10 percent (bernoulli, 1)

select value between 1 and 10, value is null, value is distinct from 3, not is_provisional, value in (1, 2, 3) from figures

select abs(-1), round(1.555, 2), floor(1.5), ceil(1.5), sqrt(4), ln(2), power(2, 3), 7 // 2, 7 % 2, 2 ** 3, pi()

select $1 + 1 as n

select main.figures.value from main.figures

select memory.main.figures.value from memory.main.figures

select "value" as "a name; with -- signs" from figures

select 'it''s; -- not a comment' as text, $$dollar 'quoted'$$ as other

select /* a remark */ value -- and another
from figures;

select hash(figure_id), md5(figure_id), sha256(figure_id) from figures

select metric_id, unit, usual_lag_days, decimals from metrics

select source_id, count(*), sum(rows_read), sum(rows_landed) from arrivals group by source_id

select typeof(value), pg_typeof(value), uuid() is not null from figures limit 1

select weighted_avg(value, 1), kurtosis(value), skewness(value), entropy(status), mad(value) from figures

select row_number() over (order by value) - rank() over (order by value) as ties from figures

select figures from figures limit 1

select t.* from (select 1 as a, 2 as b) as t

select a.area_name, f.* like 'expected%' from areas as a, figures as f limit 1
