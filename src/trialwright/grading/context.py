"""What is recorded around a value: yes-no facts, albumin, which record it is.

A fact that is not recorded is unknown. Keys and values outside the vocabulary are refused, so
that a misspelled fact never passes for an absent one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.quantities import Quantity

FACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "symptomatic": (
            "symptoms",
            "with_symptoms",
            "has_symptoms",
            "signs_or_symptoms",
            "signs_and_symptoms",
            "with_signs_or_symptoms",
        ),
        "on_anticoagulation": (
            "anticoagulation",
            "on_anticoagulant",
            "on_anticoagulants",
            "anticoagulated",
        ),
        "above_baseline": ("glucose_above_baseline",),
        "baseline_abnormal": ("abnormal_baseline", "baseline_was_abnormal"),
        "fasting": ("is_fasting", "fasted"),
        "transfusion_indicated": ("transfusion", "transfusion_given", "transfused"),
        "hospitalization_indicated": ("hospitalization", "hospitalized"),
        "intervention_initiated": ("intervention_started", "medical_intervention"),
        "intervention_indicated": (),
        "urgent_intervention_indicated": ("urgent_intervention",),
        "life_threatening": ("life_threatening_consequences",),
        "bleeding": ("hemorrhage",),
        "leukostasis": (
            "leukostasis_manifestations",
            "clinical_manifestations_of_leukostasis",
            "manifestations_of_leukostasis",
        ),
        "physiologic_consequences": (
            "physiologic_consequence",
            "physiological_consequences",
            "with_physiologic_consequences",
            "has_physiologic_consequences",
        ),
        "seizures": ("seizure",),
        "torsade_de_pointes": ("torsade", "torsades", "torsades_de_pointes", "tdp"),
        "polymorphic_ventricular_tachycardia": ("polymorphic_vt",),
        "serious_arrhythmia": (
            "arrhythmia_signs",
            "arrhythmia_symptoms",
            "serious_arrhythmia_signs",
            "serious_arrhythmia_symptoms",
            "signs_of_serious_arrhythmia",
            "symptoms_of_serious_arrhythmia",
            "signs_symptoms_of_serious_arrhythmia",
            "signs_or_symptoms_of_serious_arrhythmia",
            "arrhythmia_signs_or_symptoms",
        ),
        "steroids_initiated": ("steroids", "steroids_started"),
        "monitoring_only": ("monitoring_only_indicated",),
        "dose_adjustment_indicated": ("dose_adjustment",),
        "daily_management_changed": ("change_in_daily_management", "management_changed"),
        "oral_agent_initiated": (
            "oral_agent",
            "oral_agent_started",
            "oral_antiglycemic_agent",
            "oral_antiglycemic_agent_initiated",
            "oral_antiglycemic_initiated",
            "metformin_started",
            "metformin_initiated",
        ),
        "diabetes_workup": ("workup_for_diabetes", "workup"),
        "insulin_initiated": ("insulin_started", "insulin", "insulin_therapy_initiated"),
        "oral_replacement_indicated": ("oral_replacement", "oral_replacement_therapy_indicated"),
        "medically_significant": ("severe_or_medically_significant",),
        "death": ("fatal",),
    }
)
"""Facts that criteria ask for, each with other names by which it is understood."""

_NAMES = {name: name for name in FACTS} | {
    other: name for name, others in FACTS.items() for other in others
}
_OPPOSITES = {
    "asymptomatic": "symptomatic",
    "without_symptoms": "symptomatic",
    "without_physiologic_consequences": "physiologic_consequences",
    "baseline_normal": "baseline_abnormal",
    "baseline_was_normal": "baseline_abnormal",
}
_TEXTS = ("intervention", "management", "rhythm", "ecg_rhythm", "arrhythmia", "record", "albumin")
_NUMBERS = {"albumin_g_dl": "g/dL", "albumin_g_l": "g/L"}
_ALBUMIN_MOST = Decimal(100)  # g/L; above it the unit is mistaken, whatever the patient

_NONE = re.compile(
    r"(none|no|nothing|not indicated|not required|untreated|observation( only)?"
    r"|no (medical |drug )?(intervention|treatment|therapy)( (initiated|started|indicated))?"
    r"|(intervention|treatment) not (indicated|initiated|required|needed)"
    r"|diet( only| changes?( only)?)?|dietary changes?|lifestyle( changes?)?)"
)
_NEGATED = re.compile(r"\b(no|not|without|never|denied|declined|refused)\b")
_CHANGED = re.compile(r"increas|adjust|chang|titrat")
_MANAGEMENT = (
    (re.compile(r"life.?threatening"), "life_threatening"),
    (re.compile(r"\burgent"), "urgent_intervention_indicated"),
    (re.compile(r"hospital|\badmitted|\badmission"), "hospitalization_indicated"),
    (re.compile(r"insulin"), "insulin_initiated"),
    (re.compile(r"oral (phosph|replacement|supplement)"), "oral_replacement_indicated"),
    (
        re.compile(
            r"metformin|antiglyc|antihyperglyc|antidiab|^oral$|\boral (agent|drug|medic|hypoglyc)"
        ),
        "oral_agent_initiated",
    ),
    (re.compile(r"work.?up"), "diabetes_workup"),
    (re.compile(r"daily management|diabetic management"), "daily_management_changed"),
    (re.compile(r"steroid"), "steroids_initiated"),
    (re.compile(r"transfus"), "transfusion_indicated"),
    (re.compile(r"dose (adjust|chang|reduc)"), "dose_adjustment_indicated"),
    (re.compile(r"\bmonitoring\b"), "monitoring_only"),
)
_STARTED = re.compile(r"initiat|start|given|begun|began|administ")
_GENERIC = re.compile(r"intervention|treatment|therapy|replacement|supplement|indicated|needed")
_DRUGS = ("insulin_initiated", "oral_agent_initiated", "steroids_initiated")
_MEDICAL = frozenset(
    {
        *_DRUGS,
        "daily_management_changed",
        "transfusion_indicated",
        "urgent_intervention_indicated",
    }
)

_RHYTHMS = {
    "torsade de pointes": "torsade_de_pointes",
    "torsades de pointes": "torsade_de_pointes",
    "torsade": "torsade_de_pointes",
    "torsades": "torsade_de_pointes",
    "polymorphic ventricular tachycardia": "polymorphic_ventricular_tachycardia",
    "polymorphic vt": "polymorphic_ventricular_tachycardia",
    "serious arrhythmia": "serious_arrhythmia",
    "signs/symptoms of serious arrhythmia": "serious_arrhythmia",
}
_CALM = ("sinus", "sinus rhythm", "normal", "normal sinus rhythm")
_RECORDS = {
    "baseline": True,
    "screening": False,
    "on treatment": False,
    "treatment": False,
    "post baseline": False,
    "unscheduled": False,
    "follow up": False,
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is recorded around a value.

    Attributes
    ----------
    facts : mapping of str to bool
        Recorded facts by their name in `FACTS`; a fact not in it is unknown.
    is_baseline : bool
        Whether the result graded is itself the baseline.
    albumin : Quantity or None
        Serum albumin of the same sample, for corrected calcium.
    """

    facts: Mapping[str, bool]
    is_baseline: bool = False
    albumin: Quantity | None = None


