"""The extract: cases, events, answers and duties as typed Parquet, without names. See docs/look-up/extract.md."""
