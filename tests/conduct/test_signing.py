"""Signatures: bound to exactly what was shown; a later change voids them in the open."""

import re
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from tests.conduct.overseeing import by, delegate_all, sequence_of, sign, signature

from trialwright.conduct import acts
from trialwright.conduct.locking_acts import Lock, Unlock
from trialwright.conduct.shown import _plain, content, content_digest, differences, parts
from trialwright.conduct.signing_acts import Target
from trialwright.conduct.standing import Watch, standings
from trialwright.conduct.state import ParticipantState
from trialwright.terms.canonical import canonical, digest
from trialwright.terms.errors import Refusal

CASEBOOK = Target("casebook", "P-1")


@pytest.fixture
def signable(trial, say):
    """Give a trial with a delegation log and P-1 through the DLT window."""
    delegate_all(trial, say.OPENED)
    trial.complete("P-1")
    return trial


def stand(trial):
    """Give how the signatures stand, as (state, since, because).

    Whoever watched them happening by happening says the same, unless the values that were seen
    then are erased by now.
    """
    told, records, watch = standings(trial.study, trial.records), [*trial.records], Watch()
    if not any(each.happening.act == "redacted" for each in records):
        for upto in range(len(records)):
            watch.standings(trial.study, records[:upto])
    assert watch.standings(trial.study, records) == told
    return [(each.state, each.since, each.because) for each in told]


def checklist_of(say):
    """Give the checklist as judged at registration."""
    return Target("checklist", "P-1", "A", say.REGISTERED, say.FIRST_DOSE)


def test_a_signature_carries_name_meaning_time_and_digest(signable, say):
    """The printed name comes from the account; the time has its zone; no secret is kept."""
    zone = timezone(timedelta(hours=-5))
    at = datetime(2026, 3, 9, 16, 5, tzinfo=zone)
    sign(signable, CASEBOOK, "investigator", say.WINDOW_OVER, at=at,
         authenticated_by=("passkey", "password"))  # fmt: skip

    done = signable.records[-1].happening
    assert done.subject == "P-1"
    assert done.payload["name"] == "Ike Okafor"
    assert done.payload["at"] == "2026-03-09T16:05:00-05:00"
    assert done.payload["zone"] == "UTC-05:00"
    assert done.payload["authenticated_by"] == ["passkey", "password"]
    assert done.payload["digest"] == digest(canonical(content(signable.live, CASEBOOK)))
    (given,) = signable.live.oversight.signatures
    assert str(given) == (
        "approved by Ike Okafor (investigator) at 2026-03-09T16:05:00-05:00 UTC-05:00"
    )


def test_every_part_of_a_participant_is_shown_but_the_list_of_happenings(signable):
    """What a later version adds to a participant is vouched for unasked."""
    named = {each.name for each in fields(ParticipantState)} - {"entries", "records", "unreadable"}

    assert set(parts(signable.live, "P-1")) == named
    assert set(content(signable.live, CASEBOOK)["shown"]) == named


def test_what_was_not_shown_cannot_be_signed(signable, say):
    """Somebody recorded a fact between showing and signing."""
    shown = signature(signable.live, CASEBOOK, "investigator", say.WINDOW_OVER)
    signable.do(say.facts("P-1", ecog=2, on=say.WINDOW_OVER))

    with pytest.raises(Refusal, match="Look at it again"):
        signable.do(shown, by("investigator"))


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"at": datetime(2026, 3, 9, 9)}, "at"),  # noqa: DTZ001
        ({"authenticated_by": ()}, "authenticated_by"),
        ({"authenticated_by": ("Secret Word 1!",)}, "authenticated_by"),
    ],
)
def test_a_signature_with_a_fault_is_refused_and_shows_no_secret(signable, say, changed, where):
    """No zone, no method, or something that may be a secret."""
    act = signature(signable.live, CASEBOOK, "investigator", say.WINDOW_OVER, **changed)

    with pytest.raises(Refusal) as refused:
        signable.do(act, by("investigator"))

    assert [each.where for each in refused.value.faults] == [where]
    assert "Secret" not in str(refused.value)


def test_nobody_signs_who_is_not_known_by_name(trial, say):
    """Without a delegation log there is no printed name."""
    trial.complete("P-1")
    act = signature(trial.live, CASEBOOK, "investigator", say.WINDOW_OVER)

    with pytest.raises(Refusal, match="an account of which no person is known"):
        trial.do(act, by("investigator"))