def read_context(given: Mapping[str, object]) -> Context:
    """Read what is recorded around a value.

    Parameters
    ----------
    given : mapping of str to object
        Facts with true or false (null: not recorded); `intervention` and `rhythm` in words;
        `record` (`baseline`); `albumin_g_dl`, `albumin_g_l` as Decimal or int, or `albumin`
        with its unit.

    Returns
    -------
    Context
        With every fact under its one name.

    Raises
    ------
    Refusal
        For every unknown key, value of another type, unreadable text and contradiction.
    """
    faults: list[Fault] = []
    facts: dict[str, bool] = {}
    is_baseline = False
    albumin: Quantity | None = None
    for key, value in given.items():
        name = _plain(key)
        if value is None:
            known = name in _NAMES or name in _OPPOSITES or name in _TEXTS or name in _NUMBERS
            faults += [] if known else [_unknown(key)]
        elif name == "record":
            is_baseline = _record(value, faults)
        elif name in _NUMBERS or name == "albumin":
            albumin = _albumin(name, value, faults)
        else:
            for fact, answer in _said(name, key, value, faults).items():
                if facts.setdefault(fact, answer) != answer:
                    faults.append(_fault(key, f"contradicts {fact}", "one answer to each fact"))
    _imply(facts, faults)
    if faults:
        raise Refusal(faults)
    return Context(MappingProxyType(facts), is_baseline, albumin)


def _plain(key: str) -> str:
    """Bring a key to lower case, underscores and American spelling."""
    plain = re.sub(r"[\s\-/]+", "_", str(key).strip().lower())
    return plain.replace("aemi", "emi").replace("isation", "ization").replace("leuco", "leuko")


def _fault(key: str, found: str, allowed: str, do: str = "Correct it") -> Fault:
    """Make a fault of one context key."""
    return Fault(f"context.{shorten(key)}", found, allowed, do)


def _unknown(key: str) -> Fault:
    """Make the fault of a key that is no fact known here."""
    allowed = ", ".join([*FACTS, *_TEXTS, *_NUMBERS])
    return _fault(key, "no fact that grading knows", allowed, "Correct the name, or leave it out")


def _said(name: str, key: str, value: object, faults: list[Fault]) -> dict[str, bool]:
    """Give the facts that one entry records."""
    if name in ("intervention", "management"):
        return _intervention(key, value, faults)
    if name in ("rhythm", "ecg_rhythm", "arrhythmia"):
        return _rhythm(key, value, faults)
    fact = _NAMES.get(name) or _OPPOSITES.get(name)
    if fact is None:
        faults.append(_unknown(key))
        return {}
    if not isinstance(value, bool):
        faults.append(_fault(key, f"a {type(value).__name__}", "true, false or null"))
        return {}
    return {fact: value if name in _NAMES else not value}


