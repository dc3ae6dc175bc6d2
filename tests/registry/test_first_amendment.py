"""Two real versions of the first trial: each known difference is found, with whom it flips.

The older one is the copy of a matching service, with the arms of the FHIR copy of the same year;
the newer one is the page. Nobody wrote either for this test.
"""

from dataclasses import replace

import pytest

from trialwright.registry.amending.amendment import Amendment, Change
from trialwright.registry.amending.building import version_of_draft
from trialwright.registry.amending.differences import differences
from trialwright.registry.amending.version import Version
from trialwright.registry.reading import read_record


@pytest.fixture(scope="module")
def old(shared) -> Version:
    """Give the version of 2022: criteria of one copy, arms of the other."""
    folder = shared / "registry"
    service, fhir = "nct03959891-2022-matching-service.json", "researchstudies-2022-fhir.json"
    listed = read_record((folder / service).read_text(encoding="utf-8"), service)
    treated = read_record((folder / fhir).read_text(encoding="utf-8"), fhir, "NCT03959891")
    return replace(version_of_draft(listed), arms=version_of_draft(treated).arms)


@pytest.fixture(scope="module")
def new(shared) -> Version:
    """Give the current version."""
    page = (shared / "registry" / "nct03959891.txt").read_text(encoding="utf-8")
    return version_of_draft(read_record(page, "nct03959891.txt"))


@pytest.fixture(scope="module")
def amendment(old, new) -> Amendment:
    """Compare them."""
    return differences(old, new)


def about(amendment: Amendment, topic: str) -> tuple[Change, ...]:
    """Give the changes on a topic."""
    return tuple(each for each in amendment.changes if topic in each.topic)


def the(amendment: Amendment, topic: str) -> Change:
    """Give the one change on a topic."""
    (found,) = about(amendment, topic)
    return found


def flips(change: Change) -> list[tuple[str, str]]:
    """Give kind and turn of those who flip."""
    return [(each.kind, each.turn) for each in change.flips]


def test_sex_and_age(amendment):
    """The age of 18 is no longer asked for; women only is told elsewhere in both."""
    age = the(amendment, "age")

    assert "at least 18 years required before, no limit stated now" in age.says
    assert (age.effect, age.place_old[:3], age.place_new) == ("looser", "I01", "")
    assert flips(age) == [("value", "in"), ("missing facts", "in")]
    assert "aged below 18 years" in age.flips[0].says
    assert about(amendment, "sex") == ()


def test_chemotherapy_lines(amendment):
    """At most two lines of chemotherapy; what does not count is a change of its own."""
    lines = the(amendment, "prior lines of chemotherapy")

    assert "no limit stated before, at most 2 allowed now" in lines.says
    assert (lines.effect, lines.place_new[:3]) == ("tighter", "I03")
    assert "more than 2 prior lines of chemotherapy" in lines.flips[0].says
    assert lines.flips[0].turn == "out"
    (endocrine,) = about(amendment, "prior endocrine therapy")
    assert (endocrine.effect, endocrine.flips) == ("none", ())
    (counting,) = (each for each in amendment.changes if "would not count" in each.says)
    assert counting.effect == "looser"


def test_lvef(amendment):
    """The same 50 %, from an inclusion to a known value: who has no value passes now."""
    lvef = the(amendment, "LVEF")

    assert "at least 50 % required before, excluded where known below 50 % now" in lvef.says
    assert (lvef.effect, lvef.place_old[:3], lvef.place_new[:3]) == ("looser", "I05", "E06")
    assert flips(lvef) == [("missing facts", "in")]


@pytest.mark.parametrize(
    ("treatments", "before", "place"),
    [
        ("myelosuppressive therapy", "21 days", "I07"),
        ("fulvestrant and tamoxifen", "28 days", "I07"),
    ],
)
def test_wash_out(amendment, treatments, before, place):
    """Two weeks now for any therapy, so longer times for some are gone; 14 days is no change."""
    wash_out = the(amendment, f"wash-out after {treatments}")

    assert f"at least {before} required before, at least 2 weeks required now" in wash_out.says
    assert (wash_out.effect, wash_out.place_old[:3], wash_out.place_new[:3]) == (
        "looser",
        place,
        "E02",
    )
    assert f"at least 2 weeks and below {before} was kept out" in wash_out.flips[0].says
    assert about(amendment, "wash-out after anti-cancer therapy") == ()
    assert about(amendment, "wash-out after endocrine therapy") == ()


@pytest.mark.parametrize(
    ("treatments", "before"),
    [("chemotherapy and radiotherapy", "4 weeks"), ("nitrosoureas and mitomycin C", "6 weeks")],
)
def test_chemotherapy_and_radiotherapy(amendment, treatments, before):
    """Four weeks, six for some, are two now."""
    wash_out = the(amendment, f"wash-out after {treatments}")

    assert f"at least {before} required before, at least 2 weeks required now" in wash_out.says
    assert (wash_out.effect, flips(wash_out)) == ("looser", [("value", "in")])
    assert f"at least 2 and below {before}" in wash_out.flips[0].says


