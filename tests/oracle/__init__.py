"""A plain model of the record, written from HISTORY.md alone: the independent check on KDT."""
