"""Kinds of cancer treatment, and which of them is a kind of which other.

A wash-out for any anti-cancer therapy is one for chemotherapy too, and an arm with an aromatase
inhibitor is an arm with letrozole, anastrozole or exemestane. The names are those of a general
vocabulary of oncology; no trial is known here.
"""

import re
from dataclasses import dataclass

from trialwright.registry.amending.words import keys_of, words_of

ANY_CANCER_THERAPY = "anti-cancer therapy"
"""The kind of which every other treatment of cancer is one."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """A kind of treatment.

    Attributes
    ----------
    name : str
        In sentences.
    pattern : Pattern
        How texts name it.
    kind_of : str
        The wider kind; empty for one that stands alone.
    """

    name: str
    pattern: re.Pattern[str]
    kind_of: str = ANY_CANCER_THERAPY


def _kind(name: str, pattern: str, kind_of: str = ANY_CANCER_THERAPY) -> Treatment:
    """Give a kind of treatment."""
    return Treatment(name, re.compile(pattern, re.IGNORECASE), kind_of)


TREATMENTS = (
    _kind(
        ANY_CANCER_THERAPY,
        r"\banti-?\s?(?:cancer|tumou?r|neoplastic)\b|\bantineoplastic\b"
        r"|\b(?:cancer|oncologic|systemic|malignancy)(?:[- ](?:directed|specific))?"
        r" (?:therap|treatm)\w*"
        r"|\bprior (?:\w+ ){0,2}(?:therap|treatm)\w*",
        "",
    ),
    _kind("chemotherapy", r"\b(?:chemo(?:therap\w*|radi\w*)?|cytotoxic)\b"),
    _kind("myelosuppressive therapy", r"(?<!non-)(?<!non )\bmyelosuppressive\b"),
    _kind("non-myelosuppressive therapy", r"\bnon-?\s?myelosuppressive\b"),
    _kind("radiotherapy", r"\b(?:radio-?therap\w*|radiation|irradiation|chemoradi\w*)\b"),
    _kind("endocrine therapy", r"\b(?:endocrine|hormon\w+|anti-?(?:o?estrogen|androgen)\w*)\b"),
    _kind("targeted therapy", r"\b(?:molecular(?:ly)?[- ])?targeted\b|\bsmall molecules?\b"),
    _kind("antibodies", r"\b(?:antibod(?:y|ies)(?:-based)?|biologics?|biological)\b"),
    _kind("immunotherapy", r"\b(?:immuno-?therap\w*|immune therap\w*|checkpoint inhibitors?)\b"),
    _kind("nitrosoureas", r"\bnitroso-?ureas?\b", "chemotherapy"),
    _kind("mitomycin C", r"\bmitomycin(?:[- ]C)?\b", "chemotherapy"),
    _kind("platinum", r"\b(?:platinum|\w+platin)\b", "chemotherapy"),
    _kind("taxanes", r"\b(?:taxanes?|\w+taxel)\b", "chemotherapy"),
    _kind("anthracyclines", r"\b(?:anthracyclines?|\w+rubicin)\b", "chemotherapy"),
    _kind("aromatase inhibitor", r"\baromatase inhibitors?\b", "endocrine therapy"),
    _kind("GnRH analogues", r"\b(?:GnRH|LHRH|gonadotropin[- ]releasing)\b", "endocrine therapy"),
    _kind("CDK4/6 inhibitor", r"\bCDK ?4(?:/6)?\b|\b\w+ciclib\b", "targeted therapy"),
    _kind("PI3K inhibitor", r"\bPI-?3-?K(?:inase)?\b|\b\w+lisib\b", "targeted therapy"),
    _kind("mTOR inhibitor", r"\bmTOR\b|\b\w{2,}(?:rolimus)\b", "targeted therapy"),
    _kind("PARP inhibitor", r"\bPARP\b|\b\w+parib\b", "targeted therapy"),
    _kind("kinase inhibitor", r"\bkinase inhibitors?\b|\bTKIs?\b|\b\w{3,}tinib\b",
          "targeted therapy"),
    _kind("investigational agents",
          r"\b(?:investigational|experimental|study) (?:\w+ )?(?:agent|drug|product|therap"
          r"|treatment|medication|compound|device)\w*", ""),
    _kind("surgery", r"\b(?:major )?surg(?:ery|ical)\b", ""),
    _kind("transfusion", r"\btransfusions?\b|\btransfused\b", ""),
    _kind("growth factors", r"\bgrowth factors?\b|\bG-?CSF\b|\berythropoietin\b", ""),
    _kind("corticosteroids", r"\b(?:cortico-?)?steroids?\b", ""),
    _kind("vaccines", r"\bvaccin\w+\b", ""),
    _kind("stem-cell transplantation", r"\btransplant\w*\b", ""),
)  # fmt: skip
"""Kinds of treatment, wider ones before narrower ones."""

DRUG_CLASSES = {
    "aromatase inhibitor": ("letrozole", "anastrozole", "exemestane"),
    "endocrine therapy": (
        "tamoxifen", "toremifene", "raloxifene", "fulvestrant", "elacestrant", "megestrol",
    ),
    "GnRH analogues": ("goserelin", "leuprolide", "leuprorelin", "triptorelin", "degarelix"),
    "chemotherapy": (
        "capecitabine", "gemcitabine", "vinorelbine", "eribulin", "cyclophosphamide",
        "methotrexate", "fluorouracil", "temozolomide", "irinotecan", "topotecan", "etoposide",
        "pemetrexed", "ixabepilone",
    ),
    "antibodies": ("trastuzumab", "pertuzumab", "bevacizumab", "cetuximab", "rituximab"),
    "immunotherapy": ("pembrolizumab", "nivolumab", "atezolizumab", "durvalumab", "ipilimumab"),
}  # fmt: skip
"""Medicines by class; those whose ending names the class are not listed."""

_CLASS_OF = {drug: name for name, drugs in DRUG_CLASSES.items() for drug in drugs}
_BY_NAME = {each.name: each for each in TREATMENTS}
_DRUGS = re.compile(rf"\b(?:{'|'.join(_CLASS_OF)})\b", re.IGNORECASE)


def treatments_in(text: str) -> tuple[str, ...]:
    """Give the kinds of treatment that a text names, medicines by their own names.

    Parameters
    ----------
    text : str
        Words of a criterion.

    Returns
    -------
    tuple of str
        Each once; empty when none is known.
    """
    named = [each.name for each in TREATMENTS if each.pattern.search(text)]
    named += [found[0].lower() for found in _DRUGS.finditer(text)]
    return tuple(dict.fromkeys(named))


def treatment_keys(text: str) -> frozenset[str]:
    """Give the words of a text that name known kinds of treatment.

    Parameters
    ----------
    text : str
        Words of a criterion.

    Returns
    -------
    frozenset of str
        In the form in which words are compared.
    """
    named = [found[0] for each in TREATMENTS for found in each.pattern.finditer(text)]
    named += [found[0] for found in _DRUGS.finditer(text)]
    return frozenset(key for words in named for key in keys_of(words_of(words)))


def wider(treatment: str) -> tuple[str, ...]:
    """Give a kind of treatment with every wider kind.

    Parameters
    ----------
    treatment : str
        As `treatments_in` names it.

    Returns
    -------
    tuple of str
        The kind itself first, then wider ones.
    """
    chain = [treatment]
    while True:
        last = chain[-1]
        above = _BY_NAME[last].kind_of if last in _BY_NAME else _CLASS_OF.get(last, "")
        if not above:
            return tuple(chain)
        chain.append(above)


def drug_class(agent: str) -> str:
    """Give the name under which agents of one class are compared in arms.

    Parameters
    ----------
    agent : str
        A medicine or a class, as a record names it.

    Returns
    -------
    str
        `aromatase inhibitor` for letrozole; the agent itself, in small letters, where a class has
        members that are not exchangeable.
    """
    plain = " ".join(agent.lower().replace("-", " ").split())
    if (
        re.search(r"\baromatase inhibitors?\b", plain)
        or plain in DRUG_CLASSES["aromatase inhibitor"]
    ):
        return "aromatase inhibitor"
    return plain
