"""The shelf: files that ship with the package, opened here and handed down as text."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from trialwright.grading.criteria import LabRules, american
from trialwright.grading.table import read_table
from trialwright.grading.terms_table import TermTexts, read_terms

PROTOCOLS = ("nct03959891",)
"""Names of the shipped protocols."""


def text(*path: str) -> str:
    """Give the text of a shipped file.

    Parameters
    ----------
    *path : str
        Folder and file below the shelf.

    Returns
    -------
    str
        Its text, UTF-8.
    """
    return content(*path).decode("utf-8")


def content(*path: str) -> bytes:
    """Give the bytes of a shipped file.

    Parameters
    ----------
    *path : str
        Folder and file below the shelf.

    Returns
    -------
    bytes
        As they ship.
    """
    return resources.files("trialwright").joinpath("shelf", *path).read_bytes()


@cache
def lab_rules() -> LabRules:
    """Give the CTCAE laboratory rules, read once.

    Returns
    -------
    LabRules
        Of every shipped version.
    """
    return read_table(text("ctcae", "ctcae_lab_rules.json"))


@cache
def ctcae_terms() -> frozenset[str]:
    """Give the CTCAE v5.0 terms that a protocol may name.

    Returns
    -------
    frozenset of str
        Laboratory terms with their texts, and further terms by name.
    """
    names = text("ctcae", "ctcae_v5_other_terms.txt").splitlines()
    others = {name.strip() for name in names if name.strip() and not name.startswith("#")}
    return frozenset(others | {each.term for each in ctcae_texts().texts.values()})


@cache
def ctcae_names() -> Mapping[str, str]:
    """Give each CTCAE v5.0 term that ships as CTCAE prints it.

    Returns
    -------
    mapping of str to str
        Term in lower case and American spelling to the term.
    """
    return MappingProxyType({american(each): each for each in ctcae_terms()})


@cache
def ctcae_texts() -> TermTexts:
    """Give the printed CTCAE v5.0 texts of the terms that carry one.

    Returns
    -------
    TermTexts
        Laboratory terms, and those that a protocol of this kind names.
    """
    tables = ("ctcae_v5_lab_terms.csv", "ctcae_v5_clinical_terms.csv")
    read = [read_terms(text("ctcae", name)).texts for name in tables]
    return TermTexts({**read[0], **read[1]})


@cache
def ctcae_classes() -> Mapping[str, str]:
    """Give the system organ class of each CTCAE term that ships with one.

    Returns
    -------
    mapping of str to str
        Term in lower case and American spelling to its class.
    """
    ruled = {american(each.term): each.soc for each in lab_rules().criteria}
    texts = {name: each.soc for name, each in ctcae_texts().texts.items()}
    return MappingProxyType({**ruled, **texts})
