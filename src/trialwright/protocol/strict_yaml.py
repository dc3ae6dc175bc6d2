"""A strict reader of YAML text: plain data and the line of each value, or every fault found.

The parser is ruamel.yaml's; what it would coerce or expand is refused here before it costs
anything: aliases and anchors, tags, directives, several documents, duplicate keys, invisible
signs, depth and size over the limits, and scalars that other readers turn into something else
(`NO`, `012`, `12:30`, `.inf`).

A text without any fault is followed by libyaml, fifteen times as fast; wherever that finds
something, ruamel.yaml reads again and its word holds.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml as libyaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from trialwright.protocol.data import UNSEEN
from trialwright.protocol.plain_text import Path, Plain, PlainText, dotted
from trialwright.terms.errors import Fault, Refusal, shorten

MOST_CHARACTERS = 2_000_000
"""Largest text read, characters; the first protocol has some 60,000."""

MOST_DEPTH = 30
"""Deepest nesting read."""

MOST_VALUES = 100_000
"""Most scalars read."""

MOST_FAULTS = 200
"""Most faults told at once; nobody corrects more before reading again."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_AMBIGUOUS = re.compile(
    r"y|n|yes|no|on|off|~|=|<<"
    r"|[-+]?[0-9][0-9_,]*(\.[0-9_]*)?(e[-+]?[0-9]+)?"  # 012, 1_000, 1e309
    r"|[-+]?\.[0-9_]+(e[-+]?[0-9]+)?"
    r"|[-+]?0[xob][0-9a-f_]+"  # 0x1F
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"  # 12:30
    r"|[-+]?\.?(inf|infinity|nan)|null|true|false",
    re.IGNORECASE,
)
_TAKEN_DIFFERENTLY = re.compile(
    r"[|>][-+0-9]*#"  # a comment that touches the sign before it
    r"|[\"'\]}]:[^\s]"  # ["a":1]
    r"|[|>][-+0-9]* *\r?\n +\r?\n"  # a block that begins with a line of spaces
)
"""What libyaml follows and ruamel.yaml does not."""

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def read_yaml(text: str, file: str = "") -> PlainText:
    """Read one YAML document of plain data.

    Parameters
    ----------
    text : str
        The document; line ends may be LF or CRLF.
    file : str
        Name shown in faults.

    Returns
    -------
    PlainText
        The data and the line of each value.

    Raises
    ------
    Refusal
        With every fault found; reading stops early only where the text cannot be followed.
    """
    plain, faults = gather_yaml(text, file)
    if faults:
        raise Refusal(faults)
    return plain


def gather_yaml(text: str, file: str = "") -> tuple[PlainText, list[Fault]]:
    """Read one YAML document as far as it can be followed.

    Parameters
    ----------
    text, file : str
        As for `read_yaml`.

    Returns
    -------
    tuple of PlainText and list of Fault
        What the text holds, and the faults that do not keep a reader from following it: values
        that readers take differently (here kept as text), empty places, names given twice.

    Raises
    ------
    Refusal
        With every fault found, where the text cannot be followed or costs too much.
    """
    _refuse_shape(text, file)
    followed = _followed(text, file)
    if followed is not None:
        return followed, []
    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except YAMLError as broken:
        mark = getattr(broken, "problem_mark", None) or getattr(broken, "context_mark", None)
        problem = getattr(broken, "problem", None) or "it cannot be read"
        builder.break_off(mark.line if mark else builder.line, str(problem))
    except (ValueError, OverflowError):  # ruamel.yaml takes "\U00110000" for a character
        builder.break_off(builder.line, "it holds the number of no character")
    return PlainText(builder.root, builder.lines), builder.faults


def _followed(text: str, file: str) -> PlainText | None:
    """Follow a text by libyaml; nothing where there is any fault, or libyaml is not here."""
    loader = getattr(libyaml, "CSafeLoader", None)
    if loader is None or _TAKEN_DIFFERENTLY.search(text):
        return None
    builder = _Builder(file)
    try:
        for event in libyaml.parse(text, Loader=loader):
            builder.take(event)
    except (libyaml.YAMLError, ValueError, Refusal):
        return None
    return None if builder.faults else PlainText(builder.root, builder.lines)


def is_ambiguous(scalar: str) -> bool:
    """Say whether a plain scalar means different things to different readers.

    Parameters
    ----------
    scalar : str
        As it would stand unquoted.

    Returns
    -------
    bool
        True for `NO`, `012`, `1e3`, `12:30`, an empty one and the like; false for `7`, `1.5`,
        `true`.
    """
    return isinstance(_meant(scalar), _Ambiguous)


def _refuse_shape(text: str, file: str) -> None:
    """Refuse what costs or misleads before the parser sees it."""
    if len(text) > MOST_CHARACTERS:
        do = "Give a protocol file, not an archive"
        raise Refusal([Fault("", f"{len(text)} characters", f"up to {MOST_CHARACTERS}", do, file)])
    plain = text.replace("\r\n", "\n")
    places: dict[str, int] = {}
    for found in UNSEEN.finditer(plain):
        places.setdefault(found.group(), found.start())
    directive = re.search(r"^%", plain, re.MULTILINE)
    if directive:
        places["%"] = directive.start()
    if places:
        raise Refusal(
            Fault("", *_SIGNS.get(sign, _invisible(sign)), file, plain.count("\n", 0, place) + 1)
            for sign, place in sorted(places.items(), key=lambda each: each[1])
        )


