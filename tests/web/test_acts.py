"""What the pages do: each form becomes an act, and a refusal is told at its field."""

import csv
import json
import re
from datetime import date

import pytest

from trialwright.conduct.delegation_acts import Delegate
from trialwright.conduct.roles import Actor
from trialwright.eligibility.outlook import Outlook
from trialwright.eligibility.overall import Overall

GOOD = {"arm": "C", "on": "2026-11-28", "first_dose_on": "2026-12-02"}


def last(trial):
    """Give the newest entry."""
    return trial.records()[-1]


def test_a_consent_begins_a_participant(signed_in, trial):
    """And leads to the page of eligibility."""
    answer = signed_in("coordinator").post(
        "/participants/", {"number": "MGH-017", "on": "2026-11-28"}
    )

    assert answer["Location"] == "/participants/MGH-017/eligibility/"
    entry = last(trial)
    assert (entry.happening.act, entry.happening.subject) == ("consented", "MGH-017")
    assert (entry.actor, entry.role, entry.site, entry.source) == (
        "the-coordinator", "coordinator", "mgh", "page",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "field", "says"),
    [
        ({"number": "Jane Doe", "on": "2026-11-28"}, "id_number", "Something of another form"),
        ({"number": "MGH-001", "on": "2026-11-28"}, "id_number", "which is in use"),
        ({"number": "MGH-017", "on": "28/11/2026"}, "id_on", "Give the day as year-month-day"),
        ({"number": "MGH-017", "on": ""}, "id_on", "This field is required"),
    ],
)
def test_a_refusal_stands_at_its_field(signed_in, trial, form, field, says):
    """With what was found, what is allowed and what to do; nothing is recorded."""
    before = trial.gateway.state().sequence

    answer = signed_in("coordinator").post("/participants/", form)

    text = answer.content.decode()
    begin = text.index(f'id="{field}_error"')
    assert answer.status_code == 422
    assert says in text[begin : text.index("</ul>", begin)]
    assert trial.gateway.state().sequence == before


def test_a_consent_before_the_delegation_is_refused(signed_in, trial):
    """The coordinator holds the task since 26 June, not on the day of the consent."""
    answer = signed_in("coordinator").post(
        "/participants/", {"number": "MGH-017", "on": "2026-06-25"}
    )

    assert answer.status_code == 422
    assert b"none with day 2026-06-25" in answer.content


def test_the_checklist_is_kept_as_it_was_shown(signed_in, trial):
    """Screened by a coordinator, for the arm and the days of the form."""
    answer = signed_in("coordinator").post("/participants/MGH-015/eligibility/screen/", GOOD)

    done = last(trial).happening
    assert answer.status_code == 302
    assert (done.act, done.payload["arm"], done.payload["overall"]) == ("screened", "C", "eligible")


def test_registration_and_dose_level(signed_in, trial):
    """An investigator registers, a coordinator assigns: the second of three places of arm C."""
    investigator, coordinator = signed_in("investigator"), signed_in("coordinator")

    registered = investigator.post("/participants/MGH-015/eligibility/register/", GOOD)
    assigned = coordinator.post("/participants/MGH-015/eligibility/assign/", {"on": "2026-11-28"})

    here = trial.gateway.state().participants["MGH-015"]
    assert registered.status_code == assigned.status_code == 302
    assert (here.registered_on, here.dose_level) == (date(2026, 11, 28), 1)
    assert trial.gateway.state().cohorts["C"].assigned == ("MGH-012", "MGH-015")


@pytest.mark.parametrize(("changes", "told"), [(True, "When that changes:"), (False, "Time alone")])
def test_a_wash_out_that_ends_is_told_though_something_stays_open(
    signed_in, monkeypatch, changes, told
):
    """Neither day of an eligible participant is within reach, and yet it is no standstill."""
    day = date(2026, 12, 5) if changes else None
    ahead = Outlook("A", Overall.NOT_ELIGIBLE, None, None, day, "arm A: as it is", changes=changes)
    monkeypatch.setattr("trialwright.web.screens.eligibility.look_ahead", lambda *_: (ahead,))

    text = signed_in("investigator").get("/participants/MGH-013/eligibility/?arm=A")

    found = [each for each in ("When that changes:", "Time alone") if each in text.content.decode()]
    assert found == [told]


