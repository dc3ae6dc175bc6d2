"""Records made by the hundred thousand are those that their own class makes."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from trialwright.terms.drafts import maker


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount on a day."""

    day: int
    amount: str = "200 mg"

    def said(self) -> str:
        """Say both."""
        return f"day {self.day}: {self.amount}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A record that refuses something."""

    day: int

    def __post_init__(self) -> None:
        """Look at the day."""


@dataclass(frozen=True)
class Open:
    """A record without slots."""

    day: int


def test_a_record_made_so_is_the_same_in_every_respect():
    """Kind, equality, place in a set, methods, copies and what is written of it."""
    made, own = maker(Dose)(8, "100 mg"), Dose(8, "100 mg")

    assert type(made) is Dose
    assert (made, hash(made), repr(made), made.said()) == (own, hash(own), repr(own), own.said())
    assert replace(made, day=15) == Dose(15, "100 mg")
    assert pickle.loads(pickle.dumps(made)) == own  # noqa: S301


def test_a_record_made_so_is_frozen():
    """Nobody changes it afterwards."""
    made = maker(Dose)(8, "100 mg")

    with pytest.raises(FrozenInstanceError):
        made.day = 9


def test_every_entry_is_given():
    """A default that is left out is an error, not an entry that is missing."""
    with pytest.raises(TypeError):
        maker(Dose)(8)


@pytest.mark.parametrize("kind", [Checked, Open])
def test_records_of_another_form_are_refused(kind):
    """Their checks would be left out, or there is nothing to be gained."""
    with pytest.raises(TypeError):
        maker(kind)
