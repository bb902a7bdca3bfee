-- How many people of a file stand in the area where a witness has them: rows that slipped by one move
-- many areas a little.

with in_place as (
    select
        {{ file_slice_columns() }},
        witness,
        epochs_apart,
        sum(least(total, reference_total)) as total,
        sum(total) as reference_total
    from {{ ref('sightings_of_areas') }}
    group by {{ file_slice_columns() }}, witness, epochs_apart
),

named as (
    select
        *,
        'areas' as scope,
        'all areas' as subject,
        'all areas/' || cast(epochs_apart as string) as slot,
        false as is_settled
    from in_place
)

select {{ sighting_columns() }} from named
