"""Reference cases of eligibility: patients as FHIR bundles with the verdict of every criterion.

Each case is read twice: from the bundle alone, and with the answers that a person gives. A cell is
one criterion, arm by arm where the arms differ; a cell may list several verdicts as acceptable.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from trialwright.casebook.facts import Attestation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.screening import CriterionVerdict, screen
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import UNREADABLE
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence, Finding

PROTOCOL = "nct03959891"
"""The shipped protocol whose criteria the cases are about."""

_YES: Literal["yes", "no"] = "yes"
_NO: Literal["yes", "no"] = "no"

QUESTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "record-complete": ("record-complete",),
        "lines": ("prior-lines",),
        "lesion": ("evaluable-disease",),
        "stopped": ("therapies-stopped",),
        "consent": ("informed-consent",),
        "candidate": ("good-candidate",),
        "tissue": ("archival-tissue", "pretreatment-biopsy"),
        "recovered": ("unrecovered-toxicity",),
        "illness": ("uncontrolled-illness", "gi-impairment"),
        "heart": ("cardiac-history", "qt-risk"),
        "gi-toxicity": ("gi-toxicity",),
        "effusion": ("effusion",),
        "fertility": ("childbearing-potential",),
        "preclude": ("precluding-condition",),
        "other": ("contraindication",),
    }
)
"""Answers of the cases to the questions of the protocol that they answer."""

IMPLIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fertility": ("effective-contraception",),
        "recovered": ("unrecovered-is-laboratory",),
    }
)
"""Answers of the cases whose yes says no to other questions of the protocol: without contraception;
a clinically significant event is no asymptomatic laboratory value."""

READINGS: Mapping[str, str] = MappingProxyType({"bundle": "", "attested": "_attested"})
"""Readings of a case to the ending of their fields."""


def completed(parsed: Any, opened: Callable[[str], Any]) -> Any:
    """Put the bundles and answers that a case file names in their places.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    opened : callable (str) -> object
        Gives another file of the same folder as JSON.

    Returns
    -------
    object
        The cases, each with its bundle, and the answers under `attestations`.

    Raises
    ------
    Refusal
        If the answers cannot be read. A case whose bundle cannot be read keeps why, as `unread`.
    """
    cases = []
    for case in parsed["cases"]:
        bundle = case.get("bundle") if isinstance(case, Mapping) else None
        try:
            cases.append({**case, "bundle": opened(bundle)} if isinstance(bundle, str) else case)
        except Refusal as refused:
            cases.append({**case, "unread": str(refused)})
    return {**parsed, "cases": cases, "attestations": opened("attestations.json")}


def compare(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Judge every case in both readings, and compare cell by cell.

    Parameters
    ----------
    parsed : object
        As `completed` gives it.
    library : Library
        Gives the protocol, and reads bundles.

    Yields
    ------
    Comparison
        One for each criterion of a reading, one for each arm's overall answer, and one for each
        criterion whose evidence is named.
    """
    study = library.study(PROTOCOL)
    for place, case in enumerate(parsed["cases"], start=1):
        if not isinstance(case, Mapping):
            yield Comparison(
                f"case {place}", agrees=False, says="no object, so nothing was compared"
            )
            continue
        name = str(case.get("id", "?"))
        if "unread" in case:
            yield Comparison(name, agrees=False, says=f"refused: {case['unread']}")
            continue
        try:
            casebook = library.read_bundle(case["bundle"], study, str(case.get("patient") or ""))
            readings = {
                "bundle": casebook,
                "attested": _attested(casebook, case, parsed["attestations"], study),
            }
            for reading, known in readings.items():
                yield from _Judged.of(name, reading, case, known, study).compared()
        except Refusal as refused:
            yield Comparison(name, agrees=False, says=f"refused: {refused}")
        except UNREADABLE as fault:
            says = f"has another form: {type(fault).__name__} {fault}"
            yield Comparison(name, agrees=False, says=says)


