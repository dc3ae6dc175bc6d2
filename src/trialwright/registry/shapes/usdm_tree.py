"""A USDM file as a tree whose parts know their path, and what stands beside them."""

from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from trialwright.registry.shapes.strict_json import Json, Path, Written, field_of, kind_of
from trialwright.registry.usdm_terms import OWN, CodeList
from trialwright.terms.errors import Fault, shorten

Kind = TypeVar("Kind")

CORRECT = "Correct the file, or write it again from its protocol"
"""What to do about a fault."""


@dataclass(slots=True)
class Reading:
    """What is known while one file is read.

    Attributes
    ----------
    file : str
        Name shown in faults.
    faults : list of Fault
        What was found wrong so far.
    by_id : dict of str to Node
        The parts of the file by their id.
    """

    file: str
    faults: list[Fault] = field(default_factory=list)
    by_id: "dict[str, Node]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a USDM file.

    A value of another kind than asked for is noted as a fault and read as one that is missing.

    Attributes
    ----------
    value : Json
        As it stands; None where it is missing.
    path : Path
        Where it stands.
    reading : Reading
        What is known of the file.
    """

    value: Json
    path: Path
    reading: Reading

    def one(self, name: str) -> "Node":
        """Give an attribute.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        Node
            Without a value where it is missing.
        """
        inside = self.value if isinstance(self.value, dict) else {}
        if self.value is not None and not isinstance(self.value, dict):
            self.fault(f"a {kind_of(self.value)}", "an object")
        return Node(inside.get(name), (*self.path, name), self.reading)

    def all(self, name: str) -> "tuple[Node, ...]":
        """Give the values of an attribute that is a list.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        tuple of Node
            Empty where it is missing.
        """
        found = self.one(name)
        if not isinstance(found.value, list):
            if found.value is not None:
                found.fault(f"a {kind_of(found.value)}", "a list")
            return ()
        return tuple(
            Node(each, (*found.path, place), self.reading) for place, each in enumerate(found.value)
        )

    def text(self, name: str) -> str:
        """Give an attribute that is text.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        str
            Empty where it is missing.
        """
        return self.one(name)._as(str, "text") or ""

    def required(self, name: str) -> str:
        """Give an attribute that is text and must stand here.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        str
            Empty where it is missing, which is a fault.
        """
        if self.value is not None and not self.has(name):
            self.one(name).fault("nothing", "text")
        return self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Give an attribute that is a list of text.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        tuple of str
            Empty where it is missing.
        """
        return tuple(found for each in self.all(name) if (found := each._as(str, "text")))

    def truth(self, name: str) -> bool | None:
        """Give an attribute that is true or false.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        bool or None
            None where it is missing.
        """
        return self.one(name)._as(bool, "true or false")

    def whole(self, name: str) -> int | None:
        """Give an attribute that is a whole number.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        int or None
            None where it is missing.
        """
        found = self.one(name)
        number = found._as(Written, "a number")
        if number is not None and number.whole is None:
            found.fault(f"the number {shorten(number.text)}", "a whole number")
        return number.whole if number else None

    def word(self, name: str, words: CodeList) -> str:
        """Give an attribute that is a code, as the record's word.

        Parameters
        ----------
        name : str
            Of USDM.
        words : CodeList
            The words of the field.

        Returns
        -------
        str
            Empty where it is missing.
        """
        return self.one(name).own_word(words)

    def own_word(self, words: CodeList) -> str:
        """Give this code as the record's word.

        Parameters
        ----------
        words : CodeList
            The words of the field.

        Returns
        -------
        str
            Empty where the code is missing.
        """
        code = self.one("standardCode") if self.has("standardCode") else self
        if code.value is None:
            return ""
        told = (code.required(each) for each in ("code", "decode", "codeSystem"))
        return words.word(*told)

    def has(self, name: str) -> bool:
        """Say whether an attribute stands here.

        Parameters
        ----------
        name : str
            Of USDM.

        Returns
        -------
        bool
            False also for null.
        """
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def refers(self, name: str) -> "Node | None":
        """Give the part that an attribute refers to by its id.

        Parameters
        ----------
        name : str
            Of USDM, e.g. `scopeId`.

        Returns
        -------
        Node or None
            None where it is missing, or refers to nothing in the file, which is a fault.
        """
        return self.one(name).referred() if self.has(name) else None

    def referred(self) -> "Node | None":
        """Give the part that this id refers to.

        Returns
        -------
        Node or None
            None where there is none in the file, which is a fault.
        """
        wanted = self._as(str, "the id of a part")
        found = self.reading.by_id.get(wanted or "")
        if wanted is not None and found is None:
            self.fault(f"the id {shorten(wanted)}", "the id of a part of this file")
        return found

    def beside(self, name: str) -> "Node | None":
        """Give what stands beside this part as an extension of ours.

        Parameters
        ----------
        name : str
            The record's name of the field.

        Returns
        -------
        Node or None
            The extension, its value in one of its attributes; None where there is none.
        """
        if not self.has("extensionAttributes"):
            return None
        found = [each for each in self.all("extensionAttributes") if each.text("url") == OWN + name]
        if len(found) > 1:
            found[1].fault(f"{OWN}{name} a second time", "each of ours once")
        return found[0] if found else None

    def text_beside(self, name: str, otherwise: str = "") -> str:
        """Give text that stands beside this part.

        Parameters
        ----------
        name : str
            The record's name of the field.
        otherwise : str
            What the part itself says, where nothing stands beside it.

        Returns
        -------
        str
            The text.
        """
        found = self.beside(name)
        return otherwise if found is None else found.text("valueString")

    def truth_beside(self, name: str, otherwise: bool) -> bool:
        """Give a truth value that stands beside this part.

        Parameters
        ----------
        name : str
            The record's name of the field.
        otherwise : bool
            What holds where nothing stands beside it.

        Returns
        -------
        bool
            The value.
        """
        found = self.beside(name)
        stated = None if found is None else found.truth("valueBoolean")
        return otherwise if stated is None else stated

    def whole_beside(self, name: str) -> int | None:
        """Give a whole number that stands beside this part.

        Parameters
        ----------
        name : str
            The record's name of the field.

        Returns
        -------
        int or None
            None where there is none.
        """
        found = self.beside(name)
        return None if found is None else found.whole("valueInteger")

    def typed_beside(self, name: str, kind: TypeAdapter[Kind], otherwise: Kind) -> Kind:
        """Give a value that stands beside this part as JSON.

        Parameters
        ----------
        name : str
            The record's name of the field.
        kind : TypeAdapter
            Its type.
        otherwise : object
            What holds where nothing stands beside it, or something of another type, which is a
            fault.

        Returns
        -------
        object
            Of that type.
        """
        found = self.beside(name)
        if found is None:
            return otherwise
        where = found.one("valueString")
        try:
            return kind.validate_json(found.text("valueString"))
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                where.fault(shorten(error["input"]), error["msg"], error["loc"])
        return otherwise

    def fault(self, found: str, allowed: str, inside: Path = ()) -> None:
        """Note that something is wrong here.

        Parameters
        ----------
        found : str
            What stands here.
        allowed : str
            What may stand here.
        inside : Path
            Path within the JSON text that stands here.
        """
        where = field_of((*self.path, *inside)) or "record"
        self.reading.faults.append(Fault(where, found, allowed, CORRECT, self.reading.file))

    def _as(self, kind: type[Kind], said: str) -> Kind | None:
        """Give the value if it is of a kind; note it if it is of another."""
        if self.value is None or isinstance(self.value, kind):
            return self.value
        self.fault(f"a {kind_of(self.value)}", said)
        return None
