"""Verification of what no database would hand over unless it was spoiled."""

from dataclasses import replace
from datetime import date

import pytest

from trialwright.conduct.happenings import Happening
from trialwright.ledger import chain
from trialwright.ledger.chain import Link
from trialwright.ledger.commitments import Opening
from trialwright.ledger.envelope import Envelope
from trialwright.ledger.findings import Tampering
from trialwright.ledger.receipts import sign
from trialwright.ledger.rows import trials
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.verify import verify
from trialwright.terms.errors import refuse

TRIAL = "NCT00000001"
KEY = SigningKey(bytes(range(32)))
ENVELOPE = Envelope(
    *(1, TRIAL, 1, "2026-03-14T09:26:53.589Z", "2026-03-14", "a", "r", "s", "done", "A", 1),
    *("0" * 64, "1"),
)


def chained(*happenings, **changed):
    """Make a chain of links and its one head."""
    envelopes = [
        replace(ENVELOPE, sequence=place, act=happening.act, **changed)
        for place, happening in enumerate(happenings, start=1)
    ]
    fields = [chain.fields_of(happening, "page") for happening in happenings]
    links = chain.follow(envelopes, chain.NO_HASH, fields, lambda length: bytes(length))
    head = sign(KEY, TRIAL, 1, len(links), links[-1].hash, ENVELOPE.entered_at)
    return links, [head]


def done(act="done", payload=None, reason=""):
    """Give a happening."""
    return Happening(act, "A", date(2026, 3, 14), payload or {"value": 1}, reason)


def found(links, heads):
    """Verify and give kinds and places of what is broken."""
    report = verify(TRIAL, links, heads, [KEY.verifying], heads, every_signature=True)
    return [(one.kind, one.sequence) for one in report.broken]


def test_a_sound_chain_is_found_sound():
    """The chain of these tests has nothing wrong before it is spoiled."""
    assert found(*chained(done(), done(), done())) == []


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda link: replace(link, envelope=replace(link.envelope, actor=b"a")), "damaged"),
        (lambda link: replace(link, envelope=replace(link.envelope, schema=1.0)), "damaged"),
        (lambda link: replace(link, envelope=replace(link.envelope, actor=None)), "envelope"),
        (lambda link: replace(link, envelope=replace(link.envelope, entered_at=None)), "envelope"),
        (lambda link: replace(link, previous=b"x"), "damaged"),
        (lambda link: replace(link, hash=None), "envelope"),
        (lambda link: replace(link, commitments=None), "commitment"),
        (lambda link: replace(link, commitments=b"{}"), "commitment"),
        (lambda link: value(link, Opening("00" * 32, 1.5)), "value edited"),
        (lambda link: value(link, Opening(b"x", "1")), "value edited"),
    ],
)
def test_columns_of_another_type_are_found(spoil, kind):
    """Bytes, floats and nulls where text belongs are told, at their place."""
    links, heads = chained(done(), done(), done())
    links[1] = spoil(links[1])

    places = found(links, heads)

    assert {place for _, place in places} == {2}
    assert any(told.startswith(kind) for told, _ in places)


def value(link: Link, opening: Opening) -> Link:
    """Put another opening in place of a leaf's."""
    return replace(link, openings={**link.openings, "payload/value": opening})


@pytest.mark.parametrize("sequence", [None, "2", 2.0, b"2"])
def test_a_sequence_that_is_no_number_is_found(sequence):
    """Such a happening is not counted, and its place is empty."""
    links, heads = chained(done(), done(), done())
    links[1] = replace(links[1], envelope=replace(links[1].envelope, sequence=sequence))

    assert found(links, heads) == [(Tampering.DAMAGED, 2), (Tampering.DELETED, 2)]


def test_a_number_used_twice_is_found():
    """Two happenings cannot have one place."""
    links, heads = chained(done(), done(), done())
    links.insert(2, links[1])

    assert (Tampering.RENUMBERED, 2) in found(links, heads)


def test_a_happening_of_an_unknown_format_is_not_called_sound():
    """Properly hashed, but by rules that this software does not know."""
    links, heads = chained(done(), done(), format=2)

    assert found(links, heads) == [(Tampering.DAMAGED, 1), (Tampering.DAMAGED, 2)]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"sequence": 2, "field": "payload/value"}, "name"),
        ({"sequence": 3, "field": "payload/value"}, "name"),
        ({"sequence": 0, "field": "payload/value"}, "name"),
        ({"sequence": "1", "field": "payload/value"}, "name"),
        ({"sequence": 1}, "name"),
        ({"field": "payload/value"}, "name"),
    ],
)
def test_a_redaction_that_names_nothing_before_it_is_found(payload, reason):
    """No software of ours writes one; somebody with the key could."""
    links, heads = chained(done(), done("redacted", payload, reason))

    assert found(links, heads) == [(Tampering.REDACTION_UNFOUNDED, 2)]


def test_a_redaction_without_reason_is_found():
    """The log must say why."""
    target = {"sequence": 1, "field": "payload/value"}
    links, heads = chained(done(), done("redacted", target))
    links[0] = value(links[0], Opening(None, None))

    assert found(links, heads) == [(Tampering.REDACTION_UNFOUNDED, 2)]


def test_a_redaction_of_a_field_that_never_was_is_found():
    """Nothing is gone, so nothing was carried out."""
    target = {"sequence": 1, "field": "payload/none"}
    links, heads = chained(done(), done("redacted", target, "name"))

    assert found(links, heads) == [(Tampering.REDACTION_UNDONE, 1)]


