-- Every slice of a file beside what each witness says of it, and by how many times they usually lie
-- apart: sources differ, and days still grow, but by much the same from file to file.

with sightings as (
    select {{ sighting_columns() }} from {{ ref('sightings_of_days') }} where age_days <= 28
    union all
    select {{ sighting_columns() }} from {{ ref('sightings_of_new_days') }}
    union all
    select {{ sighting_columns() }} from {{ ref('sightings_of_totals') }}
    union all
    select {{ sighting_columns() }} from {{ ref('sightings_of_areas') }}
    union all
    select {{ sighting_columns() }} from {{ ref('sightings_in_place') }}
),

apart as (
    select
        sightings.*,
        files.file_sha256 is not null as is_apart,
        2 / (1 / (greatest(total, 0) + 1) + 1 / (greatest(reference_total, 0) + 1)) as people,
        {{ log_ratio('total', 'reference_total') }} as apart
    from sightings
    left join {{ ref('apart_files') }} as files
        using (source_id, metric_id, file_sha256)
),

usually as (
    select
        *,
        count(*) over files_before as files_before,
        -- Nothing is learned from files on another level than before.
        {{ middle('case when not is_apart then apart end') }} over files_before
            as usually_apart
    from apart
    window
        files_before as {{ files_before(
            'source_id, metric_id, stratum_id, area_type, witness, scope, slot'
        ) }}
),

moved as (
    select
        *,
        apart
        - case when files_before >= {{ enough_files() }} then usually_apart else 0 end as moved
    from usually
),

spread as (
    select
        *,
        {{ quantile('case when not is_apart then abs(moved) end', 0.6) }} over files_before
            as usual_move,
        {{ quantile(
            'case when not is_apart then abs(moved) * sqrt(people) end', 0.6
        ) }} over files_before as usual_noise
    from moved
    window
        files_before as {{ files_before(
            'source_id, metric_id, stratum_id, area_type, witness, scope, slot'
        ) }}
)

select * from spread
