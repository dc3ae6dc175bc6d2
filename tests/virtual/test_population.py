"""The same seed gives the same people: in any size, any batch, and no two alike."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trialwright.assembly.generating import Order, blocks, omop_batches
from trialwright.virtual.patients import patients_of

ORDER = Order(2300, 5, date(2026, 3, 2))


def gathered(order: Order, together: int) -> dict[str, list[dict[str, object]]]:
    """Give every row by table, drawn in batches of a size."""
    rows: dict[str, list[dict[str, object]]] = {}
    for batch in omop_batches(order, together):
        for name, table in batch.items():
            rows.setdefault(name, []).extend(table.to_pylist())
    return rows


@pytest.mark.parametrize("together", [2, 3, 50])
def test_the_size_of_a_batch_changes_nothing(together: int):
    """Two blocks at a time, three or all: every row of every table is the same."""
    one_by_one = gathered(ORDER, 1)

    assert gathered(ORDER, together) == one_by_one


def test_a_smaller_population_is_the_beginning_of_a_larger():
    """Person 1205 is the same among 1205 people as among 2300."""
    larger = [each for block in blocks(ORDER) for each in patients_of(block)]

    smaller = [
        each for block in blocks(replace(ORDER, patients=1205)) for each in patients_of(block)
    ]

    assert smaller == larger[:1205]


def test_another_seed_gives_other_people():
    """Neither births nor results repeat."""
    first, second = (
        [each for block in blocks(replace(ORDER, patients=50, seed=seed))
         for each in patients_of(block)]
        for seed in (5, 6)
    )  # fmt: skip

    assert [each.born for each in first] != [each.born for each in second]
    assert all(one.results != other.results for one, other in zip(first, second, strict=True))


def test_no_block_repeats_another():
    """Each block of a thousand has a generator of its own."""
    first, second, _ = blocks(ORDER)

    assert (first.people.year != second.people.year).any()


def test_another_screening_day_moves_every_record_with_it():
    """The clock is not asked: days are counted from the day given."""
    later = replace(ORDER, patients=40, screening=date(2030, 1, 15))
    moved = later.screening - ORDER.screening

    before, after = (
        [result.on for block in blocks(order) for each in patients_of(block)
         for result in each.results]
        for order in (replace(ORDER, patients=40), later)
    )  # fmt: skip

    assert after == [on + moved for on in before]
    assert max(after) > later.screening + timedelta(1)


@pytest.mark.parametrize(("share", "least", "most"), [(0, 0, 0), (0.25, 600, 900), (1, 2900, 3000)])
def test_the_share_with_breast_cancer_is_as_asked(order, share: float, least: int, most: int):
    """None, a quarter, or everybody."""
    drawn = blocks(replace(order, cancer_share=share))

    assert least <= sum(int(block.people.has_cancer.sum()) for block in drawn) <= most


def test_a_leap_day_is_a_screening_day_too():
    """Somebody turns 61 although there is no 29 February that year."""
    drawn = list(blocks(Order(1000, 1, date(2028, 2, 29))))

    assert len(drawn[0].people.year) == 1000
