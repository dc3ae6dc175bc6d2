"""Reports and pictures on pages: what they rest on, for whom, and the same as the files."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from importlib import resources

import pytest
from tests.web.invented import TODAY

from trialwright.assembly import shown_reports
from trialwright.assembly.kept_answers import Kept
from trialwright.assembly.trial_reports import write_trial_report
from trialwright.conduct.acts import Consent
from trialwright.conduct.roles import Actor

PI = "principal-investigator"


def text_of(answer):
    """Read a page."""
    assert answer.status_code == 200
    return answer.content.decode()


def digest_of_protocol():
    """Work out the digest of the shipped file as any other program does."""
    file = resources.files("trialwright.shelf") / "protocols" / "nct03959891.yaml"
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("at", ["/reports/safety/", "/reports/efficacy/", "/response/"])
def test_a_report_says_what_it_rests_on(signed_in, trial, at):
    """Data cutoff, head of the ledger, digest of the protocol; a report says it above and below."""
    page = text_of(signed_in(PI).get(at))

    head = trial.gateway.store.head(trial.gateway.trial)
    times = 2 if "reports" in at else 1
    assert page.count(f"{head.sequence} {head.hash}") == times
    assert page.count(digest_of_protocol()) == times
    assert TODAY.isoformat() in page


def test_files_of_a_page_are_those_of_the_command(signed_in, trial, tmp_path):
    """Byte for byte."""
    write_trial_report(trial.folder, "nct03959891", "safety", TODAY, tmp_path / "out")
    client = signed_in("statistician")
    for ending in ("html", "csv", "pdf"):
        answer = client.get(f"/reports/safety/file.{ending}")

        assert answer.status_code == 200
        assert answer.content == (tmp_path / "out" / f"safety.{ending}").read_bytes()
        named = f'filename="safety-{TODAY.isoformat()}.{ending}"'
        assert named in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("at", "headings"),
    [
        ("/response/", ["Best change of the sum of diameters", "Sum of diameters over time",
                        "Time on study", "Progression-free survival", "Overall survival"]),
        ("/safety/", ["Arm A: dose levels and DLTs",
                      "Arm A: adverse events at the lowest and the highest dose level",
                      "Course of MGH-005"]),
        ("/participants/MGH-005/course/", ["Course of MGH-005"]),
    ],
)  # fmt: skip
def test_each_picture_stands_where_it_is_looked_for(signed_in, at, headings):
    """Each is named for a screen reader, and each mark leads to a participant who exists."""
    page = text_of(signed_in("monitor").get(at))

    drawn = re.findall(r'<figure class="picture"[^>]*aria-label="Picture: ([^"]*)">\s*<svg', page)
    assert set(headings) <= set(drawn)
    led = set(re.findall(r'<a xlink:href="([^"]*)">', page))
    assert led
    assert all(re.fullmatch(r"/participants/MGH-0\d\d/", each) for each in led)


def test_pictures_show_the_own_site_alone(signed_in):
    """A coordinator of another site sees nobody of this one, and is told whose data these are."""
    client = signed_in("coordinator", "elsewhere")
    for at in ("/response/", "/reports/safety/", "/reports/efficacy/", "/safety/",
               "/reports/efficacy/file.csv", "/reports/safety/file.html"):  # fmt: skip
        page = text_of(client.get(at))

        assert "MGH-0" not in page
        assert "of site other alone" in page or at == "/safety/" or at.endswith("csv")
    assert client.get("/participants/MGH-005/course/").status_code == 404


def test_a_report_counts_up_to_its_cutoff(signed_in):
    """Before the first dose nobody was treated; a later day than today is today."""
    client = signed_in("monitor")
    early = text_of(client.get("/reports/safety/?cutoff=2026-06-27"))
    late = text_of(client.get(f"/reports/?cutoff={(TODAY + timedelta(days=9)).isoformat()}"))

    assert "2026-06-27" in early
    assert "MGH-005" not in early
    assert f"?cutoff={TODAY.isoformat()}" in late


@pytest.mark.parametrize("at", ["/reports/other/", "/reports/safety/file.exe"])
def test_what_is_no_report_is_not_found(signed_in, at):
    """Nothing is made of an address."""
    assert signed_in("monitor").get(at).status_code == 404


def test_a_report_is_made_once_for_each_state_of_the_ledger(signed_in, trial, monkeypatch):
    """Two looks draw once; after an entry it is made anew, and says the new head."""
    from django.conf import settings

    monkeypatch.setattr(settings, "DESK", replace(trial, kept=Kept()))
    made = []
    real = shown_reports.make_report
    monkeypatch.setattr(
        shown_reports, "make_report", lambda *given: made.append(given[1]) or real(*given)
    )
    client = signed_in("monitor")
    client.get("/response/")
    client.get("/reports/efficacy/")
    before = list(made)

    chief = Actor("p.lindqvist", PI, "mgh")
    trial.gateway.execute(Consent("MGH-090", TODAY), chief)
    head = trial.gateway.store.head(trial.gateway.trial)

    assert before == ["efficacy"]
    assert head.hash in text_of(client.get("/response/"))
    assert made == ["efficacy", "efficacy"]


def test_pictures_of_safety_are_those_of_the_report(pages):
    """Without tables and laboratory values, with the whole trial and with one site alone."""
    for site in ("", "mgh"):
        asked = shown_reports.Asked("safety", TODAY, site, "/participants/{}/")
        report, _ = shown_reports.report_of(pages.desk, asked)

        found = shown_reports.safety_pictures_of(pages.desk, asked)

        pictures = tuple(each for each in report.sections if each.picture)
        of_laboratory = [each.heading for each in pictures[len(found) :]]
        assert found
        assert found == pictures[: len(found)]
        assert "Anemia: hemoglobin over time" in of_laboratory
        assert all(each.endswith(" over time") for each in of_laboratory)
