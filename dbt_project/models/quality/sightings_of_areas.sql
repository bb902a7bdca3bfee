-- What witnesses say of the areas of a file: how many people each would have if its share in all of
-- its kind were what the source itself said before, or what every other source says now.

with own as (
    select
        {{ file_slice_columns() }},
        area_id,
        total,
        '' as witness,
        0 as epochs_apart,
        reference_total
    from {{ ref('shares_remembered') }}
),

others as (
    select
        {{ file_slice_columns('said') }},
        said.area_id,
        said.total,
        witnesses.witness,
        witnesses.epochs_apart,
        seen.total / greatest(seen.total_of_kind, 1) * said.total_of_kind as reference_total
    from {{ said_and_seen('area_shares', 'area_shares', ['area_id', 'areas_of_kind']) }}
),

sightings as (
    select * from own
    union all
    select * from others
),

named as (
    select
        *,
        'areas' as scope,
        area_id as subject,
        area_id || '/' || cast(epochs_apart as string) as slot,
        false as is_settled
    from sightings
)

select epochs_apart, {{ sighting_columns() }} from named
