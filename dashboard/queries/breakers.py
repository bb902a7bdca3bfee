"""What the circuit breakers keep out of the figures."""

import polars as pl

from store.reader import Reader


def held(reader: Reader) -> pl.DataFrame:
    """One row a held file, newest first: source_id, title, since, and why in `sentence`.

    A file that several breakers hold is one file, with what each of them says.
    """
    return reader.ask(
        """
        select
            breakers.source_id,
            sources.title,
            min(breakers.since) as since,
            string_agg(distinct breakers.sentence, ' ' order by breakers.sentence) as sentence
        from breakers
        left join sources using (source_id)
        where breakers.severity = 'hold' and breakers.is_open
        group by breakers.source_id, sources.title, breakers.file_sha256
        order by since desc, breakers.source_id, sentence
        """
    )
