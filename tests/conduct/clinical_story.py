"""Every act of a participant's course, done once: P-2 is treated, followed and dies."""

from datetime import date, timedelta
from decimal import Decimal

from trialwright.casebook.course import (
    ClinicalProgression,
    ConcomitantMedicine,
    CycleDelay,
    DrugCount,
    OtherEntry,
    Pregnancy,
    SubsequentTherapy,
    SurvivalContact,
    Visit,
)
from trialwright.casebook.course_ends import Death, OffStudy, OffTreatment, ScreenFailure
from trialwright.casebook.facts import Observation
from trialwright.conduct.acts import Consent
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    Correct,
    CountDrug,
    DelayCycle,
    EndStudy,
    EndTreatment,
    RecordDeath,
    RecordForm,
    RecordMedicine,
    RecordPregnancy,
    RecordProgression,
    RecordSubsequentTherapy,
    RecordVisit,
    ScreenFail,
)
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

CHART = Source("person", "chart p. 7")
CONSENTED = date(2026, 2, 2)
FIRST_DOSE = date(2026, 2, 9)
LAST_DOSE = FIRST_DOSE + timedelta(days=27)
ENTRY = date(2026, 6, 1)
DAY_8 = date(2026, 2, 16)


def day(number: int) -> date:
    """Give the civil date of a study day; day 1 is the first dose."""
    return FIRST_DOSE + timedelta(days=number - 1)


def laboratory(number: str, value: str = "11.2", on: date = ENTRY) -> RecordForm:
    """Give a laboratory form of C1D8 with one value that the protocol names and one it does not."""
    drawn = PartialDate.of(day(8))
    return RecordForm(
        number, on, "laboratory", "C1D8",
        observations=(Observation("hemoglobin", Quantity(Decimal(value), "g/dL"), drawn, CHART),),
        others=(OtherEntry("lipase", Quantity(Decimal(40), "U/L"), drawn, CHART),),
    )  # fmt: skip


def visit(number: str, code: str = "C1D8", on: date | None = DAY_8) -> RecordVisit:
    """Give a visit that was done, or missed without a day."""
    return RecordVisit(number, ENTRY, Visit(code, "done" if on else "missed", on, CHART))


def medicine(number: str, name: str = "Itraconazole") -> RecordMedicine:
    """Give a medicine begun on study day 20 and still taken."""
    begun = PartialDate.of(day(20))
    return RecordMedicine(number, ENTRY, ConcomitantMedicine(name, begun, None, True, CHART))  # noqa: FBT003


def off_treatment(number: str, last: date | None = LAST_DOSE) -> EndTreatment:
    """Give the end of treatment for progression, a day after the last dose."""
    entry = OffTreatment(LAST_DOSE + timedelta(days=1), "progression", last, CHART)
    return EndTreatment(number, ENTRY, entry)


def delay(number: str, cycle: int = 2, begins: date = date(2026, 3, 16)) -> DelayCycle:
    """Give a second cycle that begins a week late."""
    return DelayCycle(number, ENTRY, CycleDelay(cycle, begins, "toxicity", CHART))


def death(number: str, on: str = "2026-05") -> RecordDeath:
    """Give a death known to the month."""
    return RecordDeath(number, ENTRY, Death(PartialDate.parse(on), "disease under study", CHART))


def contact(number: str, on: date = date(2026, 4, 20)) -> ContactSurvival:
    """Give a telephone call with somebody who is alive."""
    return ContactSurvival(number, ENTRY, SurvivalContact(on, "telephone", CHART))


def tell(trial) -> None:
    """Do every act of the course at least once."""
    trial.do(Consent("P-7", CONSENTED))
    trial.do(ScreenFail("P-7", ENTRY, ScreenFailure(day(1), ("I04",), CHART)))
    trial.do(laboratory("P-2"))
    form = len(trial.records)
    trial.do(visit("P-2"))
    trial.do(medicine("P-2"))
    trial.do(CountDrug("P-2", ENTRY,
                       DrugCount("ipatasertib", day(1), 35, day(29), 7, 28, CHART),
                       "doses by the diary, not entered yet"))  # fmt: skip
    trial.do(delay("P-2"))
    progressed = ClinicalProgression(PartialDate.of(day(28)), CHART)
    trial.do(RecordProgression("P-2", ENTRY, progressed))
    trial.do(off_treatment("P-2"))
    therapy = SubsequentTherapy("capecitabine", PartialDate.parse("2026-04"), None, CHART)
    trial.do(RecordSubsequentTherapy("P-2", ENTRY, therapy))
    trial.do(RecordPregnancy("P-2", ENTRY, Pregnancy("partner", day(60), "ongoing", CHART)))
    trial.do(contact("P-2"))
    trial.do(death("P-2"))
    path = "payload/observations/#0/value/value"
    trial.do(Correct("P-2", ENTRY, form, path, "11.2", "12.1", "digits swapped"))
    trial.do(Consent("P-8", CONSENTED))
    trial.do(EndStudy("P-8", ENTRY, OffStudy(day(3), "consent withdrawn", CHART)))
