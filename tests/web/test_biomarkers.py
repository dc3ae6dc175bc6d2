"""Biomarkers on a page: who was assayed, as counted by hand from the invented specimens."""

import csv
import io
import re

import pytest
from tests.web.invented import TODAY

from trialwright.assembly.trial_reports import write_trial_report


def rows_of(page, heading):
    """Give the rows of a table by their first cell."""
    inside = page[page.index(f">{heading}</h2>") :]
    table = inside[inside.index("<tbody>") : inside.index("</tbody>")]
    rows = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("</tr>"))
    return {cells[0]: cells[1:] for cells in rows if cells}


@pytest.fixture
def page(signed_in):
    """Give the page as a statistician sees it."""
    answer = signed_in("statistician").get("/response/biomarkers/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_denominator_names_who_is_not_in_it(page):
    """Counted by hand from what was invented.

    Twelve were treated. Tissue: 001, 004, 006 and 007 altered; 002, 008, 009 and 010 not; of 003
    the run failed, 005 has no result, of 011 and 012 nothing was taken. A variant of 002 in plasma
    lies below the limit; 5-15 % of cells lie on both sides of the cut for PTEN.
    """
    found = rows_of(page, "Who was assayed")

    tissue = ["12", "8", "3", "1", "0", "0", "0", "0", "4", "4", "4/8 (50 %)"]
    assert found["akt-pathway-tissue"] == tissue
    plasma = ["12", "6", "6", "0", "0", "1", "0", "0", "4", "1", "1/5 (20 %)"]
    assert found["pik3ca-plasma"] == plasma
    stained = ["12", "5", "6", "1", "0", "1", "0", "0", "3", "1", "1/4 (25 %)"]
    assert found["pten-ihc"] == stained


def test_the_page_says_what_it_is_and_is_not(page):
    """Arms are pooled; what nobody named is exploratory; the rules are illustrative."""
    assert "the arms are pooled, and the marker is not tested against the arm" in page
    assert "exploratory, hypothesis-generating" in page
    assert "Panels, rules and markers: illustrative" in page
    assert 'aria-label="Picture: Markers and best response"' in page
    assert 'aria-label="Picture: Allele fractions in cell-free DNA over time"' in page
    assert set(re.findall(r'<a xlink:href="([^"]*)">', page)) > {"/participants/MGH-003/"}


def test_the_report_is_that_of_the_command(signed_in, trial, tmp_path):
    """Byte for byte, drawn with another generator of the same seed."""
    write_trial_report(trial.folder, "nct03959891", "biomarkers", TODAY, tmp_path / "out")
    client = signed_in("statistician")
    for ending in ("csv", "pdf"):
        answer = client.get(f"/reports/biomarkers/file.{ending}")

        assert answer.content == (tmp_path / "out" / f"biomarkers.{ending}").read_bytes()
    frame = (tmp_path / "out" / "biomarkers.csv").read_text(encoding="utf-8")
    states = {
        row["row"]: row["value"]
        for row in csv.DictReader(io.StringIO(frame))
        if row["table"].startswith("State of") and row["group"] == "state"
    }
    assert states["MGH-003 / pik3ca-tissue"] == "failed"
    assert "MGH-011 / pik3ca-tissue" not in states


def test_another_site_sees_its_own_participants_alone(signed_in):
    """None of them was treated."""
    page = signed_in("coordinator", "elsewhere").get("/response/biomarkers/").content.decode()

    assert "MGH-0" not in page
    assert "of site other alone" in page
