"""Central review in the browser: each reader enters own readings and sees nothing of the other."""

import re

import pytest
from tests.web.invented import PASSWORD, disagree

from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing_acts import Target

HERE = "/participants/MGH-005/central-review/"
BASELINE = {"on": "2026-06-29", "method": "CT SCAN", "T1_site": "LIVER", "T1_node": "no",
            "source_place": "film", "source_kind": "person"}  # fmt: skip


def _read(client, word, mm):
    """Enter a baseline of one lesion by the form."""
    page = client.get(f"{HERE}?as={word}")
    names = set(re.findall(r'name="(\w+)"', page.content.decode()))
    entered = dict.fromkeys(names, "") | {
        name: value for name, value in BASELINE.items() if name in names
    }
    entered |= {name: "film" for name in names if name == "source"}
    return client.post(f"{HERE}?as={word}", entered | {"T1_mm": mm})


def test_a_reader_sees_own_readings_alone(central, signed_in):
    """Reader 1 chose a lesion of 61 mm; reader 2 is not told."""
    one, two = signed_in("reader"), signed_in("reader", "second-reader")

    answer = _read(one, "reader-1", "61")

    assert answer.status_code == 302, answer.content.decode()
    own, other = (client.get(HERE).content.decode() for client in (one, two))
    assert "Reader 1 <span" in own
    assert "Reader 1 <span" not in other
    assert "61" not in other
    assert "You see your own readings alone." in other


def test_nobody_reads_as_another_reader(central, signed_in):
    """The form of reader 1 is no longer offered to the second reader."""
    one, two = signed_in("reader"), signed_in("reader", "second-reader")
    _read(one, "reader-1", "61")

    assert two.get(f"{HERE}?as=reader-1").status_code == 404
    assert one.get(f"{HERE}?as=reader-2").status_code == 404
    assert two.get(f"{HERE}?as=reader-2").status_code == 200


def test_the_adjudicator_sees_nothing_before_both_have_finished(central, signed_in):
    """And a decision is refused with the reason."""
    _read(signed_in("reader"), "reader-1", "61")
    judge = signed_in("adjudicator")

    page = judge.get(HERE).content.decode()
    refused = judge.post(f"{HERE}?as=decision", {"chosen": "reader 1", "reason": "clearer"})

    assert "Reader 1 <span" not in page
    assert refused.status_code == 422
    assert "reader 2 has read no baseline" in refused.content.decode()


@pytest.mark.parametrize("at", ["/participants/MGH-005/course/", "/participants/MGH-005/values/",
                                "/response/", "/reports/efficacy/", "/today/"])  # fmt: skip
def test_other_pages_are_closed_to_readers(central, signed_in, at):
    """Neither the investigator's reading nor the other reader's is reached by another page."""
    assert signed_in("reader").get(at).status_code == 403
    assert signed_in("adjudicator").get(at).status_code == 403


def test_the_list_says_what_is_to_be_done(central, signed_in):
    """Study and readers see where central review stands."""
    _read(signed_in("reader"), "reader-1", "61")

    assert b"reader 2 has read no baseline" in signed_in("monitor").get("/central-review/").content
    assert signed_in("reader").get("/central-review/").status_code == 200


SIGNS = "/signatures/form/MGH-005/?part=central_review"


@pytest.mark.parametrize(
    "at",
    [SIGNS, "/signatures/form/MGH-005/?part=history", "/signatures/casebook/MGH-005/",
     "/signatures/dose-decision/arm-A/", "/signatures/form/MGH-099/?part=central_review"],
)  # fmt: skip
def test_an_adjudicator_signs_nothing_that_he_may_not_see(central, signed_in, at):
    """Neither the study's forms, nor readings before both readers have finished and differ."""
    _read(signed_in("reader"), "reader-1", "61")

    assert signed_in("adjudicator").get(at).status_code == 404


def test_readers_sign_nothing(central, signed_in):
    """What they would sign holds the other's findings."""
    _read(signed_in("reader"), "reader-1", "61")

    assert signed_in("reader").get(SIGNS).status_code == 403


def test_an_adjudicator_signs_the_readings_that_differ(central, signed_in):
    """The digest is of both courses; the signature leads back to the participant."""
    from django.conf import settings

    desk = settings.DESK
    disagree(desk)
    judge = signed_in("adjudicator")
    assert SIGNS in judge.get(HERE).content.decode()
    target = Target("form", "MGH-005", "central_review")
    digest = content_digest(desk.gateway.state(), target)

    answer = judge.post(SIGNS, {"digest": digest, "meaning": "reviewed", "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, HERE)
    (signature,) = desk.gateway.state().oversight.signatures
    assert (signature.target, signature.role) == (target, "adjudicator")
