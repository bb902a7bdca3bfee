-- Areas that a publisher of full histories no longer lists, and since which publication. They keep
-- their last claim; sums leave them out, since their counts usually stand under another code by now.
-- A file that holds hardly any area of a kind is another edition and leaves nobody out.

with publications as (
    select publications.*, areas.area_type
    from {{ ref('publications') }} as publications
    inner join {{ ref('sources') }} as sources on publications.source_id = sources.source_id
    inner join {{ ref('areas') }} as areas on publications.area_id = areas.area_id
    where sources.absence = 'withdrawn'
),

last_listed as (
    select source_id, metric_id, area_type, area_id, max(published_at) as last_listed_at
    from publications
    group by source_id, metric_id, area_type, area_id
),

kinds as (
    select source_id, metric_id, area_type, count(*) as areas
    from last_listed
    group by source_id, metric_id, area_type
),

editions as (
    select publications.source_id, publications.metric_id, kinds.area_type, published_at
    from publications
    inner join kinds using (source_id, metric_id, area_type)
    group by
        publications.source_id, publications.metric_id, kinds.area_type, published_at, kinds.areas
    having count(*) > 0.5 * kinds.areas
),

unlisted as (
    select
        last_listed.source_id,
        last_listed.metric_id,
        last_listed.area_id,
        min(editions.published_at) as unlisted_from
    from last_listed
    inner join editions
        on
            last_listed.source_id = editions.source_id
            and last_listed.metric_id = editions.metric_id
            and last_listed.area_type = editions.area_type
            and last_listed.last_listed_at < editions.published_at
    group by last_listed.source_id, last_listed.metric_id, last_listed.area_id
)

select * from unlisted
