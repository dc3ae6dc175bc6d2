"""What a criterion is about, in a few words for people."""

import re

from trialwright.registry.amending.treatments import ANY_CANCER_THERAPY, treatments_in
from trialwright.registry.amending.words import words_in, words_of
from trialwright.registry.proposing.analytes import BY_FACT

_PRIOR = "prior therapy"
_FACTS = {
    "anc": "ANC",
    "wbc": "white blood cells",
    "ast": "AST",
    "alt": "ALT",
    "ldh": "LDH",
    "ggt": "GGT",
    "bun": "BUN",
    "inr": "INR",
    "pt": "PT",
    "ptt": "PTT",
    "aptt": "aPTT",
    "lvef": "LVEF",
    "qtc": "QTc",
    "qtcf": "QTcF",
    "qtcb": "QTcB",
    "hba1c": "HbA1c",
    "cd4": "CD4 count",
    "bmi": "BMI",
    "ca125": "CA 125",
    "fev1": "FEV1",
    "dlco": "DLCO",
}

_ALIASES = {
    "total-bilirubin": "bilirubin",
    "serum-bilirubin": "bilirubin",
    "neutrophils": "anc",
    "absolute-neutrophil-count": "anc",
    "neutrophil-count": "anc",
    "haemoglobin": "hemoglobin",
    "platelet-count": "platelets",
    "serum-creatinine": "creatinine",
    "egfr": "creatinine-clearance",
    "ejection-fraction": "lvef",
    "blood-glucose-fasting": "fasting-glucose",
    "hemoglobin-a1c": "hba1c",
    "systolic-blood-pressure": "systolic-pressure",
    "diastolic-blood-pressure": "diastolic-pressure",
    "pulse": "heart-rate",
}
"""Other names of a fact in vocabularies of protocols."""


def fact_key(fact: str) -> str:
    """Give the name under which a fact is compared.

    Parameters
    ----------
    fact : str
        As a reader or a protocol's vocabulary names it.

    Returns
    -------
    str
        One name for names that mean the same.
    """
    return _ALIASES.get(fact, fact)


def fact_name(fact: str) -> str:
    """Give the name of a fact in sentences.

    Parameters
    ----------
    fact : str
        As a reader or a protocol's vocabulary names it.

    Returns
    -------
    str
        E.g. `QTcF`, `systolic pressure`.
    """
    return _FACTS.get(fact_key(fact), fact_key(fact).replace("-", " "))


def spellings_of(fact: str) -> tuple[str, ...]:
    """Give the words by which records call a fact.

    Parameters
    ----------
    fact : str
        As a reader or a protocol's vocabulary names it.

    Returns
    -------
    tuple of str
        Empty for a fact that is not known.
    """
    known = BY_FACT.get(fact) or BY_FACT.get(fact_key(fact))
    return (*known.spelled, *known.exact, known.says) if known else ()


_TOPICS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("second malignancy", r"\b(?:second|other|prior|concurrent|another)\b.{0,30}\bmalignanc|"
                              r"\bmalignanc\w+.{0,40}\b(?:other than|adequately treated)"),
        ("childbearing potential", r"\bchild-?\s?bearing\b|\bamenorrh|\bpost-?menopaus"),
        ("contraception", r"\bcontracepti|\bbirth control|\babstinence\b|\bsterili[sz]ation\b"),
        ("pregnancy", r"\bpregnan|\blactat|\bbreast-?\s?feeding\b|\bnursing\b"),
        ("CNS metastases", r"\b(?:CNS|central nervous system|brain|leptomeningeal|cerebral)\b"),
        ("HIV", r"\bHIV\b|\bhuman immunodeficiency\b"),
        ("hepatitis", r"\bhepatitis\b|\bHBV\b|\bHCV\b"),
        ("diabetes", r"\bdiabet"),
        ("effusion", r"\beffusion|\bascites\b"),
        ("tissue", r"\barchival\b|\b(?:tumou?r|tissue) (?:block|sample|specimen)|\btissue\b"),
        ("consent", r"\binformed consent\b|\bconsent\b"),
        ("CYP3A", r"\bCYP ?3A"),
        ("cardiomyopathy", r"\bcardiomyopath"),
        ("electrolytes", r"\bhypo(?:magnes|kal|calc)|\bhyper(?:kal|calc)|\belectrolyt"),
        ("QT interval", r"\bQT[cCfF]*\b|\btorsade"),
        ("heart disease", r"\bcardiac\b|\bheart\b|\bmyocardial\b|\bangina\b|\barrhythmi"),
        ("adverse events not recovered",
         r"\b(?:recover|resol)\w*\b.{0,80}\b(?:adverse|toxicit|effect)"
         r"|\b(?:adverse|toxicit)\w*.{0,80}\b(?:recover|resol)"),
        ("gastrointestinal toxicity", r"\b(?:GI|gastrointestinal)\b.{0,40}\btoxicit"),
        ("absorption", r"\babsor(?:b|p)|\bswallow|\bmalabsor"),
        ("allergy", r"\ballerg|\bhypersensitiv"),
        ("infection", r"\binfection"),
        ("surgery", r"\bsurg(?:ery|ical)\b"),
        ("measurable disease", r"\bmeasurable\b|\bevaluable\b|\bRECIST\b"),
        ("candidate for the study", r"\bgood candidate\b|\bcandidate for\b"),
        ("investigator's judgement", r"\bjudge?ment\b|\binvestigator'?s?'? (?:opinion|discretion)|"
                                     r"\bopinion of the (?:\w+ )?investigator"),
        ("compliance", r"\bcompl(?:y|iance)\b"),
        ("approval", r"\bapproval\b|\bdiscussion with\b"),
        ("receptor status", r"\b(?:HR\+?|ER|PR|HER-?2)\b"),
        (_PRIOR,
         r"\b(?:prior|previous)\b.{0,60}\b(?:therap|treatment|inhibitor|regimen|use of)"
         r"|\breceived\b"),
    )
)  # fmt: skip
"""Concepts by their words; the first that stands in a text names it."""

_MOST_TITLE = 7
_ADDRESSED = words_in(
    "patient participant subject individual person must should have has be is are who with a an the"
    " any adult"
)


def topic_of(text: str) -> str:
    """Say in a few words what a text is about.

    Parameters
    ----------
    text : str
        Words of a criterion.

    Returns
    -------
    str
        A known concept, or the first words that carry a meaning.
    """
    return known_topic(text) or first_words(text)


def known_topic(text: str) -> str:
    """Name the known concept that a text is about.

    Parameters
    ----------
    text : str
        Words of a criterion.

    Returns
    -------
    str
        Empty when there is none.
    """
    for name, pattern in _TOPICS:
        if pattern.search(text):
            return _prior(text) if name == _PRIOR else name
    return ""


def _prior(text: str) -> str:
    """Name the treatments that participants had."""
    named = [each for each in treatments_in(text) if each != ANY_CANCER_THERAPY]
    return f"prior {' and '.join(named[:3])}" if named else _PRIOR


def first_words(text: str) -> str:
    """Give the first words of a text.

    Parameters
    ----------
    text : str
        Words of a criterion.

    Returns
    -------
    str
        Up to seven words, as written, the people addressed left out.
    """
    words = words_of(text)
    begin = next((word.start for word in words if word.plain not in _ADDRESSED), 0)
    later = [word for word in words if word.start >= begin][:_MOST_TITLE]
    return " ".join(text[begin : later[-1].end].split()) if later else "words"