def test_registration_is_refused_with_every_criterion_in_the_way(signed_in, trial):
    """MGH-016 has consented and nobody has answered for anything yet."""
    answer = signed_in("investigator").post("/participants/MGH-016/eligibility/register/", GOOD)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was recorded" in text
    for criterion in ("I03", "I18", "I19", "E01", "E15"):
        assert f"<li>{criterion}: " in text
    assert trial.gateway.state().participants["MGH-016"].registered_on is None


def test_an_ineligible_participant_has_no_form_of_registration(signed_in):
    """ECOG performance status 3, 0 to 2 allowed: the criterion is named, with its value."""
    text = signed_in("investigator").get("/participants/MGH-013/eligibility/").content.decode()

    assert "not eligible" in text
    assert "Register MGH-013" not in text
    assert '<li><a href="#c-I04">I04</a> not met: ECOG performance status 3 on ' in text
    begin = text.index('id="c-I04"')
    assert "<td>3</td>" in text[begin : text.index("</details>", begin)]
    assert "{score}" not in text
    assert '<details class="card"><summary>Still open beside that, and no way in by itself' in text


def test_a_checklist_says_when_its_answer_changes(signed_in, trial):
    """An answer of each arm stands for so long; nothing is told of somebody who is registered."""
    client = signed_in("investigator")
    said = "<strong>When that changes:</strong> arm {}: "

    texts = {arm: client.get(f"/participants/MGH-015/eligibility/?arm={arm}").content.decode()
             for arm in "ABC"}  # fmt: skip

    assert all(said.format(arm) in text for arm, text in texts.items())
    assert [text.count("When that changes") for text in texts.values()] == [1, 1, 1]
    assert (
        "When that changes" not in client.get("/participants/MGH-001/eligibility/").content.decode()
    )


def test_a_principal_investigator_takes_the_dose_decision(signed_in, trial):
    """Three participants without a DLT in arm B: the 3+3 goes one level up."""
    chief = signed_in("principal-investigator")
    shown = chief.get("/safety/B/").content.decode()

    answer = chief.post("/safety/B/", {"cutoff": "2026-11-28", "on": "2026-11-28"})

    assert "Escalate: level 2, 300 mg" in shown
    assert answer.status_code == 302
    assert trial.gateway.state().cohorts["B"].level == 2


def test_the_advice_names_design_and_rule_once(signed_in):
    """Its sentence ends with them; the line below says how far the data go."""
    text = signed_in("principal-investigator").get("/safety/B/").content.decode()
    card = text[text.index('class="card advice"') :].partition("</div>")[0]
    advice = re.sub(r"<[^>]+>", " ", card)

    assert advice.count("rule ") == advice.count("3+3") == 1
    assert "(3+3 six-at-mtd, rule " in advice
    assert "Data up to 28 Nov 2026" in " ".join(advice.split())


def test_a_decision_too_early_is_refused(signed_in, trial):
    """Arm A has three participants in the window."""
    answer = signed_in("principal-investigator").post(
        "/safety/A/", {"cutoff": "2026-11-28", "on": "2026-11-28"}
    )

    assert answer.status_code == 422
    assert b"Complete the cohort, or wait for the DLT windows" in answer.content
    assert trial.gateway.state().cohorts["A"].level == 2


def test_an_earlier_cutoff_shows_what_was_known_then(signed_in):
    """On 20 August nobody of arm B had finished the window of 28 days from 29 July."""
    text = signed_in("monitor").get("/safety/B/?cutoff=2026-08-20").content.decode()

    assert "3 still in the DLT window" in text
    assert "Escalate: level 2" not in text


