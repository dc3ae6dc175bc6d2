"""Data checks on pages: found, raised by a coordinator as queries, and seen no more."""

import html
import re

from trialwright.casebook.adverse_events import EventSigns

AT = "/participants/MGH-010/"
EVENT = {
    "term": "Diarrhea", "grade": "1", "started": "2026-11-20", "ended": "", "is_serious": "yes",
    "serious_because": ["hospitalisation"], "is_expected": "no", "sponsor_aware_on": "2026-11-21",
    "highest_grade_hours": "30", "stools_over_baseline": "8", "limits": "instrumental ADL",
    "hospitalization_indicated": "yes", "attribution": "none", "source": "clinic note",
}  # fmt: skip


def test_an_event_is_recorded_with_what_its_grade_rests_on(signed_in, trial):
    """Every field of the form reaches the record."""
    answer = signed_in("coordinator").post(f"{AT}record/adverse-event/", EVENT)

    assert answer.status_code == 302
    event = trial.gateway.state().participants["MGH-010"].adverse_events[-1]
    assert event.serious_because == ("hospitalisation",)
    assert (event.is_expected, event.sponsor_aware_on.isoformat()) == (False, "2026-11-21")
    assert (event.highest_grade_hours, event.related_to) == (30, ())
    assert event.signs == EventSigns(stools_over_baseline=8, limits="instrumental ADL",
                                     hospitalization_indicated=True)  # fmt: skip


def test_a_coordinator_raises_a_check_as_a_query(signed_in, trial):
    """It stands on both pages before, and on neither after; the query is open."""
    client = signed_in("coordinator")
    client.post(f"{AT}record/adverse-event/", EVENT)
    page = client.get(f"{AT}oversight/").content.decode()
    says = "entered as grade 1, what is recorded gives 3"
    assert says in html.unescape(page)
    assert "MGH-010</a>: 1 to look at" in client.get("/queries/").content.decode()
    (name,) = re.findall(r'name="check" value="([0-9a-f]+)"', page)

    for told in ("The query is raised.", "This data check waits no longer."):
        answer = client.post(f"{AT}oversight/", {"check": name}, follow=True)
        assert told in answer.content.decode()

    queries = trial.gateway.state().oversight.queries
    (query,) = [each for each in queries.values() if says in each.steps[0].text]
    assert (query.kind, query.state, str(query.scope)) == (
        "System", "Open", "adverse events of MGH-010")  # fmt: skip
    assert 'name="check"' not in client.get(f"{AT}oversight/").content.decode()
    assert "to look at" not in client.get("/queries/").content.decode()


def test_who_may_not_ask_sees_the_check_without_a_button(signed_in, trial):
    """A pharmacist reads; a request made by hand records nothing."""
    chief = signed_in("coordinator")
    chief.post(f"{AT}record/adverse-event/", EVENT)
    head = trial.gateway.state().sequence
    client = signed_in("pharmacist")
    page = client.get(f"{AT}oversight/").content.decode()
    name = re.search(r'value="([0-9a-f]{16})"',
                     chief.get(f"{AT}oversight/").content.decode())[1]  # fmt: skip

    answer = client.post(f"{AT}oversight/", {"check": name}, follow=True)

    assert "what is recorded gives 3" in page
    assert 'name="check"' not in page
    assert "the role pharmacist" in html.unescape(answer.content.decode())
    assert trial.gateway.state().sequence == head


def test_what_is_to_be_checked_is_said_to_whoever_entered_it(signed_in):
    """Once, with the entry; an entry that leaves nothing to be checked says nothing of it."""
    client, at = signed_in("coordinator"), f"{AT}record/laboratory/"
    entry = {"visit": "C1D22", "on": "2026-11-27", "source": "report 17", "term_1": "hemoglobin",
             "value_1": "900", "unit_1": "g/dL"}  # fmt: skip

    told = client.post(at, entry, follow=True).content.decode()
    again = client.post(at, {**entry, "value_1": "9.1"}, follow=True).content.decode()

    assert "To be checked: Hemoglobin 900 g/dL on 2026-11-27 lies outside 2 to 25 g/dL" in told
    assert "is on record" in again
    assert "To be checked" not in again


def test_a_term_that_no_rule_finds_is_remarked(signed_in):
    """The form offers the terms; either spelling of one of them is taken without a word."""
    client, at = signed_in("coordinator"), f"{AT}record/adverse-event/"

    form = client.get(at).content.decode()
    told = [
        client.post(at, {**EVENT, "term": term}, follow=True).content.decode()
        for term in ("Diarrhoea", "Diarrhoe")
    ]

    assert '<datalist id="term-offered"><option value="Abdominal pain">' in form
    assert 'list="term-offered"' in form
    assert ["no rule that names a term finds it" in each for each in told] == [False, True]
