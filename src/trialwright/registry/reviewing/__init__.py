"""Proposals before a person: what is open, what a decision makes of a criterion, and the file."""
