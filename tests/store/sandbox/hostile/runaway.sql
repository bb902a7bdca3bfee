select count(*) from range(1000000000000) a

select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 8

with recursive r as (select 1 as n union all select n + 1 from r) select * from r

select list_reduce(range(100000000), lambda x, y: x + y)

select repeat('x', 2000000000) || 'x'

select repeat('x', 400000000) || 'x' || repeat('y', 400000000)

select length(repeat(repeat('x', 100000000), 20))

select list_sort(range(30000000))

select list_transform(range(100000000), lambda x: x * 2)

select string_agg(repeat('x', 1000000)) from range(3000)

select list(repeat('x', 1000000)) from range(3000)

select sha256(i::varchar) from range(100000000000) t(i) where sha256(i::varchar) = 'x'

select regexp_replace(repeat('ab', 100000000), '(a|b)*', 'x', 'g')

select lpad('x', 2000000000, 'y')

select rpad('x', 1999999999, 'y') || rpad('x', 1999999999, 'y')

select i, list(i) over () from range(1000000) t(i)

select i, string_agg(i::varchar) over (order by i) from range(200000) t(i)

select * from range(3000000) a order by hash(range), repeat(range::varchar, 100)

select count(distinct repeat(range::varchar, 50)) from range(50000000)

select histogram(range) from range(100000000)

select array_agg(range) from range(300000000)

select levenshtein(repeat('a', 1000000), repeat('b', 1000000))

select damerau_levenshtein(repeat('a', 100000), repeat('b', 100000))

select jaccard(repeat('ab', 10000000), repeat('ba', 10000000))

select factorial(20), generate_series(1, 1000000000)

select unnest(range(2000000000))

select * from unnest(range(2000000000))

select bitstring('1', 2000000000)

select json_object('a', repeat('x', 500000000), 'b', repeat('y', 500000000))

select to_json(range(100000000))

select string_split(repeat('a,', 300000000), ',')

select list_distinct(range(50000000))

select format('{:>2000000000}', 'x')

select printf('%2000000000s', 'x')

select map_from_entries(list_zip(range(20000000), range(20000000)))

with a as (select range as i from range(100000)) select count(*) from a x, a y, a z

select count(*) from range(100000) a left join range(100000) b on a.range < b.range

select quantile_cont(range, 0.5) from range(1000000000)

select mode(range) from range(1000000000)

select approx_top_k(range, 1000000) from range(1000000000)

select md5(repeat('x', 1400000000))

select translate(repeat('x', 500000000), 'x', 'y')

select reverse(repeat('é', 500000000))

select repeat('x', 100000000) from range(100)

select repeat([1, 2, 3], 300000000)

select list_resize([1], 1000000000, 7)

select array_agg(f) from figures f, range(10000000)

select * from figures a, figures b, figures c, figures d

select list_aggregate(range(200000000), 'string_agg')

select time_bucket(interval 1 microsecond, ts) from generate_series(timestamp '1900-01-01', timestamp '2100-01-01', interval 1 microsecond) t(ts)
