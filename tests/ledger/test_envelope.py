"""What may stand in the clear."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from trialwright.ledger.envelope import (
    COLUMNS,
    LARGEST,
    Envelope,
    check,
    check_trial,
    instant,
    is_instant,
    plain,
    written,
)
from trialwright.terms.canonical import canonical
from trialwright.terms.errors import Refusal

SOUND = Envelope(
    format=1,
    trial="NCT00000001",
    sequence=1,
    entered_at="2026-03-14T09:26:53.589Z",
    happened_on="2026-03-14",
    actor="m.chen@site-01.org",
    role="principal investigator",
    site="site-01",
    act="dose_level_2_opened",
    subject="A/1",
    schema=1,
    protocol="0" * 64,
    software="trialwright 0.1.0+g1a2b3c",
)


def test_a_sound_envelope_may_enter():
    """Codes of the allowed forms are taken."""
    assert check(SOUND) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("trial", ""),
        ("trial", "a/b"),
        ("trial", "x" * 65),
        ("actor", "Мария"),
        ("actor", "a b"),
        ("role", ""),
        ("role", "nurse\n"),
        ("site", "site 01"),
        ("act", "Registered"),
        ("act", "1a"),
        ("act", ""),
        ("subject", "A-001\u200b"),
        ("subject", "A\u2011001"),
        ("subject", "-001"),
        ("subject", "Jane Roe"),
        ("subject", None),
        ("protocol", "0" * 63),
        ("protocol", "A" * 64),
        ("software", ""),
        ("entered_at", "2026-03-14T09:26:53Z"),
        ("entered_at", "2026-03-14T09:26:53.589+00:00"),
        ("entered_at", "2026-02-30T09:26:53.589Z"),
        ("entered_at", "2026-03-14T09:26:60.000Z"),
        ("happened_on", "2026-03-14T00:00:00"),
        ("happened_on", "2026-02-29"),
        ("happened_on", "20260314"),
        ("sequence", 0),
        ("sequence", True),
        ("sequence", 2**53),
        ("schema", 0),
        ("schema", "1"),
    ],
)
def test_other_forms_are_refused_without_repeating_them(name, text):
    """Look-alike signs, names and half dates never enter; the message does not show them."""
    with pytest.raises(Refusal) as refused:
        check(replace(SOUND, **{name: text}))

    assert [fault.where for fault in refused.value.faults] == [name]
    assert "Jane" not in str(refused.value)


def test_every_fault_is_told():
    """Two faults give two."""
    with pytest.raises(Refusal) as refused:
        check(replace(SOUND, actor="", subject=""))

    assert {fault.where for fault in refused.value.faults} == {"actor", "subject"}


def test_a_trial_asked_for_has_its_form():
    """A path is no trial."""
    with pytest.raises(Refusal, match="trial"):
        check_trial("../elsewhere")


def test_a_clock_reading_is_written_in_utc():
    """Local time is turned to UTC; microseconds are cut, not rounded up."""
    west = timezone(timedelta(hours=-8))

    assert instant(datetime(2026, 3, 14, 23, 59, 59, 999999, west)) == "2026-03-15T07:59:59.999Z"


def test_a_clock_reading_needs_its_zone():
    """A time without a zone is refused."""
    with pytest.raises(Refusal, match="time zone"):
        instant(datetime(2026, 3, 14))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "answer"),
    [("2024-02-29T00:00:00.000Z", True), ("2026-02-29T00:00:00.000Z", False), (None, False)],
)
def test_an_instant_is_a_time_of_the_calendar(text, answer):
    """Form and calendar both count."""
    assert is_instant(text) is answer


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize(
    "found",
    ["", 'a"b\\c\n\x00\x7f', "é", "\ud800", "%s", 0, -1, LARGEST + 1, 10**300, True, None, 1.5],
)
def test_an_envelope_is_written_as_canonical_json_whatever_stands_in_it(name, found):
    """Also what somebody put there who changed the database: the same text, or the same refusal."""
    changed = replace(SOUND, **{name: found})

    assert told(lambda: written(changed)) == told(lambda: canonical(plain(changed)))


def told(write):
    """Give what is written, or the faults of the refusal."""
    try:
        return write()
    except Refusal as refused:
        return refused.faults
