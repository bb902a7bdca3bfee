"""Which sources have brought what, and which are late."""

from datetime import datetime

import polars as pl

from store.reader import Reader


def newest_publication(reader: Reader) -> datetime | None:
    """When the newest file of a publisher that landed was published, or None before the first.

    A correction that was accepted here is no publication.
    """
    newest = reader.ask(
        """
        select max(published_at) as newest
        from arrivals
        where verdict in ('landed', 'known') and source_id <> 'ground_reports'
        """
    ).item()
    return newest if isinstance(newest, datetime) else None


def freshness(reader: Reader) -> pl.DataFrame:
    """One row a source: newest publication and landing, files refused, and `state`.

    `state` is `current`, `late`, `ended` (its publisher has stopped), `refused` (its newest file
    was) or `nothing` (no file yet).
    A source is late when its newest file is older, by more than its rhythm allows, than the
    newest file of any source with a rhythm: it measures sources against each other, not the
    calendar, so that an old collection reads as it did in its day.
    """
    return reader.ask(
        """
        with newest as (
            select
                source_id,
                max(published_at) filter (where verdict in ('landed', 'known')) as published_at,
                max(landed_at) filter (where verdict in ('landed', 'known')) as landed_at,
                count(*) filter (where verdict = 'refused') as refused,
                max_by(verdict, landed_at) as last_verdict,
                max_by(reason, landed_at) as last_reason
            from arrivals
            group by source_id
        ),

        rhythm as (
            select
                sources.*,
                case cadence
                    when 'daily' then 2
                    when 'weekdays' then 4
                    when 'weekly' then 9
                    when 'monthly' then 40
                end as days_allowed
            from sources
        )

        select
            rhythm.source_id,
            rhythm.title,
            rhythm.publisher,
            rhythm.due,
            newest.published_at,
            newest.landed_at,
            coalesce(newest.refused, 0) as refused,
            newest.last_reason,
            case
                when newest.published_at is null and newest.refused > 0 then 'refused'
                when newest.published_at is null then 'nothing'
                when newest.last_verdict = 'refused' then 'refused'
                when rhythm.cadence = 'ended' then 'ended'
                when
                    date_diff(
                        'day',
                        newest.published_at,
                        max(newest.published_at) filter (where days_allowed is not null) over ()
                    ) > rhythm.days_allowed
                    then 'late'
                else 'current'
            end as state
        from rhythm
        left join newest using (source_id)
        order by state = 'current', rhythm.title
        """
    )
