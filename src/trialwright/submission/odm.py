"""The whole record as ODM-XML, versions 1.3.2 and 2.0, each value with its audit record.

CDISC Operational Data Model 1.3.2 (2013) and 2.0 (2023). A happening becomes the data of one study
event, its act the form; its lists become item groups that repeat. What concerns no participant is
reference data. The file is transactional: nothing was ever updated or removed, only inserted.
"""

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Literal
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from trialwright.conduct.happenings import Recorded
from trialwright.submission.record_values import ItemGroup, Scalar, envelope_of, groups_of

OdmVersion = Literal["1.3.2", "2.0"]

_NAMESPACES = {
    "1.3.2": "http://www.cdisc.org/ns/odm/v1.3",
    "2.0": "http://www.cdisc.org/ns/odm/v2.0",
}


@dataclass(frozen=True, slots=True)
class _Item:
    """The type that holds every value of an item, and its longest text."""

    kind: str = ""
    length: int = 1

    def with_value(self, value: Scalar) -> "_Item":
        """Give the item that holds one more value."""
        if value is None:
            return self
        own = {bool: "boolean", int: "integer"}.get(type(value), "text")
        kind = own if self.kind in ("", own) else "text"
        return _Item(kind, max(self.length, len(_written(value))))


@dataclass(frozen=True, slots=True)
class _Group:
    """An item group of an act: its path, whether it repeats, and its items."""

    path: str
    repeats: bool
    items: dict[str, _Item]


class _Xml:
    """Writes elements one after the other, so that no tree is held."""

    def __init__(self) -> None:
        self._text = StringIO()
        self._writer = XMLGenerator(self._text, "utf-8", short_empty_elements=True)
        self._writer.startDocument()

    @contextmanager
    def element(self, name: str, /, **attributes: str) -> Iterator[None]:
        """Write an element around what is written inside."""
        legal = {each: _legal(text) for each, text in attributes.items()}
        self._writer.startElement(name, AttributesImpl(legal))
        yield
        self._writer.endElement(name)

    def leaf(self, name: str, text: str = "", /, **attributes: str) -> None:
        """Write an element that holds a text or nothing."""
        with self.element(name, **attributes):
            if text:
                self._writer.characters(_legal(text))

    def text(self) -> str:
        """Give all that was written."""
        return self._text.getvalue()


def odm(trial: str, records: Sequence[Recorded], version: OdmVersion, created_at: str) -> str:
    r"""Write the whole record of a trial as ODM-XML.

    Parameters
    ----------
    trial : str
        Its NCT number.
    records : sequence of Recorded
        Every happening, in ledger order; redacted values are null.
    version : {'1.3.2', '2.0'}
        Of ODM.
    created_at : str
        Clock reading in UTC, ISO 8601 with `Z`.

    Returns
    -------
    str
        XML in UTF-8. A sign that XML cannot hold is written as in JSON, e.g. `\u0001`.
    """
    return _Document(trial, records, version, created_at).written()


