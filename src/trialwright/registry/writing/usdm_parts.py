"""Making the parts of a USDM file: each with its class, its id, and what stands beside it.

What USDM has no attribute for stands in `extensionAttributes` of the nearest part, under a name
that begins `urn:trialwright:` and goes on with the record's own name of the field.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from trialwright.registry.usdm_terms import OWN, Coded

Part: TypeAlias = dict[str, Any]
Beside: TypeAlias = Mapping[str, Any]
"""Values by the record's name of the field, to be written as extension attributes."""


class Parts:
    """Makes parts; the same record gives the same ids.

    Attributes
    ----------
    made : Counter of str
        How many parts of each class there are.
    """

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def id_of(self, kind: str) -> str:
        """Give the id of the next part of a class.

        Parameters
        ----------
        kind : str
            Class of USDM.

        Returns
        -------
        str
            E.g. `StudyArm_2`.
        """
        self.made[kind] += 1
        return f"{kind}_{self.made[kind]}"

    def part(
        self, kind: str, beside: Beside | None = None, *, known_as: str = "", **values: Any
    ) -> Part:
        """Make a part.

        Parameters
        ----------
        kind : str
            Class of USDM.
        beside : mapping of str to object, optional
            What the class has no attribute for.
        known_as : str
            Its id where that was given before; else the next one.
        **values : object
            Its attributes; None leaves one out.

        Returns
        -------
        dict of str to object
            In the order of the schema: id, extensions, attributes, class.
        """
        made: Part = {"id": known_as or self.id_of(kind)}
        if beside:
            made["extensionAttributes"] = [
                self._extension(name, value) for name, value in beside.items()
            ]
        made |= {name: value for name, value in values.items() if value is not None}
        return made | {"instanceType": kind}

    def _extension(self, name: str, value: Any) -> Part:
        """Make one extension; a value that is no text, number or truth is written as JSON."""
        attribute = {bool: "valueBoolean", int: "valueInteger"}.get(type(value), "valueString")
        is_plain = isinstance(value, bool | int | str)
        return {
            "id": self.id_of("ExtensionAttribute"),
            "url": OWN + name,
            attribute: value if is_plain else json.dumps(value, ensure_ascii=False),
            "instanceType": "ExtensionAttribute",
        }

    def code(self, coded: Coded) -> Part:
        """Make a code.

        Parameters
        ----------
        coded : Coded
            Which.

        Returns
        -------
        dict of str to object
            A `Code`.
        """
        return self.part(
            "Code",
            code=coded.code,
            codeSystem=coded.system,
            codeSystemVersion=coded.release,
            decode=coded.decode,
        )

    def alias(self, coded: Coded) -> Part:
        """Make a code that other codes could stand beside.

        Parameters
        ----------
        coded : Coded
            Which.

        Returns
        -------
        dict of str to object
            An `AliasCode`.
        """
        return self.part("AliasCode", standardCode=self.code(coded))

    def quantity(self, value: int, unit: Coded | None = None) -> Part:
        """Make a quantity.

        Parameters
        ----------
        value : int
            How many.
        unit : Coded, optional
            Of what.

        Returns
        -------
        dict of str to object
            A `Quantity`.
        """
        return self.part("Quantity", value=value, unit=self.alias(unit) if unit else None)


class Names:
    """Names that differ among the parts of one list, as USDM asks for.

    Attributes
    ----------
    field : str
        The record's name of the field that is written as a name.
    given : set of str
        Names in use.
    """

    def __init__(self, field: str, taken: Iterable[str] = ()) -> None:
        self.field = field
        self.given = set(taken)

    def give(self, stated: str, otherwise: str) -> tuple[str, dict[str, str]]:
        """Give the name of a part.

        Parameters
        ----------
        stated : str
            As the record has it; it may be empty, or used before.
        otherwise : str
            What to call the part then.

        Returns
        -------
        tuple of str and dict of str to str
            The name; and what to write beside it, where it is not as the record has it.
        """
        name, number = stated or otherwise, 1
        while name in self.given:
            number += 1
            name = f"{otherwise}-{number}"
        self.given.add(name)
        return name, {} if name == stated else {self.field: stated}
