"""A synthetic England whose truth is known, and the files its publishers would have written."""
