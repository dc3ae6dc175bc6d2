"""A small population, drawn once: its blocks, its OMOP rows, its patients."""

from datetime import date

import pytest

from trialwright.assembly.generating import Order, blocks, omop_batches
from trialwright.virtual.patients import patients_of

SCREENING = date(2026, 3, 2)
"""Screening day of the population."""


@pytest.fixture(scope="session")
def order():
    """Give the order of three thousand people, seed 20."""
    return Order(3000, 20, SCREENING)


@pytest.fixture(scope="session")
def omop(order):
    """Give all OMOP rows as lists of mappings, by table."""
    (batch,) = omop_batches(order)
    return {name: table.to_pylist() for name, table in batch.items()}


@pytest.fixture(scope="session")
def patients(order):
    """Give the same people one by one."""
    return [patient for block in blocks(order) for patient in patients_of(block)]