class _Document:
    """One file in the making."""

    def __init__(
        self, trial: str, records: Sequence[Recorded], version: OdmVersion, created_at: str
    ) -> None:
        self.trial = trial
        self.records = records
        self.is_new = version == "2.0"
        self.version = version
        self.created_at = created_at
        self.people = {each.happening.subject for each in records
                       if each.happening.act == "consented"}  # fmt: skip
        self.acts = _acts(records, self.people)
        self.plans = dict.fromkeys(each.protocol for each in records)
        self.xml = _Xml()

    def written(self) -> str:
        """Write it whole."""
        last = self.records[-1].sequence if self.records else 0
        with self.xml.element(
            "ODM",
            xmlns=_NAMESPACES[self.version],
            FileType="Transactional",
            Granularity="All",
            FileOID=f"{self.trial}.{last}",
            CreationDateTime=self.created_at,
            ODMVersion=self.version,
            SourceSystem="Trialwright",
        ):
            self._study()
            self._administration()
            for plan in self.plans:
                here = [each for each in self.records if each.protocol == plan]
                self._reference([each for each in here if not self._is_of_person(each)], plan)
                self._clinical([each for each in here if self._is_of_person(each)], plan)
        return self.xml.text()

    def _is_of_person(self, record: Recorded) -> bool:
        """Say whether a happening concerns a participant."""
        return record.happening.subject in self.people

    def _study(self) -> None:
        """Write what the data mean: one version of the metadata for each protocol text."""
        xml = self.xml
        named = {"StudyName": self.trial, "ProtocolName": self.trial} if self.is_new else {}
        with xml.element("Study", OID=self.trial, **named):
            if not self.is_new:
                with xml.element("GlobalVariables"):
                    xml.leaf("StudyName", self.trial)
                    xml.leaf("StudyDescription", f"The whole record of {self.trial}")
                    xml.leaf("ProtocolName", self.trial)
            for plan in self.plans:
                with xml.element("MetaDataVersion", OID=plan, Name=f"Protocol {plan[:12]}"):
                    self._definitions()
            if self.is_new and not self.plans:  # 2.0 asks for one, where nothing is defined either
                xml.leaf("MetaDataVersion", OID="none", Name="Nothing is recorded")

    def _definitions(self) -> None:
        """Write events, forms, item groups and items, in the order that the schema asks for."""
        xml = self.xml
        for act in self.acts:
            with xml.element(
                "StudyEventDef", OID=f"SE.{act}", Name=act, Repeating="Yes", Type="Unscheduled"
            ):
                name = "ItemGroupRef" if self.is_new else "FormRef"
                key = "ItemGroupOID" if self.is_new else "FormOID"
                xml.leaf(name, **{key: f"F.{act}"}, Mandatory="Yes")
        for act, groups in self.acts.items():
            form = {"Type": "Form"} if self.is_new else {}
            with xml.element("ItemGroupDef" if self.is_new else "FormDef", OID=f"F.{act}",
                             Name=act, Repeating="No", **form):  # fmt: skip
                for group in groups.values():
                    xml.leaf("ItemGroupRef", ItemGroupOID=_oid("IG", act, group.path),
                             Mandatory="No")  # fmt: skip
            if self.is_new:
                self._item_groups(act, groups.values())
        if not self.is_new:
            for act, groups in self.acts.items():
                self._item_groups(act, groups.values())
        for act, groups in self.acts.items():
            for group in groups.values():
                for name, item in group.items.items():
                    length = {} if item.kind == "boolean" else {"Length": str(item.length)}
                    xml.leaf("ItemDef", OID=_oid("IT", act, group.path, name), Name=name,
                             DataType=item.kind or "text", **length)  # fmt: skip

    def _item_groups(self, act: str, groups: Iterable[_Group]) -> None:
        """Write the item groups of an act."""
        for group in groups:
            many = "Simple" if self.is_new else "Yes"
            kind = {"Type": "Section"} if self.is_new else {}
            name = f"{act}.{group.path}" if group.path else act
            with self.xml.element("ItemGroupDef", OID=_oid("IG", act, group.path), Name=name,
                                  Repeating=many if group.repeats else "No", **kind):  # fmt: skip
                for item in group.items:
                    self.xml.leaf("ItemRef", ItemOID=_oid("IT", act, group.path, item),
                                  Mandatory="No")  # fmt: skip

    def _administration(self) -> None:
        """Write who acted and where."""
        xml = self.xml
        day = self.records[0].happening.on.isoformat() if self.records else self.created_at[:10]
        with xml.element("AdminData", StudyOID=self.trial):
            for account in dict.fromkeys(each.actor for each in self.records):
                with xml.element("User", OID=account, UserType="Other"):
                    xml.leaf("UserName" if self.is_new else "LoginName", account)
            for site in dict.fromkeys(each.site for each in self.records):
                with xml.element("Location", OID=site, Name=site):
                    for plan in self.plans:
                        xml.leaf("MetaDataVersionRef", StudyOID=self.trial,
                                 MetaDataVersionOID=plan, EffectiveDate=day)  # fmt: skip

    def _reference(self, records: Sequence[Recorded], plan: str) -> None:
        """Write what concerns no participant."""
        if not records:
            return
        with self.xml.element("ReferenceData", StudyOID=self.trial, MetaDataVersionOID=plan):
            for record in records:
                for group in _groups_of(record):
                    key = f"{record.sequence}.{group.repeat}".rstrip(".")
                    self._data(record, group, key, audited=True)

    def _clinical(self, records: Sequence[Recorded], plan: str) -> None:
        """Write what concerns participants, one after the other."""
        if not records:
            return
        xml, by_person = self.xml, dict[str, list[Recorded]]()
        for record in records:
            by_person.setdefault(record.happening.subject, []).append(record)
        with xml.element("ClinicalData", StudyOID=self.trial, MetaDataVersionOID=plan):
            for person, own in by_person.items():
                with xml.element("SubjectData", SubjectKey=person, TransactionType="Insert"):
                    xml.leaf("SiteRef", LocationOID=own[0].site)
                    for record in own:
                        self._event(record)

    def _event(self, record: Recorded) -> None:
        """Write one happening of a participant."""
        act, xml = record.happening.act, self.xml
        with xml.element("StudyEventData", StudyEventOID=f"SE.{act}",
                         StudyEventRepeatKey=str(record.sequence),
                         TransactionType="Insert"):  # fmt: skip
            if not self.is_new:
                self._audit(record)
            with self._form(act):
                for group in _groups_of(record):
                    self._data(record, group, group.repeat, audited=False)
            if self.is_new:
                self._audit(record)

    def _form(self, act: str) -> AbstractContextManager[None]:
        """Open the form of an act."""
        if self.is_new:
            return self.xml.element("ItemGroupData", ItemGroupOID=f"F.{act}",
                                    TransactionType="Insert")  # fmt: skip
        return self.xml.element("FormData", FormOID=f"F.{act}", TransactionType="Insert")

    def _data(self, record: Recorded, group: ItemGroup, key: str, *, audited: bool) -> None:
        """Write the values of one item group."""
        act = record.happening.act
        repeat = {"ItemGroupRepeatKey": key} if key else {}
        with self.xml.element("ItemGroupData", ItemGroupOID=_oid("IG", act, group.path), **repeat,
                              TransactionType="Insert"):  # fmt: skip
            if audited and not self.is_new:
                self._audit(record)
            for item, value in group.items:
                self._value(_oid("IT", act, group.path, item), value)
            if audited and self.is_new:
                self._audit(record)

    def _value(self, oid: str, value: Scalar) -> None:
        """Write one value; one that was redacted or recorded as null says so."""
        if value is None:
            self.xml.leaf("ItemData", ItemOID=oid, IsNull="Yes")
        elif self.is_new:
            with self.xml.element("ItemData", ItemOID=oid):
                self.xml.leaf("Value", _written(value))
        else:
            self.xml.leaf("ItemData", ItemOID=oid, Value=_written(value))

    def _audit(self, record: Recorded) -> None:
        """Write who entered it, where, when, why, and its place in the ledger."""
        with self.xml.element("AuditRecord"):
            self.xml.leaf("UserRef", UserOID=record.actor)
            self.xml.leaf("LocationRef", LocationOID=record.site)
            self.xml.leaf("DateTimeStamp", record.entered_at)
            if record.happening.reason:
                self.xml.leaf("ReasonForChange", record.happening.reason)
            self.xml.leaf("SourceID", f"happening {record.sequence}")


