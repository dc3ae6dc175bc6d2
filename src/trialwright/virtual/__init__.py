"""Patients who never were: drawn from a generator handed in, written alike to every format."""
