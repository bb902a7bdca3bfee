"""What the circuit breakers keep out of the figures."""

import re

import polars as pl

from store.reader import Reader

A_NAME = re.compile(r"\b[a-z][a-z0-9_]*\b")


def held(reader: Reader) -> pl.DataFrame:
    """One row a held file, newest first: source_id, title, since, and why in `sentence`.

    A file that several breakers hold is one file, with what each of them says. A breaker writes the
    short names of sources and measures; whoever reads the sentence on a page or on paper has their
    titles there.
    """
    found = reader.ask(
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
    if found.is_empty():
        return found
    titles = _titles(reader)
    said = [in_words(sentence, titles) for sentence in found["sentence"]]
    return found.with_columns(sentence=pl.Series(said, dtype=pl.String))


def in_words(sentence: str | None, titles: dict[str, str]) -> str | None:
    """A sentence with titles in place of short names."""
    if sentence is None:
        return None
    return A_NAME.sub(lambda name: titles.get(name.group(), name.group()), sentence)


def _titles(reader: Reader) -> dict[str, str]:
    """A measure of one word, such as `population`, is that word in a sentence too."""
    found = reader.ask(
        """
        select metric_id as short_name, metric_name as title
        from metrics
        where contains(metric_id, '_')
        union all
        select source_id, title from sources
        """
    )
    return {name: title for name, title in found.iter_rows() if title}
