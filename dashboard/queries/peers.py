"""Areas of the same kind, the nearest first: with whom an area is compared."""

import polars as pl

from store.reader import Reader


def peers(reader: Reader, area_id: str) -> pl.DataFrame:
    """Areas of the kind and nation of one area, ended ones too, itself first.

    Columns area_id, area_name, kilometres (between the centroids, over a globe). Lower-tier and
    unitary authorities are one kind, as each is the lowest where it stands; upper-tier and unitary
    ones are another. Without a row where an area has no centroid or no others of its kind.
    Publishers give old days under new codes, so which of them count is for the figures to say.
    """
    return reader.ask(
        """
        with here as (
            select
                area_id,
                area_type,
                is_lower_tier,
                is_upper_tier,
                radians(latitude) as north,
                radians(longitude) as east
            from areas
            where area_id = $area_id and latitude is not null
        ),

        alike as (
            select
                areas.area_id,
                areas.area_name,
                here.north,
                here.east,
                radians(areas.latitude) as their_north,
                radians(areas.longitude) as their_east
            from areas
            inner join here on left(areas.area_id, 1) = left(here.area_id, 1)
            where
                areas.latitude is not null
                and case
                    when here.is_lower_tier then areas.is_lower_tier
                    when here.is_upper_tier then areas.is_upper_tier
                    when here.area_type in ('region', 'nhs_region')
                        then areas.area_type = here.area_type
                    else false
                end
        )

        select
            area_id,
            area_name,
            2 * 6371 * asin(
                sqrt(
                    power(sin((their_north - north) / 2), 2)
                    + cos(north) * cos(their_north) * power(sin((their_east - east) / 2), 2)
                )
            ) as kilometres
        from alike
        order by area_id = $area_id desc, kilometres, area_id
        """,
        area_id=area_id,
    )