def _attested(casebook: Casebook, case: Mapping[str, Any], given: Any, study: Study) -> Casebook:
    """Add the answers of a case to its casebook."""
    withheld, changed = set(case.get("withheld", ())), dict(case.get("answers", {}))
    attestations: list[Attestation] = []
    for each in given:
        if each["id"] in withheld:
            continue
        answer = _YES if changed.get(each["id"], each["answer"]) == "yes" else _NO
        on, source = PartialDate.parse(each["answered_on"]), Source("person", each["id"])
        said = dict.fromkeys(QUESTIONS.get(each["id"], ()), answer)
        if answer == "yes":
            said |= dict.fromkeys(IMPLIED.get(each["id"], ()), _NO)
        attestations += [
            Attestation(question, said_so, "", "investigator", on, source)
            for question, said_so in said.items()
            if question in study.terms
        ]
    return casebook.with_facts(attestations=tuple(attestations))


@dataclass(frozen=True, slots=True)
class _Judged:
    """One case in one reading, judged for each arm."""

    name: str
    suffix: str
    case: Mapping[str, Any]
    verdicts: Mapping[str, Mapping[str, CriterionVerdict]]
    overall: Mapping[str, str]

    @classmethod
    def of(
        cls, name: str, reading: str, case: Mapping[str, Any], casebook: Casebook, study: Study
    ) -> "_Judged":
        """Judge a case."""
        anchors: dict[Anchor, date] = {
            "screening": date.fromisoformat(case["screening_date"]),
            "registration": date.fromisoformat(case["registration_date"]),
            "first_dose": date.fromisoformat(case["first_dose_date"]),
        }
        as_of = date.fromisoformat(case["as_of"])
        screened = {arm.id: screen(study, casebook, arm.id, as_of, anchors) for arm in study.arms}
        return cls(
            f"{name} {reading}",
            READINGS[reading],
            case,
            {arm: {each.criterion: each for each in s.verdicts} for arm, s in screened.items()},
            {arm: str(s.overall).replace(" ", "_") for arm, s in screened.items()},
        )

    def compared(self) -> Iterator[Comparison]:
        """Compare every cell, the overall answers and the evidence."""
        is_open = bool(self.case.get("ambiguous"))
        for field in ("expected", "arguable"):
            for criterion, wanted in self.case[field + self.suffix].items():
                compared = self._cell(criterion, wanted)
                is_aside = is_open and criterion in self.case.get("focus", ())
                yield replace(compared, agrees=True, is_ambiguous=True) if is_aside else compared
        for arm, wanted in self.case["overall" + self.suffix].items():
            accepted = [wanted] if isinstance(wanted, str) else wanted["accept"]
            agrees = self.overall[arm] in accepted
            says = f"{self.overall[arm]}, expected {' or '.join(accepted)}"
            aside = is_open and not agrees
            yield Comparison(f"{self.name} overall {arm}", agrees or aside, aside, says)
        for criterion, wanted in self.case.get("evidence", {}).items():
            yield self._evidence(criterion, wanted)

    def _cell(self, criterion: str, wanted: Any) -> Comparison:
        """Compare one criterion in each arm for which a verdict is expected."""
        wrong, by_acceptance = [], False
        is_split = isinstance(wanted, Mapping) and "accept" not in wanted
        for arm, verdicts in self.verdicts.items():
            asked = wanted.get(arm) if is_split else wanted
            if asked is None:
                continue
            accepted = [asked] if isinstance(asked, str) else asked["accept"]
            said = verdicts[criterion].word
            by_acceptance = by_acceptance or len(accepted) > 1
            if said not in accepted:
                because = verdicts[criterion].finding.because
                wrong.append(f"arm {arm} {said}, expected {' or '.join(accepted)}: {because}")
        name = f"{self.name} {criterion}"
        return Comparison(name, not wrong, by_acceptance and not wrong, "; ".join(wrong))

    def _evidence(self, criterion: str, wanted: Any) -> Comparison:
        """Compare the records that a verdict must rest on with those that it considered."""
        finding = next(iter(self.verdicts.values()))[criterion].finding
        places = {each.source.place for each in considered(finding)}
        lacking = [each for each in wanted if each not in places]
        says = f"does not rest on {', '.join(lacking)}" if lacking else ""
        return Comparison(f"{self.name} {criterion} evidence", not lacking, says=says)


def considered(finding: Finding) -> tuple[Evidence, ...]:
    """Give every fact that a finding considered, those of parts that do not decide it too.

    Parameters
    ----------
    finding : Finding
        Of a rule of any depth.

    Returns
    -------
    tuple of Evidence
        From left to right, each once.
    """
    below = (fact for part in finding.parts for fact in considered(part))
    return tuple(dict.fromkeys((*finding.evidence, *below)))
