"""What a public trial record states beyond what drives the trial.

Nothing here decides anything: these words are read from a record, shown, and written to one.
"""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Data, Text

Line = Annotated[str, Field(max_length=2000)]
"""Words of a record on one line; empty: not stated."""

Long = Annotated[str, Field(max_length=40_000)]
"""Words of a record, paragraphs included; empty: not stated."""


class OtherNumber(Data):
    """Another number under which the trial is known.

    Attributes
    ----------
    id : str
        The number.
    type, domain : str
        Which kind of number, and whose; empty when not stated.
    """

    id: Text
    type: Line = ""
    domain: Line = ""


class RecordDate(Data):
    """A date of the record; month and day may be missing.

    Attributes
    ----------
    date : str
        Year, year-month or year-month-day.
    type : {'', 'ACTUAL', 'ESTIMATED'}
        Whether it has come.
    """

    date: Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
    type: Literal["", "ACTUAL", "ESTIMATED"] = ""


class KeptText(Data):
    """Words of the record that nobody has turned into data yet.

    Attributes
    ----------
    place : str
        Where they stand, e.g. `line 12` or `protocolSection.oversightModule`.
    words : str
        As they stand.
    because : str
        What was not understood.
    """

    place: Text
    words: Annotated[str, Field(max_length=200_000)]
    because: Line = ""


class Publication(Data):
    """The parts of a public record that only the record needs.

    Attributes
    ----------
    acronym, official_title : str
        Beside the title.
    description : str
        Detailed description.
    conditions, keywords : tuple of str
        As published.
    other_numbers : tuple of OtherNumber
        Beside those of `identifiers`.
    collaborators : tuple of str
        Organisations beside the lead.
    allocation, intervention_model, masking, purpose : str
        Design words of the record.
    enrolled : int or None
        Number of participants the record states.
    enrolled_is_actual : bool
        Whether it is reached, not planned.
    started, primary_completion, completion : RecordDate or None
        Dates of the record.
    sex : {'', 'female', 'male', 'all'}
        The record's own field on sex.
    minimum_age, maximum_age : str
        The record's own fields on age, e.g. `18 Years`.
    healthy_volunteers : bool or None
        The record's own field; None when not stated.
    outline, follow_up : str
        The paragraphs on design and follow-up, verbatim, when a record was read.
    phase_line : str
        The words of the record on its phase, where they differ from `phase`.
    status_word : str
        The registry's own word for the status, e.g. `ACTIVE_NOT_RECRUITING`.
    kept : tuple of KeptText
        What was not understood when the record was read, word for word.
    """

    acronym: Line = ""
    official_title: Line = ""
    description: Long = ""
    conditions: tuple[Text, ...] = ()
    keywords: tuple[Text, ...] = ()
    other_numbers: tuple[OtherNumber, ...] = ()
    collaborators: tuple[Text, ...] = ()
    allocation: Line = ""
    intervention_model: Line = ""
    masking: Line = ""
    purpose: Line = ""
    enrolled: Annotated[int, Field(ge=0)] | None = None
    enrolled_is_actual: bool = False
    started: RecordDate | None = None
    primary_completion: RecordDate | None = None
    completion: RecordDate | None = None
    sex: Literal["", "female", "male", "all"] = ""
    minimum_age: Line = ""
    maximum_age: Line = ""
    healthy_volunteers: bool | None = None
    outline: Long = ""
    follow_up: Long = ""
    phase_line: Line = ""
    status_word: Line = ""
    kept: tuple[KeptText, ...] = ()
