"""Endpoints: what a participant's course amounts to, and how many had it."""
