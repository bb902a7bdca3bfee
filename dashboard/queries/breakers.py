"""What the circuit breakers keep out of the figures."""

import polars as pl

from store.reader import Reader


def held(reader: Reader) -> pl.DataFrame:
    """One row a held file: source_id, title, since, sentence; newest first."""
    return reader.ask(
        """
        select breakers.source_id, sources.title, breakers.since, breakers.sentence
        from breakers
        left join sources using (source_id)
        where breakers.severity = 'hold' and breakers.is_open
        order by breakers.since desc, breakers.source_id
        """
    )
