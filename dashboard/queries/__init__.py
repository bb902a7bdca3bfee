"""What pages ask of a reader, one module a subject."""
