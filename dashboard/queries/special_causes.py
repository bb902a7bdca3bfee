"""Which series are out of their ordinary variation, judged as NHS boards do, by an XmR chart.

The limits are the mean of the points before, 2.66 mean moving ranges to each side. Days that still
fill in are never judged, nor is a series of fewer than `FEWEST` points or of less than `SMALLEST`
people: chance alone moves it. Nor is one with a hidden day, whose mean would be that of its large
days alone. Points in a row are of dates in a row, and what lies before a gap of more than
`LONGEST_GAP` days, or weeks, is another series, as one winter is beside the next.
"""

import polars as pl

from dashboard.queries.lists import among
from store.passport import HIDDEN
from store.reader import Reader

MOST, FEWEST, SMALLEST = 28, 14, 5
PER_MOVING_RANGE = 2.66
ROW, LONGEST_GAP = 7, 7
# From where on a point is near a limit, in parts of the way to it.
NEAR = 2 / 3


def special_causes(reader: Reader, metric_ids: list[str], area_ids: list[str]) -> pl.DataFrame:
    """The newest settled point of each series that breaks a rule, as `judged` gives it."""
    return judged(reader, metric_ids, area_ids).filter(pl.col("rule_id").is_not_null())


def judged(reader: Reader, metric_ids: list[str], area_ids: list[str]) -> pl.DataFrame:
    """The newest settled point of each series that can be judged, and the strongest rule it breaks.

    One row a measure and area: figure_id, event_date, value, value_before, mean, low, high, points
    (how many the limits are made of), distance (from the mean, in distances to the limit), rule_id
    and is_high (on which side it breaks the rule), both null where it breaks none. Where all points
    before are the same there is no distance: any other value is outside their limits.
    """
    metrics, named = among("metric", metric_ids)
    areas, placed = among("area", area_ids)
    hidden, unshown = among("hidden", sorted(HIDDEN))
    return reader.ask(
        f"""
        with held as (
            select
                figures.metric_id,
                figures.area_id,
                figures.figure_id,
                figures.event_date,
                figures.value,
                if(metrics.grain = 'week', 7, 1) as unit,
                lag(figures.event_date) over newest_first - figures.event_date as days_to_newer
            from figures
            inner join metrics using (metric_id)
            where
                figures.metric_id in {metrics}
                and figures.area_id in {areas}
                and figures.stratum_id = 'all'
                and not figures.is_provisional
                and metrics.grain in ('day', 'week')
                and (figures.value is not null or figures.missing_reason in {hidden})
            window newest_first as (
                partition by figures.metric_id, figures.area_id order by figures.event_date desc
            )
        ),

        -- What lies before a long gap, as between two winters, is another series.
        of_a_season as (
            select *
            from held
            qualify coalesce(bool_or(days_to_newer > $longest_gap * unit) over (
                partition by metric_id, area_id order by event_date desc
            ), false) = false
        ),

        points as (
            select
                *,
                row_number() over newest_first as ago,
                value - lead(value) over newest_first as step
            from of_a_season
            window newest_first as (partition by metric_id, area_id order by event_date desc)
            qualify ago <= $most + 1
        ),

        usual as (
            select
                metric_id,
                area_id,
                avg(value) filter (where ago > 1) as mean,
                $per_range * avg(abs(step)) filter (where ago > 1 and ago <= $most) as reach,
                count(*) - 1 as points
            from points
            group by metric_id, area_id
            -- The mean of a series with hidden days would be that of its large days alone.
            having
                count(*) > $fewest
                and count(value) = count(*)
                and avg(value) >= $smallest
        ),

        beside as (
            select
                points.*,
                usual.mean,
                usual.reach,
                $near * usual.reach as near,
                usual.points as before,
                max(points.event_date) over (partition by metric_id, area_id)
                - points.event_date = points.unit * (points.ago - 1) as is_row
            from points
            inner join usual using (metric_id, area_id)
        ),

        counted as (
            select
                metric_id,
                area_id,
                max(figure_id) filter (where ago = 1) as figure_id,
                max(event_date) as event_date,
                max(value) filter (where ago = 1) as value,
                max(value) filter (where ago = 2) as value_before,
                max(mean) as mean,
                greatest(max(mean - reach), 0) as low,
                max(mean + reach) as high,
                max(before) as points,
                max(reach) = 0 as is_steady,
                max((value - mean) / nullif(reach, 0)) filter (where ago = 1) as distance,
                count(*) filter (where is_row and ago <= 3 and value - mean > near) as near_high,
                count(*) filter (where is_row and ago <= 3 and mean - value > near) as near_low,
                count(*) filter (where is_row and ago <= $row) as in_a_row,
                count(*) filter (where is_row and ago <= $row and value > mean) as above,
                count(*) filter (where is_row and ago <= $row and value < mean) as below,
                count(*) filter (where ago < $row and step > 0) as rises,
                count(*) filter (where ago < $row and step < 0) as falls
            from beside
            group by metric_id, area_id
        ),

        ruled as (
            select
                *,
                case
                    when abs(distance) > 1 then 'outside_limits'
                    when is_steady and value <> value_before then 'no_longer_same'
                    -- The newest point is one of the two, or the words would be of another day.
                    when near_high >= 2 and distance > $near then 'near_limit'
                    when near_low >= 2 and -distance > $near then 'near_limit'
                    when greatest(above, below) = $row then 'seven_one_side'
                    when greatest(rises, falls) = $row - 1 and in_a_row = $row then 'seven_one_way'
                end as rule_id
            from counted
        )

        select
            ruled.* exclude (is_steady, near_high, near_low, in_a_row, above, below, falls),
            case rule_id
                when 'outside_limits' then distance > 0
                when 'no_longer_same' then value > value_before
                when 'near_limit' then distance > 0
                when 'seven_one_side' then above = $row
                when 'seven_one_way' then rises = $row - 1
            end as is_high,
            metrics.metric_name,
            metrics.decimals,
            metrics.grain,
            metrics.direction,
            areas.area_name
        from ruled
        inner join metrics using (metric_id)
        inner join areas using (area_id)
        order by abs(ruled.distance) desc nulls last, ruled.metric_id, areas.area_name
        """,
        most=MOST,
        fewest=FEWEST,
        smallest=SMALLEST,
        per_range=PER_MOVING_RANGE,
        near=NEAR,
        row=ROW,
        longest_gap=LONGEST_GAP,
        **named,
        **placed,
        **unshown,
    )
