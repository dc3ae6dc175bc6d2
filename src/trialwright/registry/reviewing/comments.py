"""Comments of a YAML document, which outlive the value that they stood beside.

The library keeps a comment, and those on the lines after it, with the value before it. A value that
is removed would take with it what people wrote about the next one.
"""

from collections.abc import Iterator
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

_AFTER = 2  # place of the comment after a value, among those the library keeps for a key


def remove(document: CommentedMap, key: str) -> None:
    """Remove a value from a mapping; its comments follow the value before it.

    Parameters
    ----------
    document : CommentedMap
        Changed in place.
    key : str
        Of the value that goes.
    """
    said = _said(document, key)
    keys = list(document)
    place = keys.index(key)
    if said and place:
        _say_after(document, keys[place - 1], said)
    elif said and len(keys) > 1:
        document.yaml_set_comment_before_after_key(keys[1], _plainly(said), document.lc.col)
    document.pop(key)
    document.ca.items.pop(key, None)


def empty(document: CommentedMap, key: str, value: object) -> None:
    """Put an empty mapping or list in the place of one that held comments; they follow it.

    Parameters
    ----------
    document : CommentedMap
        Changed in place.
    key : str
        Of the value.
    value : object
        The empty one.
    """
    said = _said(document, key)
    document[key] = value
    document.ca.items.pop(key, None)
    if said:
        _say_after(document, key, said)


def _said(container: Any, key: Any) -> str:
    """Give the comments of a value as one text; empty when there are none."""
    tokens = {id(token): token for token in _comments(container, key)}  # some are kept twice
    said = "".join(token.value for token in tokens.values())
    return said if said.strip() else ""


def _comments(container: Any, key: Any) -> Iterator[CommentToken]:
    """Give the comments of a value and of all inside it, in the order of the text."""
    yield from _tokens(container.ca.items.get(key))
    value = container[key]
    if isinstance(value, CommentedMap | CommentedSeq):
        yield from _tokens(value.ca.comment)
        for inner in value if isinstance(value, CommentedMap) else range(len(value)):
            yield from _comments(value, inner)


def _tokens(kept: Any) -> Iterator[CommentToken]:
    """Give the comments in what the library keeps for a key."""
    if isinstance(kept, CommentToken):
        yield kept
    for each in kept if isinstance(kept, list) else ():
        yield from _tokens(each)


def _say_after(container: Any, key: Any, said: str) -> None:
    """Put words of comments after a value, behind those that stand there."""
    value = container[key]
    if isinstance(value, CommentedMap | CommentedSeq) and len(value):
        last = list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1
        _say_after(value, last, said)
        return
    kept = container.ca.items.setdefault(key, [None, None, None, None])
    place = _AFTER if isinstance(container, CommentedMap) else 0
    if kept[place] is None:
        kept[place] = CommentToken(said, CommentMark(0), None)
    else:
        kept[place].value = kept[place].value.rstrip("\n") + "\n" + said.lstrip("\n")


def _plainly(said: str) -> str:
    """Give the words of comments without their signs."""
    return "\n".join(line.strip().removeprefix("#").strip() for line in said.strip().splitlines())
