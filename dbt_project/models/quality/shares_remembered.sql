-- The share of each area in all of its kind beside what its own source said in the week of files
-- before, suspects left out.

with recalled as (
    select
        shares.*,
        {{ middle(
            'case when suspects.file_sha256 is null then total / greatest(total_of_kind, 1) end'
        ) }} over week_of_files as usual_share,
        min(case when suspects.file_sha256 is null then published_at end) over week_of_files
            as oldest_published_at
    from {{ ref('area_shares') }} as shares
    left join {{ ref('suspect_files') }} as suspects
        using (source_id, metric_id, file_sha256)
    window
        week_of_files as {{ files_before(
            'source_id, metric_id, stratum_id, area_id, areas_of_kind, epoch', 7
        ) }}
),

of_this_fortnight as (
    select
        *,
        usual_share * total_of_kind as reference_total
    from recalled
    where {{ days_between('oldest_published_at', 'published_at') }} <= 14
)

select * from of_this_fortnight
where reference_total is not null
