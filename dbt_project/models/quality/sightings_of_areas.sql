-- What witnesses say of the areas of a file: how many people each would have if its share in all of
-- its kind were what the source itself said before, or what every other source says now.

with own as (
    select
        *,
        '' as witness,
        area_id as slot,
        usual_share * total_of_kind as reference_total
    from {{ ref('area_shares') }}
    where usual_share is not null
),

others as (
    select
        shares.*,
        witnesses.witness,
        shares.area_id || '/' || cast(witnesses.epochs_apart as string) as slot,
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

named as (
    select *, 'areas' as scope, area_id as subject, false as is_settled from sightings
)

select {{ sighting_columns() }} from named
