"""The import page: a mapping that is confirmed, a rehearsal, and all of a file or nothing."""

import hashlib
import json
import os
import re

import pytest
from tests.intake.test_biomarker_records import patient, report, specimen, variant

HEAD = "Subject,Visit,Date,Status"
GOOD = (HEAD, "MGH-010,UNSCHEDULED,13/11/2026,Completed", "MGH-010,UNSCHEDULED,12/11/2026,done",
        "MGH-010,UNSCHEDULED,12/11/2026,done")  # fmt: skip


def send(client, *rows, kind="visits", name="Jane Miller.csv", participant=""):
    """Send a file."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile(name, ("\n".join(rows) + "\n").encode())
    return client.post("/import/", {"step": "send", "kind": kind, "file": sent,
                                    "participant": participant})  # fmt: skip


def asked(client):
    """Give what the form of the mapping would send as it stands."""
    page = client.get("/import/").content.decode()
    fields = {}
    for name, inside in re.findall(r'<select name="([^"]+)"(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    return {**fields, **dict.fromkeys(re.findall(r'<input type="text" name="([^"]+)"', page), "")}


def rehearse(client, **changed):
    """Rehearse what is proposed, with changes."""
    return client.post("/import/", {"step": "rehearse", **asked(client), **changed})


def confirmation(answer):
    """Give what the button of a rehearsal sends."""
    found = dict(re.findall(r'name="(digest|mapping)" value="([0-9a-f]*)"', text(answer)))
    return {"step": "confirm", **found}


def text(answer):
    """Give the text of a page."""
    return answer.content.decode()


def counted(answer):
    """Give the counts of a rehearsal."""
    return {says: int(count) for says, count in re.findall(
        r'<tr><th scope="row">([^<]+)</th><td>(?:<strong>)?([0-9]+)', text(answer))}  # fmt: skip


def waiting(trial):
    """Give the folders of files that are held."""
    folder = trial.folder / "held"
    return [*folder.iterdir()] if folder.exists() else []


def test_a_file_is_mapped_rehearsed_and_recorded(signed_in, trial):
    """Three rows are two visits; both name file, line and mapping; then nothing is held."""
    client, before = signed_in("coordinator"), trial.gateway.state().sequence
    assert send(client, *GOOD)["Location"] == "/import/"
    [folder] = waiting(trial)

    rehearsed = rehearse(client)

    assert rehearsed.status_code == 200
    assert counted(rehearsed) == {"To record": 2, "Refused": 0, "There already": 1,
                                  "Left aside": 0, "All that were read": 3}  # fmt: skip
    assert trial.gateway.state().sequence == before
    mapping = (folder / "mapping.yaml").read_bytes()
    done = client.post("/import/", confirmation(rehearsed))
    assert done.status_code == 302
    records = [each for each in trial.records() if each.sequence > before]
    digest = hashlib.sha256(("\n".join(GOOD) + "\n").encode()).hexdigest()
    assert [each.source["line"] for each in records] == [2, 3]
    assert {each.source["file"] for each in records} == {digest}
    assert {each.source["mapping"] for each in records} == {hashlib.sha256(mapping).hexdigest()}
    assert {each.actor for each in records} == {"the-coordinator"}
    visits = trial.gateway.state().participants["MGH-010"].course.visits[-2:]
    assert [each.visit.on.isoformat() for each in visits] == ["2026-11-13", "2026-11-12"]
    assert waiting(trial) == []
    assert "2 of 3 rows are recorded" in text(client.get("/import/"))


def test_one_row_that_is_refused_keeps_all_out(signed_in, trial):
    """Every fault stands by line and field, and the counts add up."""
    client, before = signed_in("coordinator"), trial.gateway.state().sequence
    send(client, *GOOD[:2], "MGH-010,UNSCHEDULED,31/11/2026,done", "MGH-010,,14/11/2026,done")

    answer = rehearse(client)

    assert answer.status_code == 422
    assert counted(answer) == {"Refused": 2, "Kept out by those": 1, "All that were read": 3}
    told = re.findall(r'<tr><th scope="row">([0-9]+)</th><td>([^<]+)</td>', text(answer))
    assert [(line, field) for line, field in told if field in ("Date", "Visit")] == [
        ("3", "Date"), ("4", "Visit"),
    ]  # fmt: skip
    assert "Record all of it" not in text(answer)
    assert trial.gateway.state().sequence == before


def test_what_the_gateway_refuses_is_counted_beside_what_it_would_record(signed_in, trial):
    """A visit of tomorrow is refused; the other one would be recorded."""
    client = signed_in("coordinator")
    send(client, *GOOD[:2], "MGH-010,UNSCHEDULED,29/11/2026,done")

    answer = rehearse(client)

    assert answer.status_code == 422
    found = counted(answer)
    assert (found["To record"], found["Refused"], found["All that were read"]) == (1, 1, 2)


def test_beside_a_row_that_cannot_be_read_the_others_are_decided(signed_in, trial):
    """A visit of tomorrow is told with the day that there is not; the counts still add up."""
    client, before = signed_in("coordinator"), trial.gateway.state().sequence
    send(client, *GOOD[:2], "MGH-010,UNSCHEDULED,31/11/2026,done",
         "MGH-010,UNSCHEDULED,29/11/2026,done")  # fmt: skip

    answer = rehearse(client)

    assert answer.status_code == 422
    assert counted(answer) == {"Refused": 2, "Kept out by those": 1, "All that were read": 3}
    assert "1 row keeps all out; of the rows that could be read, 1 fault follows. Correct" in text(
        answer
    )
    assert "2 faults" in text(answer)
    assert "Record all of it" not in text(answer)
    assert trial.gateway.state().sequence == before


def test_of_another_site_nothing_is_told(signed_in, trial):
    """A participant of another site and nobody at all are refused in the same words."""
    client = signed_in("coordinator", "elsewhere")
    send(client, HEAD, "MGH-010,UNSCHEDULED,13/11/2026,done", "MGH-999,UNSCHEDULED,13/11/2026,done")

    answer = rehearse(client)

    told = re.findall(r"<td>participant</td><td>([^<]+)</td>", text(answer))
    assert answer.status_code == 422
    assert len(told) == 2
    assert len(set(told)) == 1


def test_an_order_of_days_that_no_cell_decides_is_asked_for(signed_in, trial):
    """12/11 is in November or in December: nothing is read before a person says which."""
    client = signed_in("coordinator")
    send(client, *GOOD[:1], GOOD[2])

    unsettled = rehearse(client)

    [order] = [name for name in asked(client) if name.startswith("dates")]
    assert unsettled.status_code == 422
    assert "Choose one." in text(unsettled)
    assert rehearse(client, **{order: "DD/MM/YYYY"}).status_code == 200
    assert rehearse(client, **{order: "MM/DD/YYYY"}).status_code == 422  # 11 December is to come


def test_what_is_confirmed_is_what_was_shown_and_once(signed_in, trial):
    """Another mapping than that of the page records nothing, and two clicks record once."""
    client, before = signed_in("coordinator"), trial.gateway.state().sequence
    send(client, *GOOD)
    shown = confirmation(rehearse(client))

    client.post("/import/", {**shown, "mapping": "0" * 64})
    assert trial.gateway.state().sequence == before
    client.post("/import/", shown)
    client.post("/import/", shown)

    assert trial.gateway.state().sequence == before + 2


def test_a_name_of_a_file_is_kept_nowhere(signed_in, trial):
    """It may be that of a person; what is held is for its owner alone."""
    send(signed_in("coordinator"), *GOOD)

    [folder] = waiting(trial)

    assert [each.name for each in folder.iterdir()] == ["file.csv"]
    assert [oct(each.stat().st_mode & 0o777) for each in (folder, folder / "file.csv")] == [
        "0o700", "0o600",
    ]  # fmt: skip


@pytest.mark.parametrize("ended", ["removed", "late"])
def test_a_file_that_is_not_confirmed_is_not_kept(signed_in, trial, ended):
    """It is removed when somebody says so, else after a quarter of an hour by the next request."""
    client = signed_in("coordinator")
    send(client, *GOOD)
    shown = confirmation(rehearse(client))
    [folder] = waiting(trial)

    if ended == "removed":
        client.post("/import/", {"step": "forget"})
    else:  # 16 minutes ago
        began = folder.stat().st_mtime - 16 * 60
        os.utime(folder, (began, began))
        assert client.post("/import/", shown)["Location"] == "/import/"

    assert waiting(trial) == []
    assert "What the file holds" in text(client.get("/import/"))


def test_a_large_file_is_refused_before_it_is_read(signed_in, trial):
    """By the length that the request says."""
    from trialwright.web.import_forms import MOST_BYTES

    class Unread:
        def read(self, *_):
            pytest.fail("was read")

        readline = read

    answer = signed_in("coordinator").generic(
        "POST", "/import/", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(MOST_BYTES + 1_000_000), **{"wsgi.input": Unread()},
    )  # fmt: skip

    assert answer.status_code == 413
    assert waiting(trial) == []


def test_results_are_recorded_by_the_names_and_units_that_a_person_gives(signed_in, trial):
    """A test known by no name is left aside, and a number without a unit is refused."""
    client = signed_in("coordinator")
    send(client, "Subject,Test,Result,Date", "MGH-010,hemoglobin,11.5,2026-11-13",
         "MGH-010,Xyz,2,2026-11-13", kind="facts")  # fmt: skip
    opened = rehearse(client)
    units = [name for name in asked(client) if name.startswith("unit")]

    rehearsed = rehearse(client, **dict.fromkeys(units, "g/dL"))

    assert opened.status_code == 422
    assert "in_unit" in text(opened)
    assert counted(rehearsed) == {"To record": 1, "Refused": 0, "There already": 0,
                                  "Left aside": 1, "All that were read": 2}  # fmt: skip
    client.post("/import/", confirmation(rehearsed))
    found = trial.gateway.state().participants["MGH-010"].casebook.observations[-1]
    assert (found.term, found.on.text) == ("hemoglobin", "2026-11-13")


def test_records_of_one_participant_need_no_mapping(signed_in, trial):
    """They are rehearsed at once; of a participant of another site nothing is told."""
    bundle = '{"resourceType": "Bundle", "type": "collection", "entry": []}'
    own, other = signed_in("coordinator"), signed_in("coordinator", "elsewhere")
    for client in (own, other):
        send(client, bundle, kind="fhir", name="a.json", participant="MGH-010")

    refused = other.get("/import/")

    assert refused.status_code == 422
    assert "Nobody of your site by this number" in text(refused)
    assert "Nobody of your site" not in text(own.get("/import/"))
    assert "Say whose records they are" in text(send(own, bundle, kind="fhir", name="a.json"))


def test_of_records_all_faults_are_told_at_once(signed_in, trial):
    """Nobody's birth date, an event without a term, and a visit of tomorrow."""
    client, before = signed_in("coordinator"), trial.gateway.state().sequence
    whose = {"subject": {"reference": "Patient/p1"}}
    day = {"start": "2026-11-29", "end": "2026-11-29"}
    resources = [
        {"resourceType": "Patient", "id": "p1"},
        {"resourceType": "AdverseEvent", "id": "e1", "actuality": "actual", "event": {}, **whose},
        {"resourceType": "Encounter", "id": "v1", "status": "finished", "period": day,
         "type": [{"text": "UNSCHEDULED"}], **whose},
    ]  # fmt: skip
    bundle = {"resourceType": "Bundle", "type": "collection",
              "entry": [{"resource": each} for each in resources]}  # fmt: skip

    send(client, json.dumps(bundle), kind="fhir", name="a.json", participant="MGH-010")
    answer = client.get("/import/")

    assert answer.status_code == 422
    assert "2 faults keep all out; of what could be read, 1 fault follows. Correct" in text(answer)
    assert "No term of MedDRA" in text(answer)
    assert "2026-11-29, after the entry on" in text(answer)
    assert counted(answer) == {}
    assert trial.gateway.state().sequence == before