def _groups_of(record: Recorded) -> tuple[ItemGroup, ...]:
    """Give the item groups of a happening, the envelope's items first."""
    found = groups_of(record.happening.payload)
    own = found[0].items if found and not found[0].path else ()
    rest = found[1:] if own else found
    return ItemGroup("", "", (*envelope_of(record), *own)), *rest


def _acts(records: Iterable[Recorded], people: Container[str]) -> dict[str, dict[str, _Group]]:
    """Give the item groups of each act, with every item that any happening has.

    Reference data have no events that repeat, so there the groups themselves do.
    """
    acts: dict[str, dict[str, _Group]] = {}
    for record in records:
        groups = acts.setdefault(record.happening.act, {})
        is_reference = record.happening.subject not in people
        for group in _groups_of(record):
            repeats = is_reference or bool(group.repeat)
            held = groups.setdefault(group.path, _Group(group.path, repeats, {}))
            for item, value in group.items:
                held.items[item] = held.items.get(item, _Item()).with_value(value)
    return acts


def _written(value: Scalar) -> str:
    """Write a value as XML Schema does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _oid(sort: str, *names: str) -> str:
    """Make an identifier of names."""
    return ".".join((sort, *(name for name in names if name)))


def _legal(text: str) -> str:
    """Write signs that XML 1.0 cannot hold as JSON does."""
    return "".join(sign if _is_legal(sign) else json.dumps(sign)[1:-1] for sign in text)


def _is_legal(sign: str) -> bool:
    """Say whether XML 1.0 can hold a sign, and a parser gives it back unchanged."""
    code = ord(sign)
    return sign in "\t\n" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF
