"""Central review in the browser: each reader enters own readings and sees nothing of the other."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.web.invented import PASSWORD, disagree, timed

from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing_acts import Target
from trialwright.protocol.evaluation_settings import EvaluationSettings

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
    """Reader 1 chose a lesion of 61.5 mm; reader 2 is not told."""
    one, two = signed_in("reader"), signed_in("reader", "second-reader")

    answer = _read(one, "reader-1", "61.5")

    assert answer.status_code == 302, answer.content.decode()
    own, other = (client.get(HERE).content.decode() for client in (one, two))
    assert "Reader 1 <span" in own
    assert "Reader 1 <span" not in other
    assert "61.5" not in other
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


HEAD = "Subject,Reader,Visit,Date,Finding,Lesion,Organ,Node,Result"
TABLE = (
    HEAD,
    "MGH-005,READER 1,BASELINE,2026-06-29,TARGET,R1,LIVER,N,20",
    "MGH-005,READER 1,WEEK 8,2026-08-24,TARGET,R1,,,12.5",
    "MGH-005,READER 1,WEEK 8,2026-08-24,NEW,,,,NONE",
)


def _rehearse(client, table):
    """Send a table of readings, say what a visit is, and rehearse it."""
    from tests.web.test_importing import asked, send

    assert send(client, *table, kind="central-readings").status_code == 302
    page = client.get("/import/").content.decode()
    week = re.search(r"“WEEK 8”.*?name=\"(word-\w+)\"", page, re.DOTALL)
    assert week, page
    return client.post("/import/", {"step": "rehearse", **asked(client), week[1]: "assessment"})


def test_a_reader_imports_own_readings(central, signed_in):
    """Three rows are a baseline and an assessment; the proposed words need one choice."""
    from django.conf import settings
    from tests.web.test_importing import confirmation, counted

    client = signed_in("reader")

    rehearsed = _rehearse(client, TABLE)

    assert rehearsed.status_code == 200, rehearsed.content.decode()
    assert counted(rehearsed)["To record"] == 3
    assert client.post("/import/", confirmation(rehearsed)).status_code == 302
    read = settings.DESK.gateway.state().participants["MGH-005"].central_review.of("reader 1")
    assert read.accounts == ("the-reader",)
    assert [each.targets for each in read.assessments] == [{"R1": Decimal("12.5")}]


def test_a_reader_imports_nothing_as_another_reader(central, signed_in):
    """The second reader is told the row and the column, and nothing of what the first found."""
    from tests.web.test_importing import confirmation

    one, two = signed_in("reader"), signed_in("reader", "second-reader")
    one.post("/import/", confirmation(_rehearse(one, TABLE)))

    refused = _rehearse(two, [each.replace("12.5", "14.5") for each in TABLE])

    page = refused.content.decode()
    assert refused.status_code == 422
    assert '<th scope="row">3</th><td>Reader</td>' in page
    assert "12.5" not in page


def test_beside_a_reading_that_cannot_be_read_the_others_are_decided(central, signed_in):
    """A lesion without a code, and readings of a reader who has them: told in one answer."""
    from tests.web.test_importing import confirmation

    client = signed_in("reader")
    client.post("/import/", confirmation(_rehearse(client, TABLE)))

    changed = [each.replace("N,20", "N,21").replace("T,R1,,", "T,the liver,,") for each in TABLE]
    refused = _rehearse(client, changed)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "1 row keeps all out; of the rows that could be read, 2 faults follow. Correct" in page
    for row, field in ((2, "Date"), (3, "Lesion"), (4, "Date")):
        assert f'<th scope="row">{row}</th><td>{field}</td>' in page


def test_readings_are_offered_to_readers_alone(central, signed_in):
    """And a reader imports nothing of the study."""

    def kinds(role):
        """Give the kinds of files that a role is offered."""
        page = signed_in(role).get("/import/").content.decode()
        return set(re.findall(r'<option value="([\w-]+)"', page))

    assert kinds("reader") == kinds("adjudicator") == {"central-readings"}
    assert "central-readings" not in kinds("investigator")


def test_the_form_of_adjudication_chooses_nobody(central, signed_in):
    """Whoever sends it as it stands is asked whose reading counts."""
    from django.conf import settings

    disagree(settings.DESK)
    judge = signed_in("adjudicator")

    page = judge.get(f"{HERE}?as=decision").content.decode()
    answer = judge.post(f"{HERE}?as=decision", {"chosen": "", "reason": "clearer margins"})

    assert '<option value="" selected>choose</option>' in page
    assert page.count(" selected") == 1
    assert answer.status_code == 422
    assert not settings.DESK.gateway.state().participants["MGH-005"].central_review.adjudications


def test_the_study_finds_central_review_in_its_menu(central, trial, signed_in):
    """Where the protocol has readers, and once."""
    link = '<a href="/central-review/"'

    assert signed_in("monitor").get("/today/").content.decode().count(link) == 1
    assert signed_in("reader").get("/central-review/").content.decode().count(link) == 1


def test_without_readers_the_menu_has_no_central_review(trial, signed_in, monkeypatch):
    """The investigator alone evaluates."""
    from django.conf import settings

    study = trial.gateway.protocol.study
    alone = study.response.model_copy(update={"evaluation": EvaluationSettings()})
    read = replace(trial.gateway.protocol, study=study.model_copy(update={"response": alone}))
    monkeypatch.setattr(settings, "DESK", timed(trial, read))

    assert "/central-review/" not in signed_in("monitor").get("/today/").content.decode()
