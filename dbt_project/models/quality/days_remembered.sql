-- What each file says of each day beside what its own source said of that day before, suspects left
-- out. Days that grow are usual by their age and by how often the source spoke of them before.

with unsuspected as (
    select
        days.*,
        case when suspects.file_sha256 is null then days.total end as good_total
    from {{ ref('recalled_days') }} as days
    left join {{ ref('suspect_files') }} as suspects
        using (source_id, metric_id, file_sha256)
),

remembered as (
    select
        *,
        {{ middle('good_total') }} over statements as usual_good_total,
        {{ middle('case when is_old then good_total end') }} over statements
            as settled_good_total,
        count(good_total) over statements as times_said
    from unsuspected
    window
        statements as {{ files_before(
            'source_id, metric_id, stratum_id, area_type, event_date, areas, which_areas, epoch', 28
        ) }}
),

by_age as (
    select
        *,
        case when is_old then settled_good_total else usual_good_total end as reference_total,
        case when is_old then 0 else times_said end as times_recalled
    from remembered
)

select * from by_age
where reference_total is not null