def test_a_person_confirms_the_time_points_that_are_proposed(signed_in, trial):
    """A block of years before registration is archival; it is recorded so when that is ticked."""
    found = [patient(), specimen(label="MGH-010-X"), report("Observation/v1"), variant()]
    bundle = {"resourceType": "Bundle", "type": "collection",
              "entry": [{"resource": each} for each in found]}  # fmt: skip
    client = signed_in("coordinator")
    send(client, json.dumps(bundle), kind="fhir", name="a.json", participant="MGH-010")

    rehearsed = client.get("/import/")
    client.post("/import/", confirmation(rehearsed) | {"times": "proposed"})

    assert "archival is proposed by the rule" in text(rehearsed)
    materials = trial.gateway.state().participants["MGH-010"].biomarkers.materials
    assert {each.id: each.time_point for each in materials}["MGH-010-X"] == "archival"


def test_a_workbook_needs_no_order_of_days(signed_in, trial):
    """Its cells hold days."""
    import io
    from datetime import date

    from django.core.files.uploadedfile import SimpleUploadedFile
    from openpyxl import Workbook

    client, book, packed = signed_in("coordinator"), Workbook(), io.BytesIO()
    for row in (HEAD.split(","), ["MGH-010", "UNSCHEDULED", date(2026, 11, 13), "done"]):
        book.active.append(row)
    book.save(packed)
    sent = SimpleUploadedFile("a.xlsx", packed.getvalue())
    client.post("/import/", {"step": "send", "kind": "visits", "file": sent})

    rehearsed = rehearse(client)

    assert (rehearsed.status_code, counted(rehearsed)["To record"]) == (200, 1)