def test_residual_adverse_events(amendment):
    """Only grade 2 and higher keeps out now, and an approval can let in."""
    graded, worded, approved = about(amendment, "adverse events not recovered")

    assert "any grade before, grade 2 or higher now" in graded.says
    assert (graded.effect, flips(graded)) == ("looser", [("words", "in")])
    assert "`clinically significant` is new" in worded.says
    assert worded.effect == "either way"
    assert "approval by PI" in approved.says
    assert (approved.effect, approved.place_old, approved.place_new[:3]) == ("looser", "", "E02")


def test_cns_metastases(amendment):
    """Metastases that decrease are allowed beside stable ones."""
    cns = the(amendment, "CNS metastases")

    assert "`decreasing` is new" in cns.says
    assert (cns.effect, flips(cns)) == ("looser", [("words", "in")])
    assert (cns.place_old[:3], cns.place_new[:3]) == ("E01", "E01")


def test_magnesium_and_potassium(amendment):
    """Of any grade before, of grade 3 or higher now."""
    electrolytes = the(amendment, "electrolytes")

    assert "any grade before, grade 3 or higher now" in electrolytes.says
    assert (electrolytes.effect, flips(electrolytes)) == ("looser", [("words", "in")])


def test_qtcf(amendment):
    """From 450 to 470, without a unit in either; an unreadable value keeps out no longer."""
    qtcf = the(amendment, "QTcF")

    assert "above 450 (no unit stated) before, excluded above 470 (no unit stated) now" in qtcf.says
    assert (qtcf.effect, flips(qtcf)) == ("looser", [("value", "in"), ("missing facts", "in")])
    assert "QTcF above 450 and up to 470 (no unit stated) was kept out" in qtcf.flips[0].says
    assert "QTcF is not known was kept out before and cannot be cleared now" in qtcf.flips[1].says


def test_cardiomyopathy(amendment):
    """What it means is stated now, so a documented one with a good LVEF keeps out no longer."""
    heart = the(amendment, "cardiomyopathy")

    assert "what it means is now stated" in heart.says
    assert heart.effect == "either way"
    assert flips(heart) == [("words", "in"), ("words", "out")]


def test_prior_fulvestrant_in_arm_a(amendment):
    """The exclusion that held for one arm is gone."""
    prior = the(amendment, "prior fulvestrant")

    assert (prior.section, prior.effect) == ("removed criterion", "looser")
    assert (prior.arms, prior.place_old[:3], prior.place_new) == (("A",), "E15", "")
    assert "no longer is for arm A" in prior.flips[0].says


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        ("second malignancy", "I09"),
        ("candidate for the study", "I19"),
        ("tissue", "I20"),
        ("gastrointestinal toxicity", "E07"),
        ("effusion", "E08"),
        ("investigator's judgement", "E14"),
        ("investigator's judgement", "E15"),
    ],
)
def test_what_is_new(amendment, topic, place):
    """Each criterion that the older version does not have is told as new, and as tighter."""
    (found,) = (each for each in about(amendment, topic) if each.place_new.startswith(place))

    assert (found.section, found.effect, found.place_old) == ("new criterion", "tighter", "")
    assert flips(found) == [("words", "out")]


def test_nothing_else_is_new(amendment):
    """The seven criteria above are all, and one is removed."""
    assert len(amendment.of("new criterion")) == 7
    assert len(amendment.of("removed criterion")) == 1


def test_childbearing_potential(amendment):
    """Twelve months without menses spare nobody any more."""
    potential = the(amendment, "childbearing potential")

    assert "12 months of natural" in potential.says
    assert "no longer stated in E10, as allowed" in potential.says
    assert (potential.effect, flips(potential)) == ("tighter", [("words", "out")])


def test_arm_c_days(amendment):
    """Both drugs three weeks on and one off; now the second begins a week later."""
    (days,) = amendment.of("treatment")

    assert days.topic == "arm C, palbociclib"
    assert "days 1-21 of every cycle before, days 8-28 of every cycle now" in days.says
    assert (days.arms, days.effect, days.flips) == (("C",), "none", ())


def test_what_is_only_worded_otherwise(amendment):
    """Abbreviations written out, the names of tests and a link flip nobody."""
    topics = {each.topic for each in amendment.wording}

    assert {"HIV", "receptor status", "measurable disease"} <= topics
    assert all(each.old != each.new for each in amendment.wording)


def test_read_backwards_each_effect_turns(old, new, amendment):
    """What is looser one way is tighter the other way, change by change."""
    opposite = {"tighter": "looser", "looser": "tighter"}

    back = differences(new, old)

    assert sorted((each.old, each.new, opposite.get(each.effect, each.effect))
                  for each in back.changes) == sorted(
        (each.new, each.old, each.effect) for each in amendment.changes
    )  # fmt: skip


@pytest.mark.parametrize("name", ["old", "new"])
def test_a_version_does_not_differ_from_itself(name, request):
    """Nothing is told of a real version against itself."""
    version = request.getfixturevalue(name)

    amendment = differences(version, version)

    assert (amendment.changes, amendment.wording) == ((), ())
    assert amendment.same == len(version.criteria)
