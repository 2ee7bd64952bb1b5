"""Start-up: what an ordinary run does not import; the clock may vary, the list does not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import postrender
import postrender_plugins

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"

#: what each costs 1 to 500 ms, and an ordinary run has no use for
ABSENT = (
    "argparse",
    "asyncio",
    "difflib",
    "email",
    "gettext",
    "hashlib",
    "http",
    "importlib.metadata",
    "importlib.util",
    "jsonpatch",
    "kubernetes",
    "locale",
    "logging",
    "pathlib",
    "pkgutil",
    "psycopg",
    "random",
    "ruamel.yaml",
    "shutil",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "traceback",
    "urllib",
    "yaml",
)

# As the console script does it, but for the site module, which has imports of its own, and without
# which an editable install is not found.
PATHS = [*postrender.__path__, *postrender_plugins.__path__]
PROGRAM = f"""
import sys
sys.path[:0] = {[*(str(Path(path).parent) for path in PATHS), *filter(None, sys.path)]!r}
from postrender._cli import main
code = main(sys.argv[1:])
loaded = [name for name in {ABSENT!r} if name in sys.modules]
import json
print(json.dumps([code, loaded, len(sys.modules)]), file=sys.stderr)
"""


def run(*arguments: str, cwd: Path) -> tuple[int, list[str], str]:
    """Return exit code and unwanted modules of a run, and its stdout."""
    # With a home, so that it keeps a report of the run, as it does for users.
    environment = {"PATH": os.environ["PATH"], "PYTHONSAFEPATH": "1", "HOME": str(cwd)}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROGRAM, *arguments],
        cwd=cwd,
        env=environment,
        input=POD,
        capture_output=True,
        text=True,
        check=True,
    )
    code, loaded, _ = json.loads(done.stderr)
    return code, loaded, done.stdout


def test_a_run_with_a_built_in_step_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "postrender.yaml").write_text(
        "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n"
        "steps:\n- where: {kind: Pod}\n  labels: {set: {team: a}}\n"
    )

    code, loaded, stdout = run("-c", "postrender.yaml", cwd=tmp_path)

    assert (code, loaded) == (0, [])
    assert stdout == POD + "  labels:\n    team: a\n"


def test_a_run_without_a_configuration_imports_nothing_heavy(tmp_path: Path) -> None:
    code, loaded, stdout = run("-q", cwd=tmp_path)

    assert (code, loaded) == (0, [])
    assert stdout == POD