def test_a_table_of_too_many_rows_is_left_to_the_command(signed_in, trial, monkeypatch):
    """It would hold the lock of the trial for minutes."""
    from trialwright.web.screens import importing

    client = signed_in("coordinator")
    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    send(client, *GOOD)

    answer = client.get("/import/")

    assert answer.status_code == 422
    assert "3 rows. Allowed: up to 2 on a page" in text(answer)


def test_a_role_without_entries_is_offered_no_file(signed_in, trial):
    """And what it sends all the same is refused and not held."""
    client = signed_in("monitor")

    assert "Your role records nothing from files" in text(client.get("/import/"))
    assert send(client, *GOOD).status_code == 422
    assert waiting(trial) == []


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_step_breaks_a_rule_of_accessibility(opened, tmp_path, theme):
    """What is proposed, what is refused and what would be recorded, at both widths."""
    from tests.web.test_browser import AXE, LOOK, RULES, WIDTHS

    page, found = opened("coordinator", theme=theme, bypass_csp=True), {}
    for rows, proposed, rehearsed in (
        (GOOD, "Rehearse the import", "Record all of it"),
        ((*GOOD, "MGH-010,,14/11/2026,done"), "Rehearse the import", "1 fault"),
    ):
        file = tmp_path / "visits.csv"
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        page.goto("/import/")
        page.set_input_files("#id_file", str(file))
        for step, shown in (("send", proposed), ("rehearse", rehearsed)):
            page.click(f"button[value={step}]")
            page.wait_for_selector(f"text={shown}")
            page.add_script_tag(path=AXE)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if told := page.evaluate(LOOK, RULES)["violations"]:
                    found[shown, width] = [each["id"] for each in told]
        page.click("button[value=forget]")

    assert found == {}
