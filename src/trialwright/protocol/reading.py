"""Reading a protocol: one YAML text -> Study, or every fault with its line."""

from dataclasses import dataclass

from pydantic import ValidationError

from trialwright.protocol.data import frozen
from trialwright.protocol.faults import told
from trialwright.protocol.plain_text import Path, PlainText, undotted
from trialwright.protocol.strict_yaml import MOST_FAULTS, gather_yaml
from trialwright.protocol.study import Study
from trialwright.protocol.wellformed import faults_of
from trialwright.terms.canonical import digest
from trialwright.terms.errors import Fault, Refusal


@dataclass(frozen=True, slots=True)
class ReadProtocol:
    """A protocol as read.

    Attributes
    ----------
    study : Study
        The study.
    digest : str
        SHA-256 of the text; recorded with every happening.
    file : str
        Name of the file it came from.
    lines : dict of Path to int
        Line of each value, so that later checks can name theirs.
    text : str
        As written.
    """

    study: Study
    digest: str
    file: str
    lines: dict[Path, int]
    text: str = ""

    def place(self, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
        """Give faults found later their file and line.

        Parameters
        ----------
        faults : tuple of Fault
            With dotted paths such as `arms.2.dosing.1`.

        Returns
        -------
        tuple of Fault
            The same faults, placed.
        """
        plain = PlainText(None, self.lines)
        return tuple(
            Fault(each.where, each.found, each.allowed, each.do, self.file, line)
            for each in faults
            for line in [plain.line_of(undotted(each.where))]
        )


def read_study(text: str, file: str = "") -> ReadProtocol:
    """Read a protocol text.

    Parameters
    ----------
    text : str
        One YAML document.
    file : str
        Name shown in faults.

    Returns
    -------
    ReadProtocol
        The study, its digest and the lines of its values.

    Raises
    ------
    Refusal
        With every fault of the YAML and of each value's form; where there is none, with every
        name that refers to nothing.
    """
    plain, faults = gather_yaml(text, file)
    study, wrong = _study(plain, file)
    known = {each.where for each in faults}
    faults += [each for each in wrong if each.where not in known]
    if study is None or faults:
        raise Refusal(_foremost(faults, file))
    protocol = ReadProtocol(study, digest(text), file, plain.lines, text)
    strangers = protocol.place(faults_of(study))
    if strangers:
        raise Refusal(_foremost(list(strangers), file))
    return protocol


def _study(plain: PlainText, file: str) -> tuple[Study | None, list[Fault]]:
    """Make the study of plain values, or say what is wrong with them."""
    try:
        return Study.model_validate(frozen(plain.value), strict=True), []
    except ValidationError as invalid:
        return None, told(invalid, plain, file)


def _foremost(faults: list[Fault], file: str) -> list[Fault]:
    """Give the faults in the order of the file, and no more than people read."""
    ordered = sorted(faults, key=lambda fault: fault.line)
    more = len(ordered) - MOST_FAULTS
    if more <= 0:
        return ordered
    last = Fault("", f"{more} more faults", "none", "Correct these first", file)
    return [*ordered[:MOST_FAULTS], last]
