"""The rules of the house that no linter knows: each takes a checkout and names what breaks it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 400
"""Longest module; a second page of 400 lines means a second subject."""

EMPTY_WORDS = frozenset(
    {
        "base", "common", "core", "handler", "handlers", "helper", "helpers", "manager", "managers",
        "misc", "processor", "processors", "service", "services", "shared", "stuff", "util",
        "utils",
    }
)  # fmt: skip
"""Words that say nothing of a trial; no file or folder of the package is named by them."""

_HOSTS = re.compile(  # each written apart, so that this file does not name them either
    "|".join(
        rf"\b{name}[.]{ending}\b"
        for name, ending in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "(?:org|com)"),
            ("debian", "org"),
            ("anaconda", "org"),
            ("crates", "io"),
            ("maven", "org"),
        )
    )
)
_BUILT = frozenset({".git", ".venv", "site", "dist", "build", "mutants", "__pycache__"})


def modules(root: Path) -> Iterator[Path]:
    """Give every Python module of the package."""
    yield from sorted((root / "src" / "trialwright").rglob("*.py"))


def long_modules(root: Path) -> Iterator[str]:
    """Name each module of the package that is too long."""
    for module in modules(root):
        lines = len(module.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            yield f"{module.relative_to(root)}: {lines} lines, allowed {MOST_LINES}"


def empty_names(root: Path) -> Iterator[str]:
    """Name each module or folder of the package whose name says nothing of a trial."""
    package = root / "src" / "trialwright"
    for path in sorted(package.rglob("*")):
        if path.suffix == ".py" or path.is_dir():
            words = path.relative_to(package).stem.split("_")
            if EMPTY_WORDS & set(words):
                yield f"{path.relative_to(root)}: name it by what it does in a trial"


def rule_rooms(root: Path) -> list[str]:
    """Give the rooms on the floor of `conduct` and below it, by the contract of the floors."""
    layers: list[str] = next(_contracts(root, "layers"))["layers"]
    below = layers[layers.index("conduct") :]
    return [room.strip(" ()") for floor in below for room in floor.split("|")]


def _contracts(root: Path, kind: str) -> Iterator[dict[str, list[str]]]:
    """Give the contracts of a kind from the settings of import-linter."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return (each for each in contracts if each["type"] == kind)


def unguarded_rooms(root: Path) -> Iterator[str]:
    """Name each room of rules that the contract on files, clocks and databases forgets."""
    guarded = next(_contracts(root, "forbidden"))["source_modules"]
    for room in rule_rooms(root):
        is_there = (root / "src" / "trialwright" / room).exists()
        if is_there and f"trialwright.{room}" not in guarded:
            yield f"{room}: not in the contract that forbids files, clocks and databases"


def reaching_calls(root: Path) -> Iterator[str]:
    """Name each call in a room of rules that reaches a file or a module without an import."""
    for room in rule_rooms(root):
        for module in sorted((root / "src" / "trialwright" / room).rglob("*.py")):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                if is_call and node.func.id in _REACHING:
                    yield f"{module.relative_to(root)}:{node.lineno}: {node.func.id}()"


_REACHING = frozenset({"open", "__import__", "eval", "exec", "compile", "input", "globals"})
"""Built-in functions that no import contract sees."""


def silent_rooms(root: Path) -> Iterator[str]:
    """Name each folder or module of the package that does not say what it is for."""
    package = root / "src" / "trialwright"
    for folder in sorted({module.parent for module in modules(root)}):
        if not (folder / "__init__.py").is_file():
            yield f"{folder.relative_to(root)}: no __init__.py"
    for module in modules(root):
        if not ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))):
            yield f"{module.relative_to(package.parent)}: no docstring"


def undocumented(root: Path) -> Iterator[str]:
    """Name what numpydoc sections miss of each public function, method and class."""
    for module in modules(root):
        where = str(module.relative_to(root))
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for name, node in _public(tree, ""):
            for fault in _faults(node):
                yield f"{where}:{node.lineno}: {name}: {fault}"


_SPEAKS_FOR_ITSELF = re.compile(r"(?:typing\.)?(?:ClassVar|Literal\['[^']*'\]$)")
"""Annotations of a name of the class itself, and of a field that can hold one word only."""

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _public(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Documented]]:
    """Give the public functions and classes of a module, and the methods of its classes."""
    for node in parent.body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node, f"{prefix}{node.name}.")


def _faults(node: Documented) -> Iterator[str]:
    """Say what the docstring of one public name misses."""
    text = ast.get_docstring(node)
    if not text:
        yield "no docstring"
        return
    decorators = {ast.unparse(each).partition("(")[0] for each in node.decorator_list}
    if any(each.rpartition(".")[2] in {"command", "group"} for each in decorators):
        return  # the docstring of a command is its help text
    if isinstance(node, ast.ClassDef):
        yield from _unsaid("Attributes", _fields(node), text)
        return
    if "property" in decorators or "override" in decorators:
        return
    yield from _unsaid("Parameters", _arguments(node), text)
    given = ast.unparse(node.returns) if node.returns else "None"
    gives_nothing = given in {"None", "Never", "NoReturn", "'None'"}
    if not gives_nothing and not {"Returns", "Yields"} & set(_sections(text)):
        yield "no section Returns or Yields"


def _fields(node: ast.ClassDef) -> list[str]:
    """Give the public annotated fields of a class."""
    return [
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign)
        and isinstance(each.target, ast.Name)
        and not each.target.id.startswith("_")
        and not _SPEAKS_FOR_ITSELF.match(ast.unparse(each.annotation))
    ]


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Give the names of a function's arguments, without the object itself."""
    given = node.args
    plain = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    stars = [each for each in (given.vararg, given.kwarg) if each is not None]
    return [each.arg for each in (*plain, *stars) if each.arg not in {"self", "cls"}]


def _unsaid(section: str, names: list[str], text: str) -> Iterator[str]:
    """Say which names a section does not describe, with a type each."""
    said = _sections(text).get(section, "")
    described = {
        name.strip(" *")
        for line in re.findall(r"^(\S[^:\n]*) : \S", said, re.MULTILINE)
        for name in line.split(",")
    }
    described |= {
        name.strip(" *")
        for line in re.findall(r"^(\w[\w, *]*)\n +As (?:in|for) ", said, re.MULTILINE)
        for name in line.split(",")
    }
    missing = [name for name in names if name not in described]
    if missing:
        yield f"section {section} does not describe {', '.join(missing)}"


def _sections(text: str) -> dict[str, str]:
    """Give the numpydoc sections of a docstring by their headings."""
    parts = re.split(r"^([A-Z][A-Za-z ]+)\n-{3,}$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def named_hosts(root: Path) -> Iterator[str]:
    """Name each file that names the host of a package registry."""
    for path in sorted(root.rglob("*")):
        below = path.relative_to(root)
        if not path.is_file() or any(_is_built(part) for part in below.parts[:-1]):
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for line, words in enumerate(text.splitlines(), start=1):
            if _HOSTS.search(words):
                yield f"{below}:{line}: names the host of a package registry"


def _is_built(part: str) -> bool:
    """Say whether a folder is not part of the source: built, or a tool's cache."""
    return part in _BUILT or part.endswith(("_cache", ".egg-info")) or part == ".hypothesis"
