"""libyaml and ruamel.yaml: a text that the fast one follows is taken alike by the other."""

import random

import pytest
from tests.sizes import sized

from trialwright.protocol import strict_yaml
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.terms.errors import Refusal

SIGNS = [
    *"{}[],:-#&*!|>'\"%@`? \n~=\\", "  ", "\n  ", ": ", "- ", "? ", "--- ", "...", "\n---\n", "<<",
    "\\n", "|-", ">+", "é", "😀", "''", '""', "::", ":,", "{a:1}", '"a":1', "#x", "\r\n", "\\u2028",
    "\\xe9", "\\ud800", "\n\n\n", " #", ",}", "[,]", "|2\n", ">-\n  \n",
]  # fmt: skip
"""What is put where it does not belong."""


@pytest.fixture
def by_ruamel(monkeypatch):
    """Read a text without libyaml; give what it says, or the fact that it refuses."""

    def read(text):
        with monkeypatch.context() as patched:
            patched.setattr(strict_yaml, "_followed", lambda text, file: None)
            try:
                return gather_yaml(text)
            except Refusal:
                return "refused"

    return read


def by_libyaml(text):
    """Read a text by libyaml; nothing where it finds anything."""
    return strict_yaml._followed(text, "")


def spoiled(lines, chance):
    """Give some lines of a protocol with up to five things changed."""
    begins = chance.randrange(len(lines))
    taken = lines[begins : begins + chance.randrange(1, 9)]
    inset = len(taken[0]) - len(taken[0].lstrip()) if chance.random() < 0.7 else 0
    text = "\n".join(line[inset:] for line in taken)
    for _ in range(chance.randrange(5)):
        place = chance.randrange(len(text) + 1)
        rest = text[place + chance.choice([0, 0, 0, 1, 2]) :]
        text = text[:place] + chance.choice([*SIGNS, ""]) + rest
    return text


def test_the_shipped_protocol_is_followed_and_taken_alike(shipped_text, by_ruamel):
    """Values and lines are equal."""
    assert by_ruamel(shipped_text) == (by_libyaml(shipped_text), [])


def test_a_spoiled_text_is_taken_alike_or_read_by_ruamel(shipped_text, by_ruamel):
    """What libyaml follows without a fault is never another value, nor refused by the other."""
    chance = random.Random(20261128)  # noqa: S311 - spoils texts, keeps no secret
    lines, followed = shipped_text.split("\n"), 0
    for _ in range(sized(100_000, 1_000)):
        text = spoiled(lines, chance)
        try:
            strict_yaml._refuse_shape(text, "")
        except Refusal:
            continue
        quickly = by_libyaml(text)
        if quickly is not None:
            followed += 1
            assert by_ruamel(text) == (quickly, []), text
    assert followed > sized(100_000, 1_000) / 10


@pytest.mark.parametrize(
    "text", ['codes: ["a":1]', "note: >-#x", "note: >-\n  \n    text\n   less", "a: {'b':1}"]
)
def test_what_the_two_take_differently_is_left_to_ruamel(text):
    """Each was followed by libyaml alone, or otherwise, before it was left out."""
    assert by_libyaml(text) is None


def test_without_libyaml_everything_is_read_as_well(shipped_text, monkeypatch):
    """PyYAML may be built without it."""
    expected = gather_yaml(shipped_text)
    monkeypatch.delattr(strict_yaml.libyaml, "CSafeLoader")

    assert by_libyaml(shipped_text) is None
    assert gather_yaml(shipped_text) == expected
