"""What becomes of the invented participants of the demo, as they differ in a trial: data alone.

Days are days of treatment, of which the first dose is day 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from trialwright.casebook.adverse_events import SeriousBecause
from trialwright.casebook.course_ends import CauseOfDeath, TreatmentEnd
from trialwright.casebook.tumours import NonTargetWord, TargetReading, TargetWord


@dataclass(frozen=True, slots=True)
class Disease:
    """Lesions before treatment.

    Attributes
    ----------
    targets : tuple of (str, str), mm
        Organ and diameter of each target; the short axis of a `LYMPH NODE`.
    others : tuple of str
        Organ of each non-target lesion.
    """

    targets: tuple[tuple[str, str], ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """One tumour assessment.

    Attributes
    ----------
    day : int
        Day of treatment.
    targets : tuple of TargetReading, mm
        In the order of the baseline.
    others : NonTargetWord
        What is said of every non-target lesion.
    new : str or None
        Organ of a new lesion; empty: none; None: nobody could look.
    """

    day: int
    targets: tuple[TargetReading, ...] = ()
    others: NonTargetWord = NonTargetWord.PRESENT
    new: str | None = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One adverse event.

    Attributes
    ----------
    term : str
        CTCAE term.
    grade, day, days : int
        Highest grade, first day, and length.
    related_to : tuple of str
        Agents it is attributed to.
    serious_because : tuple of str
        What makes it serious; empty: it is not.
    is_expected : bool or None
        Whether the reference safety information names it; None: not recorded.
    """

    term: str
    grade: int
    day: int
    days: int
    related_to: tuple[str, ...] = ("ipatasertib",)
    serious_because: tuple[SeriousBecause, ...] = ()
    is_expected: bool | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """One invented participant between screening and the end.

    Attributes
    ----------
    years : int
        Older than the example by so many.
    ecog : str
        Performance status at screening.
    before : mapping of str to str
        Results at screening that differ from the example's, by fact.
    disease : Disease or None
        None: that of the story.
    scans : tuple of Scan
        Assessments.
    laboratory : mapping of int to (mapping of str to str)
        Day of treatment to the results that differ from those at screening.
    events : tuple of Event
        Adverse events.
    held : tuple of (int, int), days
        First and last day on which ipatasertib was held for an adverse event.
    reduced_from : int or None
        Day from which ipatasertib was taken one dose level lower.
    ended : TreatmentEnd or None
        Why treatment ended; None: it goes on.
    therapy : tuple of (int, str)
        Day and name of a therapy after it.
    alive : tuple of int, days
        Days on which the participant was known to be alive after treatment.
    died : tuple of (int, CauseOfDeath) or None
        Day and cause of death.
    """

    years: int = 0
    ecog: str = "1"
    before: Mapping[str, str] = field(default_factory=dict)
    disease: Disease | None = None
    scans: tuple[Scan, ...] = ()
    laboratory: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    held: tuple[tuple[int, int], ...] = ()
    reduced_from: int | None = None
    ended: TreatmentEnd | None = None
    therapy: tuple[tuple[int, str], ...] = ()
    alive: tuple[int, ...] = ()
    died: tuple[int, CauseOfDeath] | None = None


def _mm(*diameters: str) -> tuple[TargetReading, ...]:
    """Give diameters, or that a lesion is gone."""
    return tuple(Decimal(each) if each else TargetWord.ABSENT for each in diameters)


_UNSEEN = (TargetWord.NOT_EVALUATED, TargetWord.NOT_EVALUATED)
_GONE = NonTargetWord.ABSENT
_FULVESTRANT = ("fulvestrant",)
_PALBOCICLIB = ("palbociclib",)