@pytest.mark.parametrize(
    ("kind", "role", "is_allowed"),
    [
        ("casebook", "investigator", True),
        ("casebook", "statistician", False),
        ("checklist", "coordinator", False),
        ("trail", "monitor", True),
        ("trail", "sponsor", False),
        ("form", "data-manager", False),
    ],
)
def test_each_kind_is_signed_in_its_roles(signable, say, kind, role, is_allowed):
    """An investigator answers for data, a monitor for the review of the trail."""
    target = {
        "casebook": CASEBOOK,
        "checklist": checklist_of(say),
        "trail": Target("trail", "P-1", sequence=4),
        "form": Target("form", "P-1", "doses"),
    }[kind]
    act = signature(signable.live, target, role, say.WINDOW_OVER)
    if is_allowed:
        signable.do(act, by(role))
        return

    with pytest.raises(Refusal):
        signable.do(act, by(role))


@pytest.mark.parametrize(
    ("target", "match"),
    [
        (Target("casebook", "P-77"), "nobody who has consented"),
        (Target("form", "P-1", "poems"), "Name a form"),
        (Target("dose-decision", "arm-A", sequence=3), "none; no dose decision"),
        (Target("rp2d", "arm-A", sequence=3), "an RP2D that stands"),
        (Target("trail", "P-1", sequence=0), "the last happening that was reviewed"),
        (Target("trail", "P-1", sequence=999), "the last happening that was reviewed"),
        (Target("checklist", "P-1", "A"), "the day of the checklist"),
    ],
)
def test_what_is_not_there_cannot_be_signed(signable, target, match):
    """Each kind says what there is."""
    with pytest.raises(Refusal, match=match):
        content(signable.live, target)


def test_a_later_entry_voids_the_casebook_and_names_the_place(signable, say):
    """The signature is kept, with the happening since which it is void."""
    given = sign(signable, CASEBOOK, "investigator", say.WINDOW_OVER)
    assert stand(signable) == [("valid", None, "what is shown is what was signed")]
    signable.do(acts.Consent("P-2", say.WINDOW_OVER))
    assert [each[0] for each in stand(signable)] == ["valid"]

    signable.do(say.toxicity("P-1"))

    since = signable.records[-1].sequence
    assert stand(signable) == [("void", since, "adverse events changed")]
    assert [each.sequence for each in signable.live.oversight.signatures] == [given]


def test_a_form_is_voided_by_its_own_entries_alone(signable, say):
    """An event does not touch the doses."""
    sign(signable, Target("form", "P-1", "doses"), "investigator", say.WINDOW_OVER)
    sign(signable, Target("form", "P-1", "adverse_events"), "investigator", say.WINDOW_OVER)

    signable.do(say.toxicity("P-1"))

    assert [each[0] for each in stand(signable)] == ["valid", "void"]


def test_a_checklist_is_voided_by_what_changes_its_verdict_and_by_nothing_later(signable, say):
    """A status of a later day changes no checklist; one of the day of screening does."""
    sign(signable, checklist_of(say), "investigator", say.WINDOW_OVER)
    signable.do(say.facts("P-1", ecog=3, on=say.WINDOW_OVER))
    assert [each[0] for each in stand(signable)] == ["valid"]

    signable.do(replace(say.facts("P-1", ecog=3, on=say.CONSENTED), on=say.WINDOW_OVER))

    ((state, since, because),) = stand(signable)
    assert (state, since) == ("void", signable.records[-1].sequence)
    assert re.search(r"criteria [0-9]+, ", because)


def test_a_change_that_is_taken_back_has_voided_it_all_the_same(signable, say):
    """The last answer of a day counts: yes, no, and yes again."""
    sign(signable, checklist_of(say), "investigator", say.WINDOW_OVER)
    signable.do(say.answer("P-1", "informed-consent", "no"))
    first = signable.records[-1].sequence
    before = content_digest(signable.live, checklist_of(say))
    signable.do(say.answer("P-1", "informed-consent", "yes"))

    assert content_digest(signable.live, checklist_of(say)) != before
    ((state, since, _),) = stand(signable)
    assert (state, since) == ("void", first)


