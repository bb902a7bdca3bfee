"""Reads one Parquet file from standard input, in its own process, and prints it as Arrow text.

A damaged file makes the reader panic and a small one can unpack to any size, so it is read here.
"""

import io
import sys

import polars as pl

from loaders.child_limits import limit_this_process

MOST_ROWS = 20_000_000
MOST_COLUMNS = 5000


def main() -> None:
    """Print the table; any exit but 0 says that it is broken or too large."""
    limit_this_process()
    lazy = pl.scan_parquet(io.BytesIO(sys.stdin.buffer.read()))
    rows = lazy.select(pl.len()).collect().item()
    if rows > MOST_ROWS or len(lazy.collect_schema()) > MOST_COLUMNS:
        sys.exit(1)
    frame = lazy.select(pl.all().cast(pl.String)).collect()
    if frame.height != rows:
        sys.exit(1)
    sys.stdout.buffer.write(frame.write_ipc_stream(None).getvalue())


if __name__ == "__main__":
    main()
