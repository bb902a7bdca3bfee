-- Files whose newest day is further from their publication, or nearer to it, than that of nearly all
-- files of the month before: days shifted, an old edition, a day that is missing at the end. Files that
-- are odd themselves do not count among those.

with beside_the_month as (
    select
        files.*,
        count(*) over month_before as files_before,
        {{ nine_tenths('files.age_days') }} over month_before as oldest_usual,
        -{{ nine_tenths('-files.age_days') }} over month_before as youngest_usual
    from {{ ref('file_order') }} as files
    inner join {{ ref('metrics') }} as metrics on files.metric_id = metrics.metric_id
    where metrics.grain = 'day'
    window
        month_before as (
            partition by files.source_id, files.metric_id
            order by files.published_at, files.landed_at
            rows between 28 preceding and 1 preceding
        )
),

at_first_sight as (
    select
        *,
        case when age_days between youngest_usual and oldest_usual then age_days end as usual_age
    from beside_the_month
),

beside_the_usual as (
    select
        *,
        count(usual_age) over month_before as usual_before,
        {{ nine_tenths('usual_age') }} over month_before as oldest,
        -{{ nine_tenths('-usual_age') }} over month_before as youngest
    from at_first_sight
    window
        month_before as (
            partition by source_id, metric_id order by published_at, landed_at
            rows between 28 preceding and 1 preceding
        )
),

tripped as (
    select
        source_id,
        metric_id,
        file_sha256,
        landed_at,
        last_date,
        age_days,
        'dated_oddly' as breaker_id
    from beside_the_usual
    where usual_before >= 10 and (age_days > oldest or age_days < youngest)
)

select * from tripped
