"""Cohorts, the RP2D, versions of the protocol and redactions on their pages."""

import re

import pytest

DAY = "2026-11-28"


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def chief(signed_in):
    """Give the principal investigator."""
    return signed_in("principal-investigator")


def last(trial):
    """Give the newest entry."""
    return trial.records()[-1].happening


def test_a_cohort_is_held_resumed_closed_and_opened(chief, trial):
    """Each with its reason; only what leads on from where it stands is offered."""
    at, done = "/cohorts/C/cohort/", []
    first = words(chief.get(at))
    for move in ("hold", "resume", "close", "open"):
        answer = chief.post(at, {"do": move, "on": DAY, "reason": "Drug supply"})
        assert answer.status_code == 302, words(answer)
        done.append((last(trial).act, last(trial).subject, last(trial).reason))

    assert "Hold the cohort" in first
    assert "Resume the cohort" not in first
    assert done == [(f"cohort_{each}", "arm-C", "Drug supply")
                    for each in ("held", "resumed", "closed", "opened")]  # fmt: skip


def test_a_hold_without_a_reason_is_refused_at_its_field(chief, trial):
    """Nothing is recorded."""
    before = trial.gateway.state().sequence

    answer = chief.post("/cohorts/C/cohort/", {"do": "hold", "on": DAY, "reason": ""})

    assert answer.status_code == 422
    assert 'id="hold-reason_error"' in answer.content.decode()
    assert trial.gateway.state().sequence == before


def test_whoever_cannot_steer_a_cohort_has_no_form(signed_in):
    """A coordinator reads."""
    text = signed_in("coordinator").get("/cohorts/C/cohort/").content.decode()

    assert 'name="do"' not in text
    assert "Nothing by your role" in text


def test_an_rp2d_is_chosen_after_the_escalation_and_signed(chief, trial):
    """Arm B is stopped by people; level 1 was treated there, level 2 was not."""
    early = words(chief.get("/safety/B/rp2d/"))
    chief.post("/safety/B/", {"cutoff": DAY, "on": DAY, "choice": "stop", "cohort_size": "0",
                              "reason": "Supply ends", "minutes": ""})  # fmt: skip
    wrong = chief.post("/safety/B/rp2d/", {"level": "2", "on": DAY, "reason": "Best tolerated"})
    before = trial.gateway.state().oversight.rp2d
    done = chief.post("/safety/B/rp2d/", {"level": "1", "on": DAY, "reason": "Best tolerated"})

    chosen = trial.gateway.state().oversight.rp2d["B"]
    assert "It is chosen once the escalation has ended." in early
    assert (wrong.status_code, before) == (422, {})
    assert "A level that was treated, not above the MTD." in words(wrong)
    assert (done.status_code, chosen.level, chosen.reason) == (302, 1, "Best tolerated")
    page = chief.get("/safety/B/rp2d/").content.decode()
    address = f"/signatures/rp2d/arm-B/?sequence={chosen.sequence}"
    assert f'href="{address}"' in page
    assert "Best tolerated" in words(chief.get(address))


@pytest.fixture
def version_2(trial):
    """Give the text of another version, in which a place is held for 21 days."""
    text = trial.gateway.protocol.text
    for old, new in (
        ('\nversion: "1"\n', "\nversion: invented amendment 1\n"),
        ("reservation_days: 14", "reservation_days: 21"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


AMENDS = {"on": DAY, "reason": "More time to travel", "consent_within": "28"}


def test_an_amendment_is_looked_at_recorded_and_put_in_force(chief, signed_in, trial, version_2):
    """What it changes is told before anything is recorded; then trial, site and participant."""
    before = trial.gateway.state().sequence
    looked = chief.post("/amendments/", {**AMENDS, "do": "look", "text": version_2})
    assert trial.gateway.state().sequence == before
    recorded = chief.post("/amendments/", {**AMENDS, "do": "amend", "text": version_2})
    for site in ("all-sites", "mgh"):
        chief.post("/amendments/", {"do": "activate", "version": "1", "site": site, "on": DAY,
                                    "reason": "Vote of the committee"})  # fmt: skip
    due = words(chief.get("/amendments/"))
    today = words(signed_in("coordinator").get("/today/"))
    again = signed_in("coordinator").post(
        "/participants/MGH-010/record/reconsent/", {"version": "1", "on": DAY}
    )

    state = trial.gateway.state()
    assert (looked.status_code, recorded.status_code, again.status_code) == (200, 302, 302)
    assert "21" in words(looked).partition("What the new version changes")[2]
    assert [each.study.version for each in state.amendments.versions][1] == "invented amendment 1"
    assert state.amendments.versions[1].consent_within == 28
    assert state.amendments.at("mgh").number == 1
    assert "MGH-010 invented amendment 1 (amendment 1) 26 Dec 2026" in due
    assert "MGH-010 to version invented amendment 1 (amendment 1) until 26 Dec 2026" in today
    assert [each.version for each in state.amendments.reconsents["MGH-010"]] == [1]


def test_a_version_comes_as_a_file_and_its_faults_are_told(chief, trial, version_2, tmp_path):
    """The text of the file stands in the field afterwards; nothing is recorded."""
    before, file = trial.gateway.state().sequence, tmp_path / "version.yaml"
    file.write_text(version_2.replace("reservation_days: 21", "reservation_days: many"))

    with file.open("rb") as sent:
        answer = chief.post("/amendments/", {**AMENDS, "do": "amend", "text": "", "file": sent})

    assert answer.status_code == 422
    assert "Slots.reservation_days: " in words(answer)
    assert "invented amendment 1" in answer.content.decode()
    assert trial.gateway.state().sequence == before


NAME = "clinic note of Jane Roe"


@pytest.fixture
def named(signed_in, trial):
    """Record a visit in whose note a name was entered by mistake."""
    form = {"code": "C1D22", "outcome": "done", "on": "2026-11-27", "source": "chart", "note": NAME}
    signed_in("coordinator").post("/participants/MGH-010/record/visit/", form)
    return trial.gateway.state().sequence


def test_a_redaction_shows_what_it_erases_and_erases_it(chief, trial, named):
    """The name stands in the preview alone; afterwards it is nowhere, and the chain is intact."""
    at = f"/inspector/entries/{named}/redact/?field=reason"
    preview = words(chief.get(at))
    without = chief.post(at, {"do": "erase", "reason": " "})
    assert trial.gateway.state().sequence == named
    done = chief.post(at, {"do": "erase", "reason": "A name was entered"})

    state = trial.gateway.state()
    assert NAME in preview
    assert "Nothing that the trial rests on goes with it." in preview
    assert (without.status_code, done.status_code) == (422, 302)
    assert state.erased[named] == frozenset({"reason"})
    assert NAME not in words(chief.get(f"/inspector/entries/{named}/"))
    assert (last(trial).act, last(trial).reason) == ("redacted", "A name was entered")
    assert trial.gateway.store.verify(trial.gateway.trial).is_intact


def test_what_the_trial_rests_on_is_named_lost_and_settled(chief, trial, named):
    """The source of the visit goes: the visit is not known until somebody settles it."""
    at = f"/inspector/entries/{named}/redact/?field=payload/entry/source/place"
    preview = words(chief.get(at))
    chief.post(at, {"do": "erase", "reason": "A name was entered"})
    lost = trial.gateway.state().participants["MGH-010"].unreadable
    settled = chief.post(f"/inspector/entries/{named}/redact/",
                         {"do": "settle", "reason": "The visit is entered again"})  # fmt: skip

    told = f"source, place in entry {named} (visit recorded)"
    assert told in preview
    assert [str(each) for each in lost] == [told]
    assert settled.status_code == 302
    assert trial.gateway.state().participants["MGH-010"].unreadable == ()


def test_fields_to_redact_are_offered_with_what_stands_there_and_none_is_chosen(chief, named):
    """The field that holds the name is found without its path; the value page leads to it."""
    page = chief.get(f"/inspector/entries/{named}/redact/").content.decode()
    offered = re.findall(r'<option value="([^"]*)"([^>]*)>([^<]*)', page)
    values = chief.get(
        f"/participants/MGH-010/entries/{named}/?field=payload/entry/source/place"
    ).content.decode()

    assert offered[0] == ("", "", "Choose")
    assert ("reason", "", f"Reason of the entry: {NAME}") in offered
    assert ("payload/entry/source/place", "", "Source: chart") in offered
    assert not [each for each in offered if "selected" in each[1]]
    assert f"entries/{named}/redact/?field=payload%2Fentry%2Fsource%2Fplace" in values


@pytest.mark.parametrize("role", ["coordinator", "principal-investigator"])
def test_a_redaction_stands_where_others_see_it_until_it_is_settled(chief, signed_in, named, role):
    """Who works with the participant learns that the visit is not known any more, and where."""
    at = f"/inspector/entries/{named}/redact/"
    viewer, told = signed_in(role), f"source, place in entry {named} (visit recorded)"
    pages = ("/today/", "/participants/MGH-010/", "/participants/MGH-010/record/visit/")
    before = [told in words(viewer.get(each)) for each in pages]
    chief.post(f"{at}?field=payload/entry/source/place",
               {"do": "erase", "reason": "A name was entered"})  # fmt: skip

    during = [told in words(viewer.get(each)) for each in pages]
    entry = words(viewer.get(f"/inspector/entries/{named}/"))
    chief.post(at, {"do": "settle", "reason": "The visit is entered again"})

    after = [told in words(viewer.get(each)) for each in pages]
    assert (before, during, after) == ([False] * 3, [True] * 3, [False] * 3)
    assert "A part of this entry was redacted. Source payload/entry/source/place" in entry


def test_what_places_rest_on_is_not_erased_and_nobody_else_erases(chief, signed_in, trial):
    """An arm that was assigned stays; an inspector looks, and has no form."""
    sequence = next(each.sequence for each in trial.records() if each.happening.act == "assigned")
    at = f"/inspector/entries/{sequence}/redact/?field=payload/arm"

    shown, read = words(chief.get(at)), signed_in("inspector").get(at)

    assert "It cannot be erased." in shown
    assert "places and dose levels rest on this one" in shown
    assert 'value="erase"' not in read.content.decode()
    assert "Your role does not redact." in words(read)


def test_a_version_has_one_name_on_every_page(chief, signed_in, version_2):
    """As the protocol calls it: where it is put in force, where it judges, and below each page."""
    chief.post("/amendments/", {**AMENDS, "do": "amend", "text": version_2})
    before = words(chief.get("/participants/MGH-016/eligibility/"))
    for site in ("all-sites", "mgh"):
        chief.post("/amendments/", {"do": "activate", "version": "1", "site": site, "on": DAY,
                                    "reason": "vote 3"})  # fmt: skip
    listed = words(chief.get("/amendments/"))
    judged = words(chief.get("/participants/MGH-016/eligibility/"))
    today = words(signed_in("coordinator").get("/today/"))

    assert "by protocol version 1:" in before
    assert "by protocol version invented amendment 1:" in judged
    assert "protocol version invented amendment 1 of" in today
    assert "version invented amendment 1 (amendment 1) since" in listed
    assert "Criteria of version 1 as files" in listed
    assert "Version 0" not in listed
    assert "version 0" not in listed
