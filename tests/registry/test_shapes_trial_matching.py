"""Every field of a matching service's record goes to its place, or is kept."""

import pytest
from tests.registry.invented_records import MATCHED, changed, text_of, without

from trialwright.registry.draft import DraftPerson, DraftSite
from trialwright.registry.reading import read_record


def read(record):
    """Read a record."""
    return read_record(text_of(record), "matched.json")


@pytest.fixture(scope="module")
def draft():
    """Give the draft of the invented record."""
    return read(MATCHED)


def test_its_fields_are_read(draft):
    """Title, number, status, phase, sponsor, summary, conditions."""
    published = draft.publication

    assert (draft.title, draft.identifiers.nct) == (MATCHED["title"], "NCT99999999")
    assert (draft.status, published.status_word) == ("active", "active")
    assert (draft.phase, published.phase_line, draft.phase_in_summary) == (
        "I/II", "Phase 1/Phase 2", "Ib",
    )  # fmt: skip
    assert draft.lead_organisation == "Invented Center"
    assert draft.summary == "This phase Ib trial studies testinib."
    assert (published.conditions, published.keywords) == (("Invented Disease",), ("testinib",))


def test_criteria_sites_and_contacts_are_read(draft):
    """Locations are those of FHIR."""
    assert [each.id for each in draft.criteria] == ["I01", "I02", "E01"]
    assert draft.sites == (
        DraftSite("Invented Hospital", "active", "", "000-2", 0, "sam@example.org", "Testville",
                  "Nowhere", "00001", "Utopia"),
    )  # fmt: skip
    assert draft.people == (DraftPerson("Kim Example", "contact"),)
    assert draft.arms == ()


def test_how_well_it_matched_is_kept(draft):
    """That is no part of a trial."""
    kept = {each.span.field: each.words for each in draft.kept}

    assert kept.items() >= {
        ("likelihood", '{"text":"Possible match","score":0.46}'),
        ("source", "Somewhere"),
        ("status.color", "green"),
        ("contacts.0.phone", "000-1"),
    }


def test_a_period_gives_its_dates():
    """Where it is an object; as text it is kept."""
    dated = read(changed(MATCHED, "period", {"start": "2099-01", "end": "2100"}))
    said = read(changed(MATCHED, "period", "2099 - 2100"))

    assert (dated.publication.started.date, dated.publication.completion.date) == (
        "2099-01", "2100",
    )  # fmt: skip
    assert said.publication.started is None
    assert "2099 - 2100" in [each.words for each in said.kept]


@pytest.mark.parametrize("key", [key for key in MATCHED if key not in ("trialId", "eligibility")])
def test_each_field_may_be_missing(key):
    """The others are read without it."""
    draft = read(without(MATCHED, key))

    assert draft.shape == "matching-service record"


@pytest.mark.parametrize("key", [key for key in MATCHED if key != "trialId"])
@pytest.mark.parametrize("value", [5, ["x"], {"y": "z"}, True])
def test_a_value_of_another_kind_is_no_fault_of_the_rest(key, value):
    """The number of the trial is read all the same."""
    draft = read(changed(MATCHED, key, value))

    assert draft.identifiers.nct == "NCT99999999"


def test_the_earlier_version_of_the_first_trial_is_read(shared):
    """14 inclusion and 16 exclusion criteria, two of them for one arm."""
    file = shared / "registry" / "nct03959891-2022-matching-service.json"
    draft = read_record(file.read_text(encoding="utf-8"), file.name)

    assert (len(draft.inclusion), len(draft.exclusion)) == (14, 16)
    assert [each.arms for each in draft.exclusion[-2:]] == [("A",), ("C",)]
    assert [len(each.head.parts) for each in draft.inclusion[:2]] == [0, 2]
    assert draft.inclusion[1].source_text.count("\n** ") == 3
    assert draft.exclusion[5].source_text.count("\n* ") == 8
    assert (draft.status, draft.phase, len(draft.sites)) == ("active", "I", 1)