def _imply(facts: dict[str, bool], faults: list[Fault]) -> None:
    """Add what a recorded fact implies: what was started was indicated."""
    started = [name for name in _DRUGS if facts.get(name)]
    if started and facts.get("intervention_initiated") is False:
        faults.append(_fault(started[0], "contradicts intervention: none", "one of the two"))
    if any(facts.get(fact) for fact in _MEDICAL):
        facts.setdefault("intervention_indicated", True)
    if facts.get("intervention_initiated"):
        facts.setdefault("intervention_indicated", True)
    if facts.get("oral_replacement_indicated"):
        facts.setdefault("intervention_indicated", True)
    if facts.get("intervention_indicated") is False:
        facts.setdefault("intervention_initiated", False)


def _intervention(key: str, value: object, faults: list[Fault]) -> dict[str, bool]:
    """Read what was done, in words or as yes or no."""
    if isinstance(value, bool):
        return {"intervention_initiated": value, "intervention_indicated": value}
    if not isinstance(value, str):
        faults.append(_fault(key, f"a {type(value).__name__}", "words, true, false or null"))
        return {}
    facts: dict[str, bool] = {}
    for phrase in re.split(r"[;,+]|\band\b", value.lower()):
        words = " ".join(phrase.split())
        if not words:
            continue
        found = _phrase(words)
        if not found:
            faults.append(
                _fault(
                    key,
                    "words that grading does not know",
                    "none, oral agent started, insulin started, workup for diabetes, change in"
                    " daily management, intervention initiated, intervention indicated,"
                    " hospitalization indicated, urgent intervention, life-threatening",
                    "Write it so, or record the fact by its name",
                )
            )
        facts |= found
    if not facts and not faults:
        faults.append(_fault(key, "no words", "what was done, or none"))
    return facts


def _phrase(words: str) -> dict[str, bool]:
    """Give the facts that one phrase about the intervention states; empty when none is known."""
    if _NONE.fullmatch(words):
        return {"intervention_initiated": False, "intervention_indicated": False}
    if _NEGATED.search(words):
        return {}
    named = {fact: True for pattern, fact in _MANAGEMENT if pattern.search(words)}
    if "monitoring_only" in named:
        return {"monitoring_only": True, "intervention_initiated": False}
    drugs = {"insulin_initiated", "oral_agent_initiated"} & set(named)
    if drugs and _CHANGED.search(words):  # a drug already taken: daily management changed
        named = {"daily_management_changed": True}
    if _STARTED.search(words) or drugs or "daily_management_changed" in named:
        named |= {"intervention_initiated": True, "intervention_indicated": True}
    elif _GENERIC.search(words) and not named:
        named |= {"intervention_indicated": True}
    return named


def _rhythm(key: str, value: object, faults: list[Fault]) -> dict[str, bool]:
    """Read the rhythm on the electrocardiogram."""
    arrhythmias = sorted(set(_RHYTHMS.values()))
    if isinstance(value, bool) and _plain(key) == "arrhythmia":
        return {"serious_arrhythmia": True} if value else dict.fromkeys(arrhythmias, False)
    words = " ".join(value.lower().split()) if isinstance(value, str) else ""
    if words in _RHYTHMS:
        return {_RHYTHMS[words]: True}
    if words in _CALM or words in ("none", "no arrhythmia"):
        return dict.fromkeys(arrhythmias, False)
    faults.append(
        _fault(key, "a rhythm that grading does not know", ", ".join([*_CALM, *_RHYTHMS]))
    )
    return {}


def _record(value: object, faults: list[Fault]) -> bool:
    """Say whether the record is the baseline."""
    words = value.lower().replace("-", " ").strip() if isinstance(value, str) else ""
    if words not in _RECORDS:
        faults.append(_fault("record", "no record that grading knows", ", ".join(_RECORDS)))
    return _RECORDS.get(words, False)


def _albumin(name: str, value: object, faults: list[Fault]) -> Quantity | None:
    """Read serum albumin."""
    try:
        if name == "albumin" and isinstance(value, str):
            found = Quantity.read(value)
        elif name in _NUMBERS and isinstance(value, int | Decimal) and not isinstance(value, bool):
            found = Quantity(Decimal(value), _NUMBERS[name])
        else:
            allowed = "an exact number" if name in _NUMBERS else "a number with its unit, as text"
            faults.append(_fault(name, f"a {type(value).__name__}", allowed))
            return None
        if not 0 < found.exact_in("g/L") <= _ALBUMIN_MOST or found.comparator:
            allowed = "above 0, at most 100 g/L, no comparator"
            faults.append(_fault(name, f"{found}", allowed, "Check the unit"))
            return None
    except Refusal as unreadable:
        faults += [_fault(name, fault.found, fault.allowed) for fault in unreadable.faults]
        return None
    return found
