-- Areas that a publisher of full histories stopped to list: from the first publication without them
-- until they were listed again. They keep their last claim, and sums leave them out. A file with hardly
-- any area of a kind is another edition and leaves nobody out.

with publications as (
    select
        publications.*,
        areas.area_type,
        min(publications.published_at) over (
            partition by publications.source_id, publications.metric_id, publications.area_id
        ) as first_listed_at
    from {{ ref('publications') }} as publications
    inner join {{ ref('sources') }} as sources on publications.source_id = sources.source_id
    inner join {{ ref('areas') }} as areas on publications.area_id = areas.area_id
    where sources.absence = 'withdrawn'
),

counted as (
    select
        source_id,
        metric_id,
        area_type,
        published_at,
        count(*) as areas,
        sum(count(case when first_listed_at = published_at then 1 end)) over (
            partition by source_id, metric_id, area_type order by published_at
        ) as areas_so_far
    from publications
    group by source_id, metric_id, area_type, published_at
),

listings as (
    select
        source_id,
        metric_id,
        area_type,
        area_id,
        published_at as last_listed_at,
        lead(published_at) over (
            partition by source_id, metric_id, area_id order by published_at
        ) as listed_again_at
    from publications
),

unlisted as (
    select
        listings.source_id,
        listings.metric_id,
        listings.area_id,
        min(counted.published_at) as unlisted_from,
        listings.listed_again_at as listed_from
    from listings
    inner join counted
        on
            listings.source_id = counted.source_id
            and listings.metric_id = counted.metric_id
            and listings.area_type = counted.area_type
            and listings.last_listed_at < counted.published_at
            and (
                listings.listed_again_at is null
                or counted.published_at < listings.listed_again_at
            )
            and counted.areas > 0.5 * counted.areas_so_far
    group by
        listings.source_id, listings.metric_id, listings.area_id, listings.last_listed_at,
        listings.listed_again_at
)

select * from unlisted
