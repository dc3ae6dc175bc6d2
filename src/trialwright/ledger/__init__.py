"""The append-only ledger: one signed, hash-chained record of happenings for each trial."""
