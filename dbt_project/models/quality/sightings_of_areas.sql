-- What witnesses say of the areas of a file: how many people each would have if its share in all of
-- its kind were what the source itself said before, or what every other source says now. And of all
-- areas together, how many people stand where the witness has them: rows that slipped by one move
-- many areas a little.

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

own as (
    select
        *,
        '' as witness,
        0 as epochs_apart,
        usual_share * total_of_kind as reference_total
    from recalled
    where
        usual_share is not null
        and {{ days_between('oldest_published_at', 'published_at') }} <= 14
),

others as (
    select
        shares.*,
        cast(null as double) as usual_share,
        cast(null as timestamp) as oldest_published_at,
        witnesses.witness,
        witnesses.epochs_apart,
        seen.total / greatest(seen.total_of_kind, 1) * shares.total_of_kind as reference_total
    from {{ ref('area_shares') }} as shares
    inner join {{ ref('file_witnesses') }} as witnesses
        on
            shares.source_id = witnesses.source_id
            and shares.metric_id = witnesses.metric_id
            and shares.file_sha256 = witnesses.file_sha256
    inner join {{ ref('area_shares') }} as seen
        on
            witnesses.witness = seen.source_id
            and shares.metric_id = seen.metric_id
            and witnesses.witness_sha256 = seen.file_sha256
            and shares.stratum_id = seen.stratum_id
            and shares.area_id = seen.area_id
            and shares.areas_of_kind = seen.areas_of_kind
),

sightings as (
    select * from own
    union all
    select * from others
),

in_place as (
    select
        source_id,
        metric_id,
        stratum_id,
        area_type,
        file_sha256,
        published_at,
        landed_at,
        witness,
        epochs_apart,
        sum(least(total, reference_total)) as total,
        sum(total) as reference_total
    from sightings
    group by
        source_id, metric_id, stratum_id, area_type, file_sha256, published_at, landed_at,
        witness, epochs_apart
),

named as (
    select
        source_id, metric_id, stratum_id, area_type, file_sha256, published_at, landed_at,
        witness, epochs_apart, area_id as subject, total, reference_total
    from sightings
    union all
    select
        source_id, metric_id, stratum_id, area_type, file_sha256, published_at, landed_at,
        witness, epochs_apart, 'all areas' as subject, total, reference_total
    from in_place
),

placed as (
    select
        *,
        'areas' as scope,
        subject || '/' || cast(epochs_apart as string) as slot,
        false as is_settled
    from named
)

select {{ sighting_columns() }} from placed
