-- From when until when each file was the newest of its source, whether it is held, and the newest day
-- of which the source had said anything that counts.

with files as (
    select
        files.source_id,
        files.metric_id,
        files.published_at as known_from,
        coalesce(files.next_published_at, timestamp '9999-12-31') as known_until,
        files.last_date,
        holds.file_sha256 is not null as is_held,
        holds.let_go_at
    from {{ ref('file_order') }} as files
    left join {{ ref('holds') }} as holds
        on files.source_id = holds.source_id and files.file_sha256 = holds.file_sha256
),

parted as (
    -- A file that a person let go was held until then.
    select
        source_id, metric_id, known_from, least(known_until, let_go_at) as known_until,
        last_date, is_held
    from files
    union all
    select
        source_id, metric_id, let_go_at as known_from, known_until,
        last_date, false as is_held
    from files
    where let_go_at < known_until
),

in_order as (
    select
        *,
        coalesce(lag(is_held) over (
            partition by source_id, metric_id order by known_from
        ), false) as was_held,
        max(case when not is_held then last_date end) over (
            partition by source_id, metric_id order by known_from
            rows between unbounded preceding and current row
        ) as newest_day
    from parted
    where known_from < known_until
),

spells as (
    -- Since when a source has been held, or was until this file came, however many files it was.
    select
        *,
        max(case when is_held and not was_held then known_from end) over (
            partition by source_id, metric_id order by known_from
            rows between unbounded preceding and current row
        ) as held_from
    from in_order
)

select * from spells
