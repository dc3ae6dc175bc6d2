"""What holds of any two versions: nothing differs from itself, and backwards is the mirror."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry.amending_versions import version
from tests.sizes import sized

from trialwright.assembly.exact_json import exact_json
from trialwright.registry.amending.amendment import OPPOSITE, Amendment
from trialwright.registry.amending.building import version_of_draft, version_of_record
from trialwright.registry.amending.differences import differences
from trialwright.registry.amending.version import Version, VersionCriterion
from trialwright.registry.protocol_draft import drafted
from trialwright.registry.reading import read_record
from trialwright.registry.record import record_of_plain

_TURNED = {"in": "out", "out": "in", "either": "either"}

NUMBERS = st.sampled_from(["1", "1.5", "2", "3", "9", "50", "75,000", "100,000"])
SIGNS = st.sampled_from([">=", ">", "<=", "<", "at least", "below"])
MEASURED = st.sampled_from(
    ["Platelets {} {}/mm3", "Hemoglobin {} {} g/dL", "AST and ALT {} {} x ULN", "LVEF {} {}%",
     "Known LVEF {} {}%", "QTc {} {} ms or unreadable", "Creatinine {} {} mg/dL or known HIV"]
)  # fmt: skip
TIMES = st.sampled_from(["14 days", "2 weeks", "28 days", "4 weeks", "1 month", "6 months"])
TIMED = st.sampled_from(
    ["Chemotherapy within {}", "No radiotherapy within {} before registration",
     "Any anti-cancer therapy within {} (6 weeks for mitomycin C)",
     "Myocardial infarction within {}",
     "Brain metastases, unless stable for at least {}", "Wash-out for tamoxifen will be {}."]
)  # fmt: skip
GRADED = st.sampled_from(
    ["Neuropathy of grade {} or higher", "Toxicity not resolved to grade {} or less",
     "Recovered from toxicity (grade {} allowed)"]
)  # fmt: skip
WORDED = st.sampled_from(
    ["Active infection", "Uncontrolled active infection", "No active infection",
     "Signed informed consent", "Prior PI3K inhibitor is allowed", "For Arm A only: prior testinib",
     "For Arms A and B only: prior testinib", "Prior testinib", "Pregnant or breastfeeding women",
     "Pregnant women", "Women aged 18 to 75 years", "Adults, aged 18 years or older",
     "0-2 prior lines of chemotherapy", "No more than 3 prior lines of chemotherapy",
     "Documented cardiomyopathy", "Known cardiomyopathy, i.e. LVEF < 50%",
     "ECOG performance status 0-2", "ECOG performance status of 0 or 1"]
)  # fmt: skip
CRITERION = st.one_of(
    st.builds(str.format, MEASURED, SIGNS, NUMBERS),
    st.builds(str.format, TIMED, TIMES),
    st.builds(str.format, GRADED, st.sampled_from(["1", "2", "3"])),
    WORDED,
)
LIST = st.lists(CRITERION, max_size=5)
ARM = st.builds(
    "Patients receive {} PO QD on days 1-{}. Cycles repeat every {} days in the absence of disease"
    " progression.".format,
    st.sampled_from(["testinib", "partnerib", "letrozole"]),
    st.sampled_from(["14", "21"]),
    st.sampled_from(["21", "28"]),
)
VERSION = st.builds(version, LIST, LIST, st.lists(ARM, max_size=3))


def seen(amendment: Amendment) -> list[tuple[object, ...]]:
    """Give what an amendment says of each change, in no order."""
    return sorted(
        (each.old, each.new, each.place_old, each.place_new, each.effect,
         tuple(sorted((flip.kind, flip.turn) for flip in each.flips)))
        for each in amendment.changes
    )  # fmt: skip


@pytest.mark.sized
@settings(deadline=None, max_examples=sized(300, 10))
@given(VERSION)
def test_a_version_does_not_differ_from_itself(one):
    """No change, no wording, and every criterion counted as the same."""
    amendment = differences(one, one)

    assert (amendment.changes, amendment.wording) == ((), ())
    assert amendment.same == len(one.criteria)


@pytest.mark.sized
@settings(deadline=None, max_examples=sized(800, 20))
@given(VERSION, VERSION)
def test_backwards_is_the_mirror(one, other):
    """Tighter is looser, in is out, and what was new is gone."""
    there, back = differences(one, other), differences(other, one)

    assert seen(back) == sorted(
        (each.new, each.old, each.place_new, each.place_old, OPPOSITE[each.effect],
         tuple(sorted((flip.kind, _TURNED[flip.turn]) for flip in each.flips)))
        for each in there.changes
    )  # fmt: skip
    assert sorted((each.old, each.new) for each in there.wording) == sorted(
        (each.new, each.old) for each in back.wording
    )


@pytest.mark.sized
@settings(deadline=None, max_examples=sized(300, 10))
@given(VERSION, VERSION)
def test_each_change_is_a_sentence_and_json(one, other):
    """Every sentence ends, every effect that flips somebody says whom, and all of it is JSON."""
    amendment = differences(one, other)

    assert json.loads(exact_json(asdict(amendment)))["same"] == amendment.same
    for change in amendment.changes:
        assert change.says[:1].isupper() or not change.says[:1].isalpha()
        assert change.flips or change.effect == "none"
        assert all(flip.says.endswith(".") for flip in change.flips)


@pytest.mark.sized
@settings(deadline=None, max_examples=sized(300, 10))
@given(LIST, LIST, st.randoms(use_true_random=False))
def test_the_order_of_criteria_does_not_matter(inclusion, exclusion, random):
    """A list in another order states the same."""
    inclusion, exclusion = list(dict.fromkeys(inclusion)), list(dict.fromkeys(exclusion))
    shuffled = random.sample(inclusion, len(inclusion))

    amendment = differences(version(inclusion, exclusion), version(shuffled, exclusion))

    assert amendment.changes == ()


SIGNS_AND_WORDS = st.sampled_from(
    [*"abz AB09.,;:()[]*<>=≥%/-'\n", "grade ", "not ", "or ", "(i.e. ", "mg", " unless "]
)
WORDS = st.builds("".join, st.lists(SIGNS_AND_WORDS, max_size=40))


@pytest.mark.sized
@settings(deadline=None, max_examples=sized(1000, 25))
@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_no_text_is_too_odd(mine, theirs):
    """Whatever stands in a criterion, it is compared, and backwards is the mirror."""
    one, other = (
        Version(
            criteria=tuple(
                VersionCriterion(f"{'IE'[place % 2]}{place:02d}", words, f"bullet {place}")
                for place, words in enumerate(texts, start=1)
            )
        )
        for texts in (mine, theirs)
    )

    there, back = differences(one, other), differences(other, one)

    assert sorted(each.effect for each in there.changes) == sorted(
        OPPOSITE[each.effect] for each in back.changes
    )
    assert differences(one, one).changes == ()


@pytest.mark.parametrize("part", range(4))
def test_no_real_record_differs_from_itself(shared, part):
    """Nothing is told of a record against itself, whatever its words."""
    files = sorted((shared / "registry" / "phase1_breast").glob("*.json"))[part::4]
    for file in files:
        one = version_of_draft(read_record(file.read_text(encoding="utf-8"), file.name))

        assert differences(one, one).changes == (), file.name


@pytest.mark.parametrize("part", range(4))
def test_a_draft_of_a_record_states_what_the_record_does(shared, part):
    """In the form of a draft protocol, no criterion and no arm is another."""
    files = sorted((shared / "registry" / "phase1_breast").glob("*.json"))[part::4]
    for file in files:
        record = read_record(file.read_text(encoding="utf-8"), file.name)
        again = version_of_record(record_of_plain(drafted(record)))

        assert differences(version_of_draft(record), again).changes == (), file.name
