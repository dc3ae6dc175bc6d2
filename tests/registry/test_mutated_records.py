"""2,000 records changed at random: each gives a draft, or a refusal whose faults name a place."""

import copy
import gzip
import json
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry.invented_records import CTGOV, LINES, MATCHED, STUDY, bundle, text_of, without
from tests.sizes import sized

from trialwright.registry.draft import Draft
from trialwright.registry.reading import read_record
from trialwright.terms.errors import Refusal

SMALL = {
    "ctgov": [without(CTGOV, "protocolSection.armsInterventionsModule"), CTGOV],
    "fhir": [without(STUDY, "arm"), bundle(STUDY)],
    "matched": [MATCHED],
    "lines": [without(LINES, "Intervention"), LINES],
}
LARGE = ["NCT03959891.json", "NCT00322374.json", "ctgov", "fhir", "matched", "page"]

SIGNS = st.text(max_size=8)
TOKENS = st.sampled_from(
    ['"', "{", "}", "[", "]", ",", ":", "\\", "null", "NaN", "1e999", "\\ud800", "\\u0000",
     "\ufeff", "\x00", "\ud800", "\n", "\r\n", "-", "* ", "true", "0", '""', "{}", "[]", '"a":1,']
)  # fmt: skip
EDIT = st.tuples(
    st.sampled_from(["cut", "put", "repeat", "drop line", "swap lines", "sign"]),
    st.integers(0, 1_000_000),
    st.integers(0, 1_000_000),
    st.one_of(TOKENS, SIGNS),
)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), SIGNS,
        st.sampled_from(["NCT99999999", "Inclusion Criteria:\n* x", "#org", "PHASE1", "2099-01"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SIGNS, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
GRAFT = st.tuples(
    st.sampled_from(["put", "delete", "wrap", "key", "twice", "move"]),
    st.integers(0, 1_000_000),
    st.integers(0, 1_000_000),
    VALUES,
)
many = settings(
    max_examples=sized(2000, 50), deadline=None, suppress_health_check=list(HealthCheck)
)


def judge(text):
    """Read a record: a draft, or a refusal whose faults all name a place."""
    refused = None
    try:
        draft = read_record(text, "record.json")
    except Refusal as refusal:
        refused = refusal
    if refused is None:
        assert isinstance(draft, Draft)
        return
    assert all(fault.where or (fault.file and fault.line) for fault in refused.faults)
    assert str(refused).encode("utf-8")


def edited(text, edits):
    """Cut, put in, repeat and drop signs and lines of a text."""
    for act, one, other, piece in edits:
        here, there = sorted((one % (len(text) + 1), other % (len(text) + 1)))
        lines = text.split("\n")
        line, next_line = one % len(lines), other % len(lines)
        match act:
            case "cut":
                text = text[:here] + text[min(there, here + 40) :]
            case "put":
                text = text[:here] + piece + text[here:]
            case "repeat":
                text = text[:there] + text[here:][:400] + text[there:]
            case "drop line":
                text = "\n".join(lines[:line] + lines[line + 1 :])
            case "swap lines":
                lines[line], lines[next_line] = lines[next_line], lines[line]
                text = "\n".join(lines)
            case _:
                text = text[:here] + chr(other % 0x110000) + text[here + 1 :]
    return text


def places(value, path=()):
    """Give the path of each part of a record."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield from places(inner, (*path, key))


def part(record, path):
    """Go down a path."""
    for key in path:
        record = record[key]
    return record


def grafted(record, grafts):
    """Put in, delete, wrap, rename and move parts of a record."""
    record = copy.deepcopy(record)
    for act, one, other, value in grafts:
        paths = [path for path in places(record) if path]
        if not paths:
            return record
        *above, last = paths[one % len(paths)]
        holder = part(record, above)
        match act:
            case "put":
                holder[last] = value
            case "delete":
                del holder[last]
            case "wrap":
                holder[last] = [holder[last]] if other % 2 else {"x": holder[last]}
            case "key" if isinstance(holder, dict):
                holder[str(value)[:40]] = holder.pop(last)
            case "twice" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case "move":
                holder[last] = copy.deepcopy(part(record, paths[other % len(paths)]))
            case _:
                holder[last] = None
    return record


@pytest.mark.sized
@pytest.mark.parametrize("shape", SMALL)
@many
@given(base=st.integers(0, 1), edits=st.lists(EDIT, min_size=1, max_size=4))
def test_a_record_with_changed_signs_is_read_or_refused(shape, base, edits):
    """800 texts of JSON, signs and lines changed."""
    records = SMALL[shape]
    judge(edited(text_of(records[base % len(records)]), edits))


@pytest.mark.sized
@pytest.mark.parametrize("shape", SMALL)
@many
@given(base=st.integers(0, 1), grafts=st.lists(GRAFT, min_size=1, max_size=4))
def test_a_record_with_changed_parts_is_read_or_refused(shape, base, grafts):
    """800 records, values of any kind in place of any part."""
    records = SMALL[shape]
    judge(json.dumps(grafted(records[base % len(records)], grafts)))


@pytest.mark.sized
@settings(parent=many, max_examples=sized(3000, 75))
@given(edits=st.lists(EDIT, min_size=1, max_size=6))
def test_a_page_with_changed_signs_is_read_or_refused(page, edits):
    """300 pages."""
    judge(edited(page, edits))


@pytest.fixture(scope="module")
def large(shared):
    """Give the text of each real record, the complete one without results and with few sites."""
    folder = shared / "registry"
    whole = json.loads(gzip.decompress((folder / "nct02513394-ctgov-v2.json.gz").read_bytes()))
    section = {"protocolSection": whole["protocolSection"]}
    places = section["protocolSection"]["contactsLocationsModule"]
    places["locations"] = places["locations"][:3]
    del places["locations_nested"]
    studies = json.loads((folder / "researchstudies-2022-fhir.json").read_text("utf-8"))
    return {
        "ctgov": json.dumps(section, indent=1),
        "fhir": json.dumps(studies["entry"][4]["resource"], indent=1),
        "matched": (folder / "nct03959891-2022-matching-service.json").read_text("utf-8"),
        "page": (folder / "nct03959891.txt").read_text("utf-8"),
        **{
            name: (folder / "phase1_breast" / name).read_text("utf-8")
            for name in LARGE
            if (folder / "phase1_breast" / name).is_file()
        },
    }


@pytest.mark.sized
@settings(parent=many, max_examples=sized(1000, 25))
@given(
    name=st.sampled_from(["ctgov", "fhir", "matched", "page", "NCT00322374.json"]),
    edits=st.lists(EDIT, min_size=1, max_size=3),
)
def test_a_real_record_with_changed_signs_is_read_or_refused(large, name, edits):
    """100 changed copies of real records."""
    judge(edited(large[name], edits))


@pytest.mark.parametrize("shape", [*SMALL, "page"])
def test_a_record_with_flipped_bits_is_read_or_refused(shape, page):
    """40 copies of each shape through zzuf, two kinds of reading what is no UTF-8."""
    zzuf = shutil.which("zzuf")
    if zzuf is None:
        pytest.skip("zzuf is not installed: bits are not flipped")
    text = page if shape == "page" else text_of(SMALL[shape][-1])
    ratios = ("0.00005", "0.0002", "0.001", "0.01")

    for seed in range(40):
        command = [zzuf, "-s", str(seed), "-r", ratios[seed % len(ratios)]]
        flipped = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
        judge(flipped.stdout.decode("utf-8", "replace" if seed % 2 else "surrogateescape"))
