"""A patient as rows of one flat table, as a coordinator's spreadsheet would hold them.

Facts go by the names of the first protocol's vocabulary where it has one, else by their code. What
does not count has no row. `source` is the table and row of the same record in OMOP.
"""

from collections.abc import Iterator

from trialwright.virtual.concepts import CONCEPTS, INGREDIENT, Concept
from trialwright.virtual.patients import Diagnosis, Exposure, Patient, Result
from trialwright.virtual.rows import STATUSES

COLUMNS = ("participant", "fact", "value", "unit", "date", "low", "high", "source")
"""Columns of the table."""

FACTS = {
    "85329-1": "er-percent", "85325-9": "pr-percent", "85337-4": "er-status",
    "16112-5": "er-status", "85339-0": "pr-status", "16113-3": "pr-status",
    "85319-2": "her2-ihc", "85318-4": "her2-ish", "48676-1": "her2-interpretation",
    "89247-1": "ecog", "751-8": "anc", "26499-4": "anc", "718-7": "hemoglobin",
    "59260-0": "hemoglobin", "777-3": "platelets", "26515-7": "platelets",
    "1975-2": "total-bilirubin", "14631-6": "total-bilirubin", "1920-8": "ast", "30239-8": "ast",
    "1742-6": "alt", "2160-0": "creatinine", "14682-9": "creatinine", "29463-7": "body-weight",
    "1558-6": "fasting-glucose", "14771-0": "fasting-glucose", "2345-7": "glucose",
    "4548-4": "hba1c", "59261-8": "hba1c", "2823-3": "potassium", "19123-9": "magnesium",
    "2601-3": "magnesium", "8480-6": "systolic-pressure", "8867-4": "heart-rate",
    "76634-5": "qtcf", "76635-2": "qtcb", "8634-8": "qt", "8637-1": "rr", "10230-1": "lvef",
    "15067-2": "fsh", "10501-5": "lh", "2243-4": "estradiol", "56888-1": "hiv-test",
    "2118-8": "pregnancy-test", "21889-1": "tumour-size", "33728-7": "tumour-size",
    "97509-4": "disease-status",
    "254837009": "breast-cancer", "94222008": "bone-metastasis", "94391008": "metastasis",
    "94381002": "hepatic-metastasis", "94225005": "cns-metastasis", "46635009": "type-1-diabetes",
    "44054006": "diabetes", "86406008": "hiv", "22298006": "coronary-event",
    "194828000": "angina", "42343007": "heart-failure", "34000006": "gi-disease",
    "64766004": "gi-disease", "77386006": "pregnancy",
    "C50": "breast-cancer", "C79.51": "bone-metastasis", "C78.00": "metastasis",
    "C78.7": "hepatic-metastasis", "C79.31": "cns-metastasis", "C79.32": "cns-metastasis",
    "Z17": "receptor-code", "Z90.722": "bilateral-oophorectomy",
    "Z90.710": "hysterectomy", "C18.9": "second-malignancy", "C43.9": "second-malignancy",
    "C54.1": "second-malignancy", "C73": "second-malignancy", "E10": "type-1-diabetes",
    "E11": "diabetes", "Z79.4": "insulin-use", "B20": "hiv", "Z21": "hiv",
    "I21": "coronary-event", "I20": "angina", "I50": "heart-failure",
    "I42": "cardiomyopathy", "I45.81": "long-qt", "I47.21": "long-qt", "K50": "gi-disease",
    "K51": "gi-disease", "Z33.1": "pregnancy", "76876009": "bilateral-oophorectomy",
    "108290001": "radiotherapy",
}  # fmt: skip
"""Name of the fact of each code, an ICD-10-CM code by itself or by its category."""

_NOT_FINAL = frozenset(STATUSES[3:])
_PRODUCTS = {CONCEPTS[product].code: CONCEPTS[place] for product, place in INGREDIENT.items()}
_ANSWERS = {
    "10828004": "positive",
    "260385009": "negative",
    "LA11884-6": "indeterminate",
    "271299001": "worsened",
    "359746009": "stable",
    "268910001": "improved",
}


def facts_of(patient: Patient) -> Iterator[tuple[str, ...]]:
    """Write one patient as rows.

    Parameters
    ----------
    patient : Patient
        The patient.

    Yields
    ------
    tuple of str
        One row, in the order of `COLUMNS`; nothing recorded is an empty text.
    """
    name, person = f"P-{patient.person_id:07}", f"person/{patient.person_id}"
    yield (name, "sex", patient.sex, "", "", "", "", person)
    yield (name, "birth-date", patient.born, "", "", "", "", person)
    for watch in patient.watches:
        value = f"since {watch.since}, until {watch.until}"
        yield (name, "record-complete", value, "", str(watch.until), "", "", watch.source)
    for diagnosis in patient.diagnoses:
        if diagnosis.verified in ("confirmed", "preliminary"):
            since = str(diagnosis.since)
            yield (name, _fact(*diagnosis.codes), _said(diagnosis), "", since, "", "",
                   diagnosis.source)  # fmt: skip
    for result in patient.results:
        if result.status not in _NOT_FINAL:
            yield (name, *_measured(result))
    for exposure in patient.exposures:
        yield (name, *_given(exposure))
    for deed in patient.deeds:
        until = f", until {deed.until}" if deed.until else ""
        value = f"since {deed.since}{until}"
        yield (name, _fact(deed.code), value, "", str(deed.since), "", "", deed.source)


def _fact(*codes: Concept) -> str:
    """Give the name of a fact by its codes, or the first code itself."""
    for each in codes:
        for code in (each.code, each.code.partition(".")[0]):
            if code in FACTS:
                return FACTS[code]
    return f"{codes[0].system} {codes[0].code}"


def _said(diagnosis: Diagnosis) -> str:
    """Say whether a condition is present, and until when."""
    word = "present" if diagnosis.verified == "confirmed" else "suspected"
    return f"{word}, until {diagnosis.until}" if diagnosis.until else word


def _measured(result: Result) -> tuple[str, ...]:
    """Write a result: value, unit, day, range of everybody, source."""
    value = result.score
    if result.value is not None:
        value = f"{result.comparator}{result.value:f}"
    elif result.answer is not None and not value:
        value = _ANSWERS.get(result.answer.code, result.answer.code)
    has_range = not result.margin and result.low is not None and result.high is not None
    low, high = (f"{result.low:f}", f"{result.high:f}") if has_range else ("", "")
    unit = result.unit or result.spelling
    return (_fact(result.code), value, unit, str(result.on), low, high, result.source)


def _given(exposure: Exposure) -> tuple[str, ...]:
    """Write a medicine: first and last dose, setting, why it ended."""
    medicine = _PRODUCTS.get(exposure.medicine.code, exposure.medicine)
    is_local = exposure.route is not None and exposure.route.name == "Topical route"
    parts = (
        exposure.intent,
        f"stopped for {exposure.stop}" if exposure.stop else "",
        f"since {exposure.since}",
        f"last dose {exposure.until}" if exposure.until else "",
        "local" if is_local else "",
    )
    said, on = ", ".join(part for part in parts if part), str(exposure.since)
    return (medicine.name.replace(" ", "-"), said, "", on, "", "", exposure.source)
