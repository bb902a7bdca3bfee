"""Exports of any size: rows go from a reader to a file a part at a time, at constant memory."""

from store.exporting.forms import csv_of, parquet_of
from store.exporting.rows import Rows, rows_of

__all__ = ["Rows", "csv_of", "parquet_of", "rows_of"]
