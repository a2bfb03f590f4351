"""Names as titles, and what an answer of a wiki means."""
