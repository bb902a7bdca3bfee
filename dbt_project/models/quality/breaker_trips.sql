-- Every trip of every breaker in one shape, with the metric it was about, what was seen, and where it
-- did not last from the file's publication on, from when until when.

with lasting as (
    select
        source_id, file_sha256, landed_at, breaker_id, '' as metric_id,
        cast(row_cap as string) || ' rows' as seen
    from {{ ref('breaker_row_cap') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        area_type || ' totals of ' || some_days || ' are ' || {{ people('total') }}
        || ' in place of ' || {{ people('expected_total') }} as seen
    from (
        select
            source_id, file_sha256, landed_at, breaker_id, metric_id, area_type, some_days,
            total, expected_total
        from {{ ref('breaker_total_moved') }}
        union all
        select
            source_id, file_sha256, landed_at, breaker_id, metric_id, area_type, some_days,
            total, expected_total
        from {{ ref('breaker_units') }}
    ) as totals
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        area_type || ' total of ' || event_date || ' is ' || {{ people('total') }}
        || ' in place of ' || {{ people('expected_total') }} as seen
    from {{ ref('breaker_days_moved') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        area_id || ' has ' || {{ people('total') }} || ' in place of '
        || {{ people('expected_total') }} as seen
    from {{ ref('breaker_areas_moved') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        cast(cast(round(100 * empty) as bigint) as string) || '% of the rows of ' || area_type
        || ' areas, on one day ' || cast(cast(round(100 * emptiest_day) as bigint) as string)
        || '%' as seen
    from {{ ref('breaker_rows_missing') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        'newest day ' || cast(last_date as string) || ', ' || cast(age_days as string)
        || ' days before publication' as seen
    from {{ ref('breaker_dated_oddly') }}
    union all
    select source_id, file_sha256, landed_at, breaker_id, metric_id, '' as seen
    from {{ ref('breaker_nothing_new') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        'newest day ' || cast(last_date as string) || ', ' || cast(age_days as string)
        || ' days before publication' as seen
    from {{ ref('breaker_stands_still') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        area_id || ' by ' || cast(fall as string) || ' on ' || cast(event_date as string) as seen
    from {{ ref('breaker_cumulative_falls') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        cast(expected - found as string) || ' of ' || cast(expected as string) || ' ' || area_type
        || ' areas, among them ' || example_area_id as seen
    from {{ ref('breaker_keys_vanished') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        area_type || ' areas, among them ' || example_area_id as seen
    from {{ ref('breaker_kind_missing') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, metric_id,
        area_id || ' on ' || cast(event_date as string)
        || ': ' || {{ people('parts') }} || ' in its parts, '
        || {{ people('whole') }} || ' in the whole'
        || coalesce(
            ', because the total of ' || fallen_part_name || ' fell and no day is printed below 0',
            ''
        ) as seen
    from {{ ref('breaker_parts_differ') }}
),

passing as (
    -- What is said of the newest file alone ends when it is not the newest any more.
    select
        source_id, file_sha256, landed_at, breaker_id, '' as metric_id, '' as seen,
        known_from, known_until
    from {{ ref('breaker_same_file_again') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, '' as metric_id,
        'due on ' || cast(due_on as string) as seen,
        known_from, known_until
    from {{ ref('breaker_late') }}
    union all
    select
        source_id, file_sha256, landed_at, breaker_id, '' as metric_id, series_id as seen,
        known_from, known_until
    from {{ ref('breaker_unmapped_series') }}
),

trips as (
    select
        *,
        cast(null as timestamp) as known_from,
        cast(null as timestamp) as known_until
    from lasting
    union all
    select * from passing
)

select * from trips