def test_a_site_is_suspended_with_a_reason_only(signed_in, trial):
    """Then nobody new consents there."""
    chief = signed_in("principal-investigator")
    form = {"move": "suspend", "site": "mgh", "on": "2026-11-28", "reason": ""}

    refused = chief.post("/statuses/", form)
    done = chief.post("/statuses/", {**form, "reason": "Freezer failure"})
    consent = chief.post("/participants/", {"number": "MGH-017", "on": "2026-11-28"})

    assert refused.status_code == 422
    assert b"Say why, without naming a participant" in refused.content
    assert done.status_code == 302
    assert consent.status_code == 422
    assert b"suspended since 2026-11-28" in consent.content


def test_a_new_trial_is_opened_on_its_page(signed_in, tmp_path, monkeypatch):
    """Before that the first pages say what comes first."""
    from django.conf import settings

    from trialwright.assembly.serving import open_desk

    client = signed_in("principal-investigator")
    desk = open_desk(tmp_path, "nct03959891")
    monkeypatch.setattr(settings, "DESK", desk)
    day = date(2026, 11, 28)
    chief = Delegate("the-principal-investigator", "Per Roe", "principal-investigator", "all-sites",
                     ("delegation", "recruitment"), day, None, day, day)  # fmt: skip
    desk.gateway.execute(chief, Actor("root", "operator", "mgh"))
    assert b"The trial is not open yet" in client.get("/today/").content
    assert b"The trial is not open yet" in client.get("/cohorts/").content
    assert b"Nobody has consented yet" in client.get("/participants/").content
    assert b"Demonstration" not in client.get("/today/").content

    answer = client.post("/statuses/", {"move": "open", "on": "2026-11-28", "reason": ""})

    assert answer.status_code == 302
    assert desk.gateway.state().opened_on == date(2026, 11, 28)


def test_a_value_is_walked_back_to_its_entry(signed_in, trial):
    """From the glucose event of MGH-005 to the account that entered it, and the day."""
    monitor = signed_in("monitor")
    values = monitor.get("/participants/MGH-005/values/?of=Hyperglycemia").content.decode()
    wanted = next(
        record.sequence for record in trial.records()
        if record.happening.act == "adverse_event_recorded"
        and record.happening.subject == "MGH-005"
        and record.happening.payload["event"]["term"] == "Hyperglycemia"
    )  # fmt: skip

    here = monitor.get(f"/participants/MGH-005/entries/{wanted}/").content.decode()
    entry = monitor.get(f"/inspector/entries/{wanted}/").content.decode()

    assert f'href="/participants/MGH-005/entries/{wanted}/"' in values
    assert f'href="/inspector/entries/{wanted}/"' in here
    assert "grade 3" in values
    assert "c.meyer, coordinator, mgh" in entry
    assert "event/term" in entry


def test_the_trail_is_filtered_and_counted(signed_in, trial):
    """The numbers are counted from the ledger here a second time."""
    client = signed_in("inspector")
    decided = [each for each in trial.records() if each.happening.act == "dose_decided"]

    part = client.get("/inspector/?act=dose_decided", headers={"HX-Request": "true"})
    whole = client.get("/inspector/?act=dose_decided&account=c.meyer")

    assert len(decided) == 2
    assert f"<strong>2</strong> of {len(trial.records())} entries" in part.content.decode()
    assert b"<html" not in part.content
    assert b"No entry matches these filters" in whole.content


def test_the_trail_can_be_taken_away(signed_in, trial):
    """As a table with every value, and as the ledger's own lines."""
    client = signed_in("inspector")

    table = [*csv.DictReader(client.get("/inspector/trail.csv").content.decode().splitlines())]
    lines = b"".join(client.get("/inspector/ledger.jsonl").streaming_content).decode().splitlines()

    assert {int(row["sequence"]) for row in table} == set(range(1, len(trial.records()) + 1))
    assert lines == [*trial.export_lines()]
    assert all(json.loads(line) for line in lines)


