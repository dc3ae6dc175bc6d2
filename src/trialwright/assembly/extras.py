"""The extra of the installation with which a package comes, for whoever misses it.

Packages of an extra are loaded where they are needed alone: they take long to, and most of what the
software answers does without them.
"""

from trialwright.terms.errors import Fault

EXTRA_OF = {
    "docx": "reports", "matplotlib": "reports", "openpyxl": "reports", "typst": "reports",
    "vcfpy": "reports",
    "duckdb": "hospital", "fastparquet": "hospital", "ibis": "hospital", "pandas": "hospital",
    "pyarrow": "hospital", "sqlglot": "hospital",
    "allauth": "web", "argon2": "web", "axes": "web", "csp": "web", "django": "web",
    "django_htmx": "web", "waitress": "web", "whitenoise": "web",
    "gunicorn": "postgres", "psycopg": "postgres",
    "distributed": "cluster",
    "pyspark": "spark",
}  # fmt: skip
"""Names by which packages are imported, and the extra that brings each."""

_SET_UP = {"reports": "web", "hospital": "hospital", "web": "web"}
"""What `setup.sh install` is given for an extra; the other extras come with what tests need."""


def missing_extra(missing: ModuleNotFoundError) -> Fault | None:
    """Say which extra would bring a package that is not there.

    Parameters
    ----------
    missing : ModuleNotFoundError
        As the import raised it.

    Returns
    -------
    Fault or None
        None where no extra brings it: then the software itself is broken.
    """
    package = (missing.name or "").partition(".")[0]
    extra = EXTRA_OF.get(package)
    if extra is None:
        return None
    return Fault(
        "", f"the package {package} is not installed", f"an installation with the extra {extra}",
        f"Run: pip install 'trialwright[{extra}]', or in a copy of the repository: "
        f"sh setup.sh install {_SET_UP.get(extra, 'test')}",
    )  # fmt: skip