COURSES: Mapping[str, Course] = {
    "MGH-001": Course(  # response, then a new lesion
        laboratory={15: {"fasting-glucose": "188", "anc": "1.7"}, 29: {"fasting-glucose": "142"}},
        events=(Event("Diarrhea", 1, 6, 6), Event("Hyperglycemia", 2, 15, 12),
                Event("Arthralgia", 1, 30, 40, _FULVESTRANT)),
        ended="progression", therapy=((131, "capecitabine"),), alive=(210,),
    ),
    "MGH-002": Course(  # grows from the start
        years=9, ecog="2", before={"hemoglobin": "10.6"},
        disease=Disease((("LIVER", "41"), ("LIVER", "21")), ("BONE", "PLEURAL EFFUSION")),
        scans=(Scan(54, _mm("52.5", "26")),),
        laboratory={15: {"hemoglobin": "9.4"}, 57: {"hemoglobin": "7.8", "ast": "214", "alt": "136",
                                                    "total-bilirubin": "1.9"}},
        events=(Event("Fatigue", 2, 10, 40), Event("Nausea", 1, 3, 9),
                Event("Anemia", 3, 57, 20, ())),
        ended="progression", died=(171, "disease under study"),
    ),
    "MGH-003": Course(  # a confirmed response, its nadir, and growth from it
        years=3, ecog="0",
        disease=Disease((("LUNG", "33"), ("LYMPH NODE", "25")), ("LUNG",)),
        scans=(Scan(57, _mm("20", "18")), Scan(113, _mm("17", "15.5")),
               Scan(170, _mm("16", "14")), Scan(225, _mm("21", "18.5"))),
        laboratory={15: {"fasting-glucose": "131"}, 57: {"creatinine": "1.2"},
                    113: {"creatinine": "1.35", "fasting-glucose": "119"}},
        events=(Event("Diarrhea", 2, 9, 5), Event("Rash maculo-papular", 1, 20, 15),
                Event("Pruritus", 1, 22, 15)),
        ended="progression", alive=(250,),
    ),
    "MGH-004": Course(  # bone alone; a late toxicity, a hold and a lower dose
        years=12, before={"alt": "58", "platelets": "132"},
        disease=Disease((), ("BONE", "BONE")), scans=(Scan(58), Scan(111)),
        laboratory={15: {"alt": "96"}, 29: {"alt": "190", "platelets": "118"},
                    57: {"alt": "88", "platelets": "128"}},
        events=(Event("Diarrhea", 3, 62, 4), Event("Alanine aminotransferase increased", 2, 29, 14),
                Event("Anorexia", 1, 12, 30)),
        held=((62, 69),), reduced_from=70,
    ),
    "MGH-005": Course(  # a DLT; the one scan could not be measured
        years=1, before={"fasting-glucose": "112"},
        disease=Disease((("LIVER", "34"), ("LYMPH NODE", "21"))),
        scans=(Scan(30, _UNSEEN, new=None),),
        laboratory={8: {"fasting-glucose": "231"}, 15: {"fasting-glucose": "268"}},
        events=(Event("Diarrhea", 1, 6, 6),
                Event("Hyperglycemia", 3, 15, 9, serious_because=("hospitalisation",),
                      is_expected=True)),
        held=((15, 20),), ended="unacceptable toxicity",
        therapy=((125, "paclitaxel"),), alive=(118,),
    ),
    "MGH-006": Course(  # stable
        years=5, ecog="0", before={"potassium": "3.5"},
        disease=Disease((("LUNG", "29"), ("BREAST", "22.5")), ("BONE",)),
        scans=(Scan(56, _mm("26", "20")), Scan(114, _mm("25.5", "21"))),
        laboratory={15: {"potassium": "3.2"}, 29: {"potassium": "3.6", "magnesium": "1.5"}},
        events=(Event("Diarrhea", 2, 4, 11), Event("Hypokalemia", 1, 15, 10),
                Event("Lung infection", 3, 96, 12, (), ("hospitalisation",), is_expected=False)),
    ),
    "MGH-007": Course(  # everything disappears
        years=2, ecog="0",
        disease=Disease((("LYMPH NODE", "18"), ("BREAST", "16.5")), ("LYMPH NODE",)),
        scans=(Scan(55, _mm("11", "8.5")), Scan(110, _mm("8", ""), _GONE)),
        laboratory={15: {"anc": "1.4", "platelets": "131"}, 29: {"anc": "1.9"}},
        events=(Event("Mucositis oral", 2, 18, 9), Event("Rash maculo-papular", 2, 11, 20)),
    ),
    "MGH-008": Course(  # a confirmed response
        years=7, before={"anc": "1.6"},
        disease=Disease((("LIVER", "30"), ("LIVER", "18")), ("BONE",)),
        scans=(Scan(58, _mm("17.5", "11")), Scan(112, _mm("14", "9"))),
        laboratory={15: {"anc": "1.2"}, 29: {"magnesium": "1.4", "fasting-glucose": "172"}},
        events=(Event("Diarrhea", 1, 3, 20), Event("Dyspepsia", 1, 8, 60, ()),
                Event("Hyperglycemia", 2, 29, 14)),
    ),
    "MGH-009": Course(  # a new lesion at the first assessment; dies
        years=10, ecog="2", before={"hemoglobin": "11.0"},
        disease=Disease((("LIVER", "27"), ("LUNG", "19")), ("BONE",)),
        scans=(Scan(53, _mm("26", "17.5"), new="BRAIN"),),
        laboratory={15: {"ast": "61", "alt": "72"}, 29: {"hemoglobin": "9.8", "ast": "120"}},
        events=(Event("Fatigue", 2, 5, 48), Event("Vomiting", 1, 13, 2),
                Event("Headache", 3, 52, 8, (), ("hospitalisation",), is_expected=False)),
        ended="progression", died=(101, "disease under study"),
    ),
    "MGH-010": Course(
        years=4, laboratory={8: {"fasting-glucose": "176"}},
        disease=Disease((("LUNG", "24"), ("LYMPH NODE", "17"))),
        events=(Event("Diarrhea", 1, 6, 6),),
    ),
    "MGH-011": Course(
        years=6, ecog="0", laboratory={8: {"platelets": "146", "creatinine": "1.05"}},
        disease=Disease((("BREAST", "35"), ("LIVER", "12.5")), ("LIVER",)),
        events=(Event("Nausea", 1, 2, 4),),
    ),
    "MGH-012": Course(
        years=8, laboratory={8: {"anc": "1.3", "hemoglobin": "11.2"}},
        disease=Disease((("LYMPH NODE", "26"), ("LUNG", "14")), ("BONE",)),
        events=(Event("Neutrophil count decreased", 2, 8, 10, _PALBOCICLIB),),
    ),
}  # fmt: skip
"""By study number; others are as the example is."""