def test_a_text_in_a_table_is_no_formula(signed_in, trial):
    """A spreadsheet shows it instead of working it out."""
    signed_in("investigator").post(
        "/participants/MGH-016/eligibility/answer/",
        {"question": "good-candidate", "answer": "yes", "on": "2026-11-28", "reason": "=1+1"},
    )

    table = signed_in("inspector").get("/inspector/trail.csv").content.decode()

    rows = [*csv.DictReader(table.splitlines())]
    assert {row["reason"] for row in rows if row["reason"].endswith("=1+1")} == {"'=1+1"}


def test_a_chain_without_its_public_key_is_not_verified(signed_in, trial):
    """The page says what is missing and where."""
    (trial.folder / "public.pem").unlink()

    page = signed_in("inspector").get("/inspector/chain/?verify=1")

    assert page.status_code == 200
    assert "The chain was not verified." in page.content.decode()
    assert "<li>public.pem: No such file or directory. Allowed" in page.content.decode()


def test_the_chain_is_verified_and_a_change_is_found(signed_in, trial):
    """A grade changed behind its back by another door."""
    from trialwright.assembly.tampering import change_a_grade

    client = signed_in("inspector")
    before = client.get("/inspector/chain/?verify=1").content.decode()
    change_a_grade(trial.folder / "ledger.sqlite")

    after = client.get("/inspector/chain/?verify=1").content.decode()

    assert "</span> intact</span>" in before
    assert "</span> changed</span>" in after
    assert "value edited" in after


def test_the_state_of_an_earlier_day(signed_in, trial):
    """On 7 July: six had consented for arm A, and one dose decision was taken."""
    text = signed_in("inspector").get("/inspector/state/?as_of=2026-07-07").content.decode()

    assert "6 participants" in text
    assert "MGH-006" in text
    assert "MGH-007" not in text


def test_a_redaction_is_seen_at_once(signed_in, trial):
    """What was read before is not shown after."""
    from trialwright.conduct.acts import Redact

    client = signed_in("inspector")
    entry = next(each for each in trial.records() if each.happening.act == "trial_opened")
    at = f"/inspector/entries/{entry.sequence}/"
    assert b"Site initiation visit" in client.get(at).content
    act = Redact("NCT03959891", date(2026, 11, 28), entry.sequence, "reason", "a name")
    trial.gateway.execute(act, Actor("d.ivanova", "data-manager", "mgh"))

    text = client.get(at).content

    assert b"Site initiation visit" not in text
    assert b"A part of this entry was redacted" in text
    assert b"Site initiation visit" not in client.get("/inspector/trail.csv").content


def test_the_calendar_gives_days_and_their_rules(signed_in):
    """MGH-010 began on 5 November: fulvestrant on days 1 and 15, the 5th and the 19th."""
    text = signed_in("coordinator").get("/participants/MGH-010/?month=2026-11").content.decode()

    cells = text.split('<time datetime="2026-11-')
    dosed = {cell[:2] for cell in cells[1:] if "fulvestrant 500 mg" in cell.split("</td>")[0]}
    assert dosed == {"05", "19"}
    assert "Fulvestrant IM on days 1 and 15 of cycle 1" in text
    assert "illustrative, not from the registry" in text


def test_the_board_shows_places_and_windows(signed_in):
    """Arm C: one of three places taken. Day 10 of its window; arm A has one DLT at level 2."""
    text = signed_in("coordinator").get("/cohorts/").content.decode()

    assert text.count(">…</span> free<") == 2
    assert "DLT window: day 10 of 35" in text
    assert "1 DLT in 3 evaluable, 3 pending" in text


def test_the_theme_is_kept_without_a_script(signed_in):
    """A form sets it, and a page elsewhere is not gone back to."""
    client = signed_in("monitor")

    chosen = client.post("/theme/", {"theme": "dark", "next": "/cohorts/"})
    away = client.post("/theme/", {"theme": "light", "next": "https://elsewhere.example/"})

    assert chosen["Location"] == "/cohorts/"
    assert away["Location"] == "/"
    client.post("/theme/", {"theme": "dark", "next": "/"})
    assert b'data-theme="dark"' in client.get("/cohorts/").content
