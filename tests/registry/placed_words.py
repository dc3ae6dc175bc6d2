"""Whether every sign of a JSON record has its place, counted apart from the code that says so."""

import json
import re
from collections import Counter


class Number(str):
    """A number as it is written."""


def parsed(text):
    """Read JSON, numbers as they are written."""
    return json.loads(text.removeprefix("\ufeff"), parse_int=Number, parse_float=Number)


def field(path):
    """Write a path as spans do."""
    return ".".join(re.sub(r"([.*\\])", r"\\\1", str(part)) for part in path)


def leaves(value, path=()):
    """Give each value that holds no others: its path and its text."""
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in inside:
            yield from leaves(inner, (*path, key))
    elif value is not None:
        text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
        yield path, text


def part(root, path):
    """Go down a path."""
    for key in path:
        root = root[key]
    return root


def signs(text):
    """Give the place of each sign that is no white space: line and character."""
    return [
        (number, place)
        for number, line in enumerate(re.split("\r\n|\r|\n", text), start=1)
        for place, sign in enumerate(line)
        if not sign.isspace()
    ]


def held_by(span, text):
    """Give the places of signs that a span of one text holds."""
    first, last = (span.first_line, span.start), (span.last_line, span.end)
    return [place for place in signs(text) if first <= place < last]


def loose_signs(root, draft, outside=()):
    """Give the signs that no span holds or that two hold, as (field, line, character, times)."""
    texts = {field(path): (path, text) for path, text in leaves(root)}
    containers = {field(path[:deep]): path[:deep] for path, _ in leaves(root)
                  for deep in range(1, len(path))}  # fmt: skip
    kept = {id(each.span): each for each in draft.kept}
    held, whole = Counter(), Counter()
    for span in draft.spans:
        if span.field in texts:
            held.update((span.field, *place) for place in held_by(span, texts[span.field][1]))
            continue
        for path, value in _parts(span.field, parsed(kept[id(span)].words), containers):
            assert part(root, path) == value
            whole.update(field((*path, *below)) for below, _ in leaves(value))
    loose = []
    for name, (path, text) in texts.items():
        is_outside = any(path[: len(each)] == each for each in outside)
        for place in signs(text) if not is_outside else ():
            times = held.pop((name, *place), 0) + whole[name]
            if times != 1:
                loose.append((name, *place, times))
    assert not held  # spans hold no sign that is not there
    return loose


def _parts(name, whole, containers):
    """Give the parts that one kept text holds: one, or many of one kind by their places."""
    if name in containers:
        yield containers[name], whole
        return
    steps = [re.sub(r"\\(.)", r"\1", step) if step != "*" else None
             for step in re.split(r"(?<!\\)\.", name)]  # fmt: skip
    for places, value in whole.items():
        place = iter(places.split("."))
        yield tuple(int(next(place)) if step is None else step for step in steps), value