def test_a_run_of_edits_is_told_once():
    """Neighbouring happenings with the same fault make one discovery with its range."""
    links, heads = chained(*(done() for _ in range(6)))
    for place in (1, 2, 3):
        links[place] = replace(links[place], envelope=replace(links[place].envelope, actor="m"))

    report = verify(TRIAL, links, heads, [KEY.verifying], heads)

    assert [(one.sequence, one.through) for one in report.broken] == [(2, 4)]
    assert "happenings 2-4: envelope edited" in str(report)


def test_an_edited_hash_is_told_once():
    """The happening after it still follows the true hash."""
    links, heads = chained(done(), done(), done())
    links[1] = replace(links[1], hash="ab" * 32)

    assert found(links, heads) == [(Tampering.ENVELOPE_EDITED, 2)]


def test_reading_that_breaks_off_is_damage_at_that_place():
    """What was read before is still checked."""
    links, heads = chained(done(), done(), done())

    def broken_off():
        yield links[0]
        raise refuse("ledger", "the disk reports an error", "a working disk", "Check the disk")

    report = verify(TRIAL, broken_off(), heads, [KEY.verifying], heads)

    told = [(one.kind, one.sequence) for one in report.broken]
    assert (Tampering.DAMAGED, 2) in told
    assert report.happenings == 1


def test_a_damaged_head_is_not_read():
    """A head of another form is told and does not stand for anything."""
    links, heads = chained(done())
    heads = [replace(heads[0], sequence="1")]

    assert found(links, heads) == [(Tampering.DAMAGED, 0), (Tampering.UNSIGNED, 1)]


def test_a_chain_of_another_trial_is_not_this_one():
    """An export under another trial's name is told, though each hash fits."""
    links, heads = chained(done(), done(), trial="NCT2")

    report = verify(TRIAL, links, heads, [KEY.verifying], heads)

    told = [(one.kind, one.sequence, one.through) for one in report.broken]
    assert told == [(Tampering.OTHER_TRIAL, 1, 2)]


def test_a_name_of_a_trial_that_is_no_text_is_no_trial():
    """A torn page may hold null where no table lets one in; the other trials are still named."""

    class Torn:
        """What SQLite gives of such a page."""

        def run(self, statement, values=()):
            """Give the names."""
            return [(None,), (b"\0",), (TRIAL,)]

    assert trials(Torn()) == (TRIAL,)


def test_happenings_pushed_aside_by_a_forged_one_are_told_as_renumbered():
    """Inside one append no head tells the old numbers; the hashes still do."""
    links, heads = chained(*(done() for _ in range(5)))
    forged = chain.forge(
        replace(ENVELOPE, sequence=3, actor="m"),
        links[1].hash,
        chain.fields_of(done(), "page"),
        lambda length: bytes(length),
    )
    pushed = [
        replace(link, envelope=replace(link.envelope, sequence=link.envelope.sequence + 1))
        for link in links[2:]
    ]

    report = verify(TRIAL, [*links[:2], forged, *pushed], heads, [KEY.verifying], heads)

    told = [one for one in report.broken if one.kind is Tampering.RENUMBERED]
    assert [(one.sequence, one.through) for one in told] == [(4, 6)]
    assert (Tampering.REWRITTEN, 1) in [(one.kind, one.sequence) for one in report.broken]


def test_neighbours_swapped_inside_an_append_are_told_as_renumbered():
    """Both, and nobody else."""
    links, heads = chained(*(done() for _ in range(5)))
    links[2], links[3] = (
        replace(links[3], envelope=replace(links[3].envelope, sequence=3)),
        replace(links[2], envelope=replace(links[2].envelope, sequence=4)),
    )

    report = verify(TRIAL, links, heads, [KEY.verifying], heads)

    told = [(one.kind, one.sequence, one.through) for one in report.broken]
    assert told == [(Tampering.RENUMBERED, 3, 4)]


@pytest.mark.parametrize(
    ("spans", "kinds"),
    [
        ([(1, 2), (3, 4)], []),
        ([(1, 2), (2, 4)], [(Tampering.HEAD_REPLACED, 4)]),
        ([(1, 3), (3, 4)], [(Tampering.HEAD_REPLACED, 4)]),
        ([(1, 1), (3, 4)], [(Tampering.UNSIGNED, 2)]),
        ([(2, 4)], [(Tampering.UNSIGNED, 1)]),
        ([(1, 3)], [(Tampering.UNSIGNED, 4)]),
        ([], [(Tampering.UNSIGNED, 1)]),
    ],
)
def test_heads_lie_edge_to_edge(spans, kinds):
    """Even properly signed heads leave no hole and do not overlap."""
    links, _ = chained(*(done() for _ in range(4)))
    heads = [
        sign(KEY, TRIAL, first, last, links[last - 1].hash, ENVELOPE.entered_at)
        for first, last in spans
    ]

    assert found(links, heads) == kinds


def test_a_hole_between_heads_is_told_whole():
    """From the first to the last happening that no head speaks of."""
    links, _ = chained(*(done() for _ in range(5)))
    heads = [
        sign(KEY, TRIAL, place, place, links[place - 1].hash, ENVELOPE.entered_at)
        for place in (1, 4)
    ]

    report = verify(TRIAL, links, heads, [KEY.verifying], heads)

    assert [(one.sequence, one.through) for one in report.broken] == [(2, 3), (5, 5)]