_SIGNS = {
    "\r": ("bare carriage returns", "LF or CRLF line ends", "Save the file with LF line ends"),
    "\x00": ("a zero byte", "UTF-8 text", "Save the file as UTF-8 text"),
    "\ufeff": ("a byte order mark inside", "text without it", "Remove it"),
    "\t": ("a tab", "spaces", "Indent with spaces"),
    "%": ("a directive", "a document without directives", "Remove the line"),
}
"""Sign to what is found, what is allowed and what to do."""


def _invisible(sign: str) -> tuple[str, str, str]:
    """Say that a sign is invisible."""
    return f"the invisible sign U+{ord(sign):04X}", "signs that people see", "Remove it"


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    path: Path
    value: "list[Plain] | dict[str, Plain]"
    key: str | None = None
    key_line: int = 0


@dataclass(slots=True)
class _Builder:
    """Takes parser events one by one; gathers faults."""

    file: str
    root: Plain = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    values: int = 0
    documents: int = 0

    line: int = 0

    def fault(self, where: str, line: int, found: str, allowed: str, do: str) -> None:
        """Note a fault; stop when there are more than people read."""
        self.faults.append(Fault(where, found, allowed, do, self.file, line + 1))
        if len(self.faults) >= MOST_FAULTS:
            raise Refusal(self.faults)

    def break_off(self, line: int, problem: str) -> None:
        """Refuse a text that cannot be followed."""
        do = "Correct the text at or before this line"
        self._stop(line, f"no valid YAML: {problem}", "YAML 1.2", do)

    def take(self, event: Any) -> None:
        """Take one event; stop at what cannot be followed."""
        line = self.line = event.start_mark.line
        kind = type(event).__name__  # both parsers name their events alike
        if getattr(event, "anchor", None) is not None or kind == "AliasEvent":
            found = f"an anchor or alias ({shorten(event.anchor)})"
            self._stop(line, found, "plain values", "Write the value out where it is needed")
        if getattr(event, "tag", None) is not None and kind != "DocumentStartEvent":
            self._stop(line, "a tag", "plain values", "Remove the tag")
        match kind:
            case "DocumentStartEvent":
                self.documents += 1
                if self.documents > 1:
                    self._stop(line, "a second document", "one document", "Split the file")
            case "MappingStartEvent":
                self._enter({}, line)
            case "SequenceStartEvent":
                self._enter([], line)
            case "MappingEndEvent" | "SequenceEndEvent":
                self.open.pop()
            case "ScalarEvent":
                self._scalar(event, line)

    def _stop(self, line: int, found: str, allowed: str, do: str) -> None:
        """Note a fault and give up reading."""
        self.fault(dotted(self._here()), line, found, allowed, do)
        raise Refusal(self.faults)

    def _here(self) -> Path:
        """Give the path of the value that comes next."""
        if not self.open:
            return ()
        top = self.open[-1]
        return (*top.path, len(top.value) if isinstance(top.value, list) else top.key or "")

    def _enter(self, value: "list[Plain] | dict[str, Plain]", line: int) -> None:
        """Begin a mapping or list."""
        if len(self.open) >= MOST_DEPTH:
            self._stop(line, f"nesting deeper than {MOST_DEPTH}", "less", "Flatten it")
        top = self.open[-1] if self.open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._stop(line, "a list or mapping as a key", "a name", "Write a name")
        path = self._here()
        is_named = top is not None and top.key is not None
        self._place(value, top.key_line if top and is_named else line)
        self.open.append(_Open(path, value))

    def _scalar(self, event: Any, line: int) -> None:
        """Take a key or a value."""
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(line, f"more than {MOST_VALUES} values", "fewer", "Split the file")
        top = self.open[-1] if self.open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, event.value, line, is_plain=not event.style)
        else:
            self._place(self._resolve(event, line), line)

    def _key(self, top: _Open, name: str, line: int, *, is_plain: bool) -> None:
        """Take a key; a second one of the same name is a fault."""
        if is_plain and not isinstance(_meant(name), str):
            self.fault(
                dotted((*top.path, shorten(name))),
                line,
                f"the key {shorten(name)!r}" if name else "a value without a name",
                "a name that every reader takes alike",
                "Quote it or rename it",
            )
        if name in top.value:
            self.fault(
                dotted((*top.path, shorten(name))),
                line,
                "this name a second time",
                "each name once",
                "Remove or rename one of the two",
            )
        top.key, top.key_line = name, line

    def _place(self, value: Plain, line: int) -> None:
        """Put a value where it belongs."""
        self.lines.setdefault(self._here(), line + 1)
        if not self.open:
            self.root = value
            return
        top = self.open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value["" if top.key is None else top.key] = value
            top.key = None

    def _resolve(self, event: Any, line: int) -> Plain:
        """Turn a scalar into text, number, truth value or null; refuse what is ambiguous."""
        text: str = event.value
        value = text if event.style else _meant(text)
        if isinstance(value, _Ambiguous):
            self.fault(
                dotted(self._here()),
                line,
                f"{shorten(text)!r}" if text else "nothing",
                "a value that every reader takes alike",
                "Quote it if it is text; write numbers as 12 or 1.5, truth as true or false,"
                " nothing as null",
            )
            return text
        return value


class _Ambiguous:
    """What a scalar means that readers take differently."""


def _meant(scalar: str) -> "bool | int | Decimal | str | _Ambiguous | None":
    """Say what an unquoted scalar means."""
    if scalar in _WORDS:
        return _WORDS[scalar]
    if _INTEGER.fullmatch(scalar):
        return int(scalar)
    if _DECIMAL.fullmatch(scalar):
        return Decimal(scalar)
    return _Ambiguous() if not scalar or _AMBIGUOUS.fullmatch(scalar) else scalar
