"""The casebook of one participant: what was known on a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal, refuse
from trialwright.terms.sources import Source

AS_OF = date(2026, 3, 14)


def _seen(on, place="", term="ecog"):
    """Make an observation of a day."""
    return Observation(term, "1", PartialDate.parse(on), Source("fhir", place))


def _had(since, recorded=None, place="", term="diabetes", is_present=True):
    """Make a record of a condition."""
    began = PartialDate.parse(since) if since else None
    entered = PartialDate.parse(recorded) if recorded else None
    return Condition(term, is_present, began, None, Source("fhir", place), entered)


def _answered(answer, on, question="consent"):
    """Make an answer of a day."""
    day = PartialDate.parse(on)
    return Attestation(question, answer, "", "investigator", day, Source("person", "p1"))


def test_observations_come_oldest_first():
    """Facts that came in late take their place in time."""
    facts = tuple(_seen(on) for on in ("2026-03-14", "2025-12-01", "2026-01-02"))

    found = Casebook("P-1", observations=facts).observed("ecog", AS_OF)

    assert [str(fact.on) for fact in found] == ["2025-12-01", "2026-01-02", "2026-03-14"]


def test_observations_of_one_day_keep_their_order():
    """Of two readings of one day the one that came in later is the last."""
    facts = (_seen("2026-03-01", "b"), _seen("2026-03-01", "a"))

    assert Casebook("P-1", observations=facts).observed("ecog", AS_OF) == facts


def test_other_terms_are_left_out():
    """Asking for one term gives no fact of another."""
    facts = (_seen("2026-03-01", term="weight"), _seen("2026-03-01"))

    assert Casebook("P-1", observations=facts).observed("ecog", AS_OF) == facts[1:]


@pytest.mark.parametrize(
    ("on", "is_known"),
    [
        ("2026-03-13", True),
        ("2026-03-14", True),
        ("2026-03-15", False),
        ("2026-03", True),
        ("2026", True),
        ("2026-04", False),
        ("2027", False),
    ],
)
def test_future_is_left_out_and_what_straddles_the_day_stays(on, is_known):
    """Certainly later facts are unknown on that day; undecided dates stay for the rule to see."""
    casebook = Casebook("P-1", None, None, None, (_seen(on),), (_had(on),), (_answered("yes", on),))

    assert bool(casebook.observed("ecog", AS_OF)) is is_known
    assert bool(casebook.conditions_of("diabetes", AS_OF)) is is_known
    assert (casebook.answered("consent", AS_OF) is not None) is is_known


def test_partial_date_stands_at_its_last_day():
    """A reading of March stands behind one of 14 March and before one of April."""
    facts = tuple(_seen(on) for on in ("2026-04-01", "2026-03", "2026-03-31", "2026-03-14"))

    found = Casebook("P-1", observations=facts).observed("ecog", date(2026, 5, 1))

    assert [str(fact.on) for fact in found] == ["2026-03-14", "2026-03", "2026-03-31", "2026-04-01"]


@pytest.mark.parametrize(
    ("since", "recorded", "is_known"),
    [
        ("2026-03-15", "2026-03-01", False),
        ("2026-03-01", "2026-03-15", True),
        (None, "2026-03-15", False),
        (None, "2026-03-14", True),
        (None, None, True),
    ],
)
def test_condition_is_dated_by_its_beginning_else_by_its_record(since, recorded, is_known):
    """A condition without any date is known on every day."""
    casebook = Casebook("P-1", conditions=(_had(since, recorded),))

    assert bool(casebook.conditions_of("diabetes", AS_OF)) is is_known


def test_conditions_keep_the_order_in_which_they_came_in():
    """Presence and recorded absence of a term are both given, in order."""
    facts = (
        _had("2026-03-02", place="b"),
        _had("2020", term="hiv"),
        _had("2026-03-01", place="a", is_present=False),
    )

    assert Casebook("P-1", conditions=facts).conditions_of("diabetes", AS_OF) == (
        facts[0],
        facts[2],
    )


@pytest.mark.parametrize(
    ("answers", "last"),
    [
        ([("yes", "2026-03-01"), ("no", "2026-03-02")], "no"),
        ([("no", "2026-03-02"), ("yes", "2026-03-01")], "no"),
        ([("yes", "2026-03-01"), ("no", "2026-03-01")], "no"),
        ([("no", "2026-03-01"), ("yes", "2026-03-01")], "yes"),
        ([("yes", "2026-03-01"), ("no", "2026-03-15")], "yes"),
        ([("yes", "2026-01-31"), ("no", "2026-01")], "yes"),
        ([("no", "2026-01"), ("yes", "2026-01-31")], "yes"),
        ([("yes", "2026-02"), ("no", "2026-02-27")], "yes"),
    ],
)
def test_last_answer_counts(answers, last):
    """An answer corrected on the same day is the corrected one; a later day outweighs all."""
    facts = tuple(_answered(answer, on) for answer, on in answers)

    assert Casebook("P-1", attestations=facts).answered("consent", AS_OF).answer == last


def test_question_that_nobody_answered_has_no_answer():
    """Silence is neither yes nor no."""
    casebook = Casebook("P-1", attestations=(_answered("yes", "2026-03-01", "tissue"),))

    assert casebook.answered("consent", AS_OF) is None


def test_facts_are_added_behind_those_held():
    """A casebook with further facts is a new one; the old one is unchanged."""
    first, second = _seen("2026-03-01", "a"), _seen("2026-03-01", "b")
    began, went_on = _had("2020", place="a"), _had("2021", place="b")
    asked, asked_again = _answered("yes", "2026-03-01"), _answered("no", "2026-03-01")
    casebook = Casebook(
        "P-1", PartialDate.parse("1960"), "female", None, (first,), (began,), (asked,)
    )

    fuller = casebook.with_facts((second,), (went_on,), (asked_again,))

    assert fuller == Casebook(
        "P-1",
        PartialDate.parse("1960"),
        "female",
        None,
        (first, second),
        (began, went_on),
        (asked, asked_again),
    )
    assert casebook.observations == (first,)
    assert casebook.with_facts() == casebook


def test_what_is_put_off_is_read_at_the_first_look_and_once():
    """Three facts put off, one after the other; the casebook they were added to stays empty."""
    asked = []

    def read(place):
        """Give a reader that notes when it was asked."""
        return lambda before: (
            asked.append(place) or before.with_facts((_seen("2026-03-01", place),))
        )

    empty = Casebook("P-1", sex="female")
    first = empty.later(read("a"))
    last = first.later(read("b")).later(read("c"))
    assert asked == []

    found = [fact.source.place for fact in last.observations]

    assert (found, last.sex, last.participant) == (["a", "b", "c"], "female", "P-1")
    assert last.observed("ecog", AS_OF) == last.observations
    assert asked == ["a", "b", "c"]
    assert len(first.observations) == 1
    assert empty.observations == ()
    assert last == empty.with_facts(last.observations)


def test_a_reader_that_refuses_does_so_at_every_look():
    """A fact that cannot be read is no missing fact."""

    def refuse_to_read(_):
        """Refuse."""
        raise refuse("value", "nonsense", "a value", "Correct it")

    casebook = Casebook("P-1").later(refuse_to_read)

    for _ in range(2):
        with pytest.raises(Refusal, match="nonsense"):
            casebook.observed("ecog", AS_OF)


DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 30))


@given(st.lists(DAYS, max_size=8), DAYS)
def test_what_was_known_on_a_day_only_grows(days, as_of):
    """Asking about an earlier day gives a beginning of what a later day gives."""
    casebook = Casebook("P-1", observations=tuple(_seen(day.isoformat()) for day in days))

    earlier, later = casebook.observed("ecog", as_of), casebook.observed("ecog", date(2026, 6, 30))

    assert later[: len(earlier)] == earlier
    assert len(earlier) == sum(day <= as_of for day in days)
