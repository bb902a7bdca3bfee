"""Loaders: a publisher's file becomes checked Parquet; nothing is interpreted here."""
