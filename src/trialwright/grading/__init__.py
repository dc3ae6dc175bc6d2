"""CTCAE: which grade is this value, and why."""
