"""ODM-XML held to the schemas that CDISC publishes, and its references to what they name.

The schemas of both versions come with odmlib; `xmlschema` reads them.
"""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.submission.test_odm import NOW, RECORDS, SPACES

from trialwright.assembly.demo_trial import make_demo_trial
from trialwright.assembly.serving import open_desk
from trialwright.submission.odm import odm

TRIAL = "NCT03959891"
ROOTS = {"1.3.2": "ODM1-3-2.xsd", "2.0": "ODM.xsd"}
NAMED = {
    "StudyOID": "Study", "MetaDataVersionOID": "MetaDataVersion", "StudyEventOID": "StudyEventDef",
    "FormOID": "FormDef", "ItemGroupOID": "ItemGroupDef", "ItemOID": "ItemDef", "UserOID": "User",
    "LocationOID": "Location",
}  # fmt: skip
"""Attributes that name something, and what."""


@pytest.fixture(scope="module")
def schemas():
    """Give the published schema of each version."""
    schema = pytest.importorskip("xmlschema").XMLSchema
    folder = Path(pytest.importorskip("odmlib").__file__).parent / "schemas" / "odm"
    return {version: schema(str(folder / version / root)) for version, root in ROOTS.items()}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Give the record of a whole invented trial."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        make_demo_trial(folder, date(2026, 11, 2))
        return tuple(open_desk(folder, TRIAL.lower()).records())


def faults(schema, text):
    """Give what the schema finds wrong."""
    return [f"{each.path}: {each.reason}" for each in schema.iter_errors(text)]


def strangers(text, version):
    """Give each name that names nothing in the file, with what it should name."""
    root, space = ElementTree.fromstring(text.encode()), SPACES[version]  # noqa: S314 - our own
    known = {(each.tag.removeprefix(space), each.get("OID")) for each in root.iter()}
    return {
        (NAMED[name], value)
        for each in root.iter()
        for name, value in each.attrib.items()
        if name in NAMED and (NAMED[name], value) not in known
    }


@pytest.mark.parametrize("version", ROOTS)
@pytest.mark.parametrize("records", [RECORDS, RECORDS[:1], ()], ids=["some", "one", "none"])
def test_a_record_is_as_its_schema_asks(schemas, records, version):
    """Elements in their order, attributes that must be there, and values of their types."""
    text = odm(TRIAL, records, version, NOW)

    assert faults(schemas[version], text) == []
    assert strangers(text, version) == set()


@pytest.mark.long
@pytest.mark.parametrize("version", ROOTS)
def test_a_whole_trial_is_as_its_schema_asks(schemas, demo, version):
    """With every act of the demo."""
    text = odm(TRIAL, demo, version, NOW)

    assert len({each.happening.act for each in demo}) > 20
    assert faults(schemas[version], text) == []
    assert strangers(text, version) == set()


@pytest.mark.parametrize("version", ROOTS)
@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        (r' FileOID="[^"]*"', ""),
        (r"(<UserRef [^>]*/>)(<LocationRef [^>]*/>)", r"\2\1"),
        (r'DataType="integer"', 'DataType="number"'),
        (r'IsNull="Yes"', 'IsNull="yes"'),
        (r"(<DateTimeStamp>)[^<]*", r"\1yesterday"),
        (r"<(ItemGroupRef [^>]*)/>", r"<\1/><Remark/>"),
    ],
    ids=["no name", "order", "type", "word", "time", "stranger"],
)
def test_a_broken_record_is_found(schemas, sound, broken, version):
    """The negative control: each is a fault to the schema."""
    text = odm(TRIAL, RECORDS, version, NOW)

    changed = re.sub(sound, broken, text, count=1)

    assert changed != text
    assert faults(schemas[version], changed) != []


@pytest.mark.parametrize("version", ROOTS)
@pytest.mark.parametrize("name", ["UserOID", "LocationOID", "ItemOID", "MetaDataVersionOID"])
def test_a_name_that_names_nothing_is_found(name, version):
    """The negative control of references, which the schema does not follow."""
    text = odm(TRIAL, RECORDS, version, NOW)
    before, _, after = text.rpartition(f'{name}="')

    changed = f'{before}{name}="another{after[after.index(chr(34)) :]}'

    assert strangers(changed, version) == {(NAMED[name], "another")}
