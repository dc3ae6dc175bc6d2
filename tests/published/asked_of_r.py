"""Ask R about thousands of cases in one call, where R and its packages are installed.

On Debian: `apt-get install r-base-core r-cran-jsonlite r-cran-survival r-cran-brglm2
r-bioc-multtest`.
"""

import json
import shutil
import subprocess

import pytest

_START = """
packages <- strsplit(commandArgs(TRUE)[1], ",")[[1]]
for (each in packages) {
  if (!requireNamespace(each, quietly = TRUE)) { cat(each); quit(status = 9) }
  suppressMessages(library(each, character.only = TRUE))
}
cases <- fromJSON(commandArgs(TRUE)[2], simplifyDataFrame = FALSE)
none <- function(work) tryCatch(work, error = function(e) NULL)
"""

_END = """
cat(toJSON(lapply(cases, answer), digits = NA, auto_unbox = TRUE, null = "null", na = "null"),
    file = commandArgs(TRUE)[3])
"""


def asked(folder, packages, script, cases):
    """Give the answer of R to each case; skip with the reason where it cannot run.

    `script` defines a function `answer` of one case, which is a list with the names of the case.
    """
    command = shutil.which("Rscript")
    if command is None:
        pytest.skip("Rscript is not installed")
    code, given, told = (folder / name for name in ("script.R", "cases.json", "told.json"))
    code.write_text(_START + script + _END)
    given.write_text(json.dumps(cases))
    packages = ",".join(("jsonlite", *packages))
    ran = subprocess.run([command, code, packages, given, told], capture_output=True, text=True)
    if ran.returncode == 9:
        pytest.skip(f"the R package {ran.stdout} is not installed")
    assert ran.returncode == 0, ran.stderr
    return json.loads(told.read_text())