def test_unlocking_voids_what_was_signed_and_keeps_it(signable, say):
    """Casebook, form and checklist on the entries; not the review of the trail."""
    day = say.WINDOW_OVER
    for target, role in (
        (CASEBOOK, "investigator"),
        (Target("form", "P-1", "doses"), "investigator"),
        (Target("form", "P-1", "adverse_events"), "investigator"),
        (Target("trail", "P-1", sequence=5), "monitor"),
    ):
        sign(signable, target, role, day)
    signable.do(Lock("P-1", day, part="doses"), by("data-manager"))

    signable.do(Unlock("P-1", day, "late diary", part="doses"), by("data-manager"))

    opened = signable.records[-1].sequence
    void = ("void", opened, "what was signed was unlocked")
    valid = ("valid", None, "what is shown is what was signed")
    assert stand(signable) == [void, void, valid, valid]
    assert [each.unlocked_by for each in signable.live.oversight.signatures] == [
        opened, opened, None, None,
    ]  # fmt: skip


def test_a_review_of_the_trail_stands_while_the_trail_grows(signable, say):
    """Happenings after those reviewed change nothing."""
    through = signable.live.sequence
    sign(signable, Target("trail", "P-1", sequence=through), "monitor", say.WINDOW_OVER)
    sign(signable, Target("trail", signable.study.identifiers.nct, sequence=through), "monitor",
         say.WINDOW_OVER)  # fmt: skip

    signable.do(say.toxicity("P-1"))

    assert [each[0] for each in stand(signable)] == ["valid", "valid"]


def test_a_redaction_of_what_was_signed_voids_it_by_its_own_number(signable, say):
    """What was signed cannot be shown any more; the redaction is named, not what it took."""
    signable.do(say.toxicity("P-1"))
    event = signable.records[-1].sequence
    sign(signable, CASEBOOK, "investigator", say.WINDOW_OVER)
    sign(signable, Target("trail", "P-1", sequence=event), "monitor", say.WINDOW_OVER)

    signable.do(acts.Redact("P-1", say.WINDOW_OVER, event, "payload/event/source/place", "a name"))

    because = f"source, place in entry {event} was redacted"
    assert stand(signable) == [("void", signable.records[-1].sequence, because)] * 2


def test_what_this_software_shows_otherwise_is_void_and_says_so(signable, say):
    """A digest that was written by other rules is not taken for a change of the data."""
    sign(signable, CASEBOOK, "investigator", say.WINDOW_OVER)
    last = signable.records[-1]
    payload = {**last.happening.payload, "digest": "0" * 64}
    signable.records[-1] = replace(last, happening=replace(last.happening, payload=payload))

    ((state, since, because),) = stand(signable)
    assert (state, since) == ("void", None)
    assert because == "this software shows it otherwise than it was signed"


def test_the_same_content_has_the_same_digest_whenever_it_is_rendered(signable, say):
    """Rendered act by act and folded anew."""
    for target in (CASEBOOK, checklist_of(say), Target("trail", "P-1", sequence=4)):
        assert content_digest(signable.live, target) == content_digest(signable.state, target)


def test_a_plain_form_is_exact(say):
    """Numbers keep their text, sets have an order, and what has no form is refused."""
    assert _plain(Decimal("1.50")) == "1.50"
    assert _plain(frozenset({"b", "a"})) == ["a", "b"]
    assert _plain((date(2026, 1, 5), True, None, 3)) == ["2026-01-05", True, None, 3]
    with pytest.raises(TypeError, match="float"):
        _plain(0.5)


@pytest.mark.parametrize(
    ("before", "now", "places"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, ["a/b/1"]),
        ({"a": [1]}, {"a": [1, 2]}, ["a"]),
        ({"a": "xy"}, {"a": "xz"}, ["a"]),
        ({"a": 1}, {"b": 1}, ["a", "b"]),
    ],
)
def test_differences_are_named_by_their_place(before, now, places):
    """Never by what stands there."""
    assert list(differences(before, now)) == places


def test_a_signed_decision_is_found_by_its_happening(history):
    """A dose decision and an RP2D are signed as recorded."""
    decision = Target("dose-decision", "arm-C", sequence=sequence_of(history, "dose_decided"))

    told = content(history.live, decision)["shown"]

    assert told["decision"]["level"] is None
    assert told["reason"] == "two late events outside the window"
    assert [each.state for each in standings(history.study, history.records)] == ["valid"] * 3
