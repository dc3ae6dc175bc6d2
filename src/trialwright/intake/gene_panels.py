"""A gene panel file as cBioPortal keeps it: which genes one version of an assay looks at."""

import re

from trialwright.intake.tab_tables import refuse_all
from trialwright.protocol.biomarker_settings import Panel
from trialwright.terms.errors import Fault, shorten

_SYMBOL = re.compile(r"[A-Z][A-Za-z0-9-]{0,29}")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ID, _GENES, _SAYS = "stable_id", "gene_list", "description"


def read_panel(text: str, file: str, assay: str, *, counts_copies: bool) -> Panel:
    r"""Read a gene panel file.

    Parameters
    ----------
    text : str
        Lines `stable_id: ...`, `description: ...` and `gene_list: ...`, genes separated by tabs.
    file : str
        Its name, for faults.
    assay : str
        Id of the assay that it is a version of.
    counts_copies : bool
        Whether it calls copy number; the file does not tell.

    Returns
    -------
    Panel
        Each gene once, in the order of the file.

    Raises
    ------
    Refusal
        If a line is missing or stands twice, or a gene or the panel has a name that cannot be.
    """
    found: dict[str, tuple[int, str]] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        name, _, value = line.partition(":")
        if name.strip() in found:
            where, do = shorten(name.strip()), "Remove one"
            faults.append(Fault(where, "this line twice", "one line", do, "", number))
        if value:
            found.setdefault(name.strip(), (number, value.strip()))
    faults += [
        Fault(name, "no such line", f"a line `{name}: ...`", "Add the line")
        for name in (_ID, _GENES)
        if not found.get(name, (0, ""))[1]
    ]
    refuse_all(faults, file)
    at, listed = found[_GENES]
    genes = tuple(dict.fromkeys(each.strip() for each in listed.split("\t") if each.strip()))
    refuse_all(
        [
            Fault(_GENES, shorten(gene), "symbols separated by tabs", "Correct it", "", at)
            for gene in genes
            if not _SYMBOL.fullmatch(gene)
        ],
        file,
    )
    at, named = found[_ID]
    name = named.casefold()
    if not _NAME.fullmatch(name):
        allowed = "letters and digits, parts joined by hyphens"
        refuse_all([Fault(_ID, shorten(named), allowed, "Rename the panel", "", at)], file)
    says = found.get(_SAYS, (0, ""))[1] or named
    return Panel(id=name, assay=assay, says=says, genes=genes, counts_copies=counts_copies)
