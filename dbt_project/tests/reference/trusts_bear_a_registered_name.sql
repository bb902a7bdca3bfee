{{ config(severity='warn') }}
-- Codes are never reused: the name we show was registered under this code at some time.

with registered as (
    select
        area_id,
        upper(trust_name) as registered_name,
        max(published_at) as published_at
    from {{ ref('stg_ods_reference__trusts') }}
    group by area_id, upper(trust_name)
),

compared as (
    select
        areas.area_id,
        areas.area_name,
        count(*) filter (where registered.registered_name = upper(areas.area_name)) as matches
    from {{ ref('areas') }} as areas
    inner join registered on areas.area_id = registered.area_id
    where areas.area_type = 'trust'
    group by areas.area_id, areas.area_name
)

select * from compared
where matches = 0
