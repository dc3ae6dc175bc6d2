"""Criteria as files: those of the command, what they cannot say beside them, and for whom."""

import csv
import html
import re
from datetime import date

import pytest
from click.testing import CliRunner
from tests.web.conftest import TODAY
from tests.web.test_steering import AMENDS, DAY, version_2  # noqa: F401 - a fixture

from trialwright.casebook.course_ends import ScreenFailure
from trialwright.cli.main import main
from trialwright.conduct.clinical_acts import ScreenFail
from trialwright.conduct.roles import Actor
from trialwright.terms.sources import Source

AT = "/amendments/criteria/"
INVESTIGATOR = Actor("the-investigator", "investigator", "mgh")


def text_of(answer):
    """Read a page as its reader does."""
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.content.decode())).split())


def rows_of(answer):
    """Read a table: participant, criterion, what was found and when."""
    assert answer.status_code == 200
    rows = csv.DictReader(answer.content.decode().splitlines())
    return [(each["USUBJID"], each["IETESTCD"], each["IEORRES"], each["IEDTC"]) for each in rows]


@pytest.mark.parametrize(
    ("form", "ending"), [("circe", "json"), ("fhir", "json"), ("sdtm-ti", "csv")]
)
def test_a_file_is_that_of_the_command_and_its_remarks_stand_beside(
    signed_in, tmp_path, form, ending
):
    """Byte for byte; what the command says on standard error is on the page."""
    path = tmp_path / "out"
    asked = ["protocol", "export", "nct03959891", "--to", form, "--out", str(path)]
    done = CliRunner().invoke(main, asked)
    client = signed_in("statistician")

    answer, page = client.get(f"{AT}{form}/"), text_of(client.get(AT))

    assert answer.content == path.read_bytes()
    assert f'filename="NCT03959891-{form}.{ending}"' in answer["Content-Disposition"]
    told = done.stderr.splitlines()
    assert all(re.sub("^[IE][0-9]{2}: ", "", each) in page for each in told)
    assert (f"{len(told)} remarks" in page) is bool(told)


def test_who_fails_what_is_told_by_study_number(signed_in, trial):
    """What ended screening has a row of its own; who is in screening has none."""
    entry = ScreenFailure(date(2026, 11, 27), ("E11", "I04"), Source("person", "chart"))
    trial.gateway.execute(ScreenFail("MGH-016", date(2026, 11, 28), entry), INVESTIGATOR)
    client = signed_in("data-manager")

    rows, page = rows_of(client.get(f"{AT}sdtm-ie/")), text_of(client.get(AT))

    study = "NCT03959891-MGH-0"
    assert [each for each in rows if each[0] != f"{study}16"] == [
        (f"{study}13", "I04", "N", "2026-11-20")
    ]
    assert {("I04", "N"), ("E11", "Y")} <= {each[1:3] for each in rows if each[0] == f"{study}16"}
    assert "MGH-015 eligibility is not decided yet, so there is no row" in page
    by_person = "E11, I04: failed by what ended screening; the facts on record do not say so"
    assert f"MGH-016 {by_person}" in page or f"unknown, which has no row {by_person}" in page
    assert "MGH-013 I03, I06, I09" in page


def test_who_fails_what_is_that_of_the_command(signed_in, trial, tmp_path):
    """Byte for byte, for the day of the page; what a row does not say stands on both."""
    path = tmp_path / "ie.csv"
    asked = ["protocol", "export", "nct03959891", "--to", "sdtm-ie", "--out", str(path)]
    client = signed_in("data-manager")

    done = CliRunner().invoke(
        main, [*asked, "--ledger", str(trial.folder), "--as-of", TODAY.isoformat()]
    )
    answer, page = client.get(f"{AT}sdtm-ie/"), text_of(client.get(AT))

    assert done.exit_code == 0, done.output
    assert answer.content == path.read_bytes()
    told, rows = done.stderr.splitlines(), rows_of(answer)
    assert all(re.sub("^[A-Z]+-[0-9]+: ", "", each) in page for each in told)
    people = len(trial.gateway.state().participants)
    assert done.stdout == (
        f"NCT03959891: {len(rows)} failed criteria of {people} participants as sdtm-ie; "
        f"{len(told)} remarks on standard error\n"
    )


def test_rows_of_participants_are_for_those_who_see_all_of_them(signed_in):
    """A coordinator of another site finds the forms of the protocol, and why no more."""
    client = signed_in("coordinator", "elsewhere")

    page, file = client.get(AT), client.get(f"{AT}sdtm-ie/")

    assert file.status_code == 404
    assert b"MGH-0" not in page.content
    assert "given to accounts that see every participant" in text_of(page)
    assert client.get(f"{AT}circe/").status_code == 200


def test_each_version_has_its_own_files(signed_in, trial, version_2):  # noqa: F811
    """TIVERS is the version that was chosen; without a choice the one in force for the trial."""
    chief = signed_in("principal-investigator")
    chief.post("/amendments/", {**AMENDS, "do": "amend", "text": version_2})

    before = chief.get(f"{AT}sdtm-ti/").content
    chosen = chief.get(f"{AT}sdtm-ti/?version=1")
    chief.post("/amendments/", {"do": "activate", "version": "1", "site": "all-sites", "on": DAY,
                                "reason": "Vote"})  # fmt: skip

    assert before.splitlines()[1].endswith(b",1")
    assert chosen.content.splitlines()[1].endswith(b",invented amendment 1")
    assert chief.get(f"{AT}sdtm-ti/").content == chosen.content
    assert 'filename="NCT03959891-sdtm-ti-version-1.csv"' in chosen["Content-Disposition"]
    assert chief.get(f"{AT}sdtm-ti/?version=0").content == before
    assert f"{AT}?version=1" in chief.get("/amendments/").content.decode()
    assert "version invented amendment 1 of the protocol" in text_of(chief.get(AT))


@pytest.mark.parametrize("at", ["odm/", "circe/?version=7", "circe/?version=x", "?version=1"])
def test_what_there_is_not_is_not_found(signed_in, at):
    """A form or version that does not exist."""
    assert signed_in("sponsor").get(f"{AT}{at}").status_code == 404


def test_the_public_page_leads_roles_of_the_study_there(signed_in, trial):
    """Whoever has no account is not led to a page that asks for one."""
    from django.test import Client

    assert AT in signed_in("monitor").get("/trial/").content.decode()
    assert AT not in Client().get("/trial/").content.decode()
    assert AT not in signed_in("operator").get("/trial/").content.decode()
