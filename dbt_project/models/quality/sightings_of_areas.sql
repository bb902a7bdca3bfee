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

beside_others as (
    select
        {{ file_slice_columns('said') }},
        said.area_id,
        said.total,
        said.total_of_kind,
        witnesses.witness,
        witnesses.epochs_apart,
        seen.total as seen_total,
        seen.total_of_kind as seen_total_of_kind,
        sum(said.total) over in_common as common_total,
        sum(seen.total) over in_common as seen_common_total
    from {{ said_and_seen('area_shares', 'area_shares', ['area_id']) }}
    where witnesses.days_apart <= 14
    window
        in_common as (
            partition by
                {{ file_slice_columns('said') }}, witnesses.witness
        )
),

others as (
    select
        {{ file_slice_columns() }},
        area_id,
        total,
        witness,
        epochs_apart,
        seen_total / greatest(seen_common_total, 1) * common_total as reference_total
    from beside_others
    -- Who lists other areas has other shares.
    where
        common_total >= 0.9 * total_of_kind
        and seen_common_total >= 0.9 * seen_total_of_kind
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
