"""The record is handed out whole to those who see every participant, and to nobody else."""

from xml.etree import ElementTree

import pytest

SPACES = {
    "1.3.2": "{http://www.cdisc.org/ns/odm/v1.3}",
    "2.0": "{http://www.cdisc.org/ns/odm/v2.0}",
}


@pytest.mark.parametrize("version", SPACES)
def test_an_inspector_takes_the_record_away_as_odm(signed_in, trial, version):
    """Every participant and, in audit records, every entry; the page of the chain leads to it."""
    client = signed_in("inspector")
    page = client.get("/inspector/chain/").content.decode()

    answer = client.get(f"/inspector/odm/{version}/")

    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    space = SPACES[version]
    told = {each.text for each in root.iter(f"{space}SourceID")}
    subjects = {each.get("SubjectKey") for each in root.iter(f"{space}SubjectData")}
    assert f'href="/inspector/odm/{version}/"' in page
    assert root.get("ODMVersion") == version
    assert answer["Content-Disposition"] == f'attachment; filename="trial-odm-{version}.xml"'
    assert subjects == set(trial.gateway.state().participants)
    assert {f"happening {each.sequence}" for each in trial.records()} == told


@pytest.mark.parametrize("address", ["/inspector/odm/2.0/", "/inspector/ledger.jsonl"])
def test_who_sees_one_site_alone_takes_nothing_away(signed_in, address):
    """The record holds every participant."""
    assert signed_in("monitor").get(address).status_code == 200
    assert signed_in("", "elsewhere").get(address).status_code in (403, 404)


def test_an_unknown_version_is_no_page(signed_in):
    """Not the newest, nor the first."""
    assert signed_in("inspector").get("/inspector/odm/9.9/").status_code == 404
