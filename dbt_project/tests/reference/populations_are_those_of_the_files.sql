{{ config(severity='warn') }}
-- The seed of populations equals what the files say, where files of that day arrived.

with published as (
    select area_code as area_id, event_date, value as population
    from {{ ref('stg_ons_population__residents') }}
    union all
    select
        region_id as area_id,
        cast('2020-06-30' as date) as event_date,
        sum(population) as population
    from {{ ref('stg_ons_lookups__group_populations') }}
    group by region_id
)

select
    published.area_id,
    published.population,
    populations.population as in_the_seed
from published
inner join {{ ref('areas') }} as areas on published.area_id = areas.area_id
left join {{ ref('populations') }} as populations
    on published.area_id = populations.area_id and published.event_date = populations.event_date
where
    published.event_date = cast('2020-06-30' as date)
    and populations.population is distinct from published.population
