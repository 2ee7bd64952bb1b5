"""The plugin secrets tells of no secret, in whatever it writes, and whatever breaks."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from secret_corpus import leaked, pieces, public, stream, values
from secret_tokens import github, jwt, pem
from support import Command, Install

from postrender_plugins.secrets._keys import classify

ALL = "secrets: {secretObjects: report, failOn: low}"
FORMATS = ("text", "json", "sarif", "junit", "github")
REPORTS = ("r.json", "r.sarif", "r.xml")


def test_pieces_of_a_value_are_found_in_a_text() -> None:
    assert pieces("abcdefgh") == {"abcdef", "bcdefg", "cdefgh"}
    assert leaked("it is bcdefg", ["abcdefgh"]) == {"bcdefg"}
    assert leaked("it is bcdefg", ["abcdefgh"], public="bcdefg") == set()
    assert len(values()) > 300


@pytest.mark.large
@pytest.mark.parametrize("report", REPORTS)
def test_no_run_tells_a_piece_of_a_secret(report: str, postrender: Command) -> None:
    arguments = ("--debug", "--step", ALL, "--report", report)

    done = postrender(*arguments, stdin=stream())
    told = done.stdout + done.stderr + Path(report).read_text()
    told += postrender("report").stdout + postrender("report", "--json").stdout

    assert done.code == 1
    assert leaked(told, values(), public()) == set()


@pytest.mark.large
@pytest.mark.parametrize("name", FORMATS)
def test_no_scan_tells_a_piece_of_a_secret(name: str, postrender: Command) -> None:
    arguments = ("--debug", "--step", ALL, "--report-format", name, "--report-path", "r")

    done = postrender("scan", *arguments, stdin=stream())

    assert done.code == 1
    assert leaked(done.stdout + done.stderr + Path("r").read_text(), values(), public()) == set()


@pytest.mark.large
def test_no_command_tells_a_piece_of_a_secret(postrender: Command) -> None:
    told = ""
    for arguments in (("baseline", "--reason", "known", "--output", "b.json"), ("fix",)):
        done = postrender("secrets", *arguments, "--step", ALL, "--debug", stdin=stream())
        told += done.stdout + done.stderr
    told += Path("b.json").read_text()

    assert "fingerprint" in told
    assert leaked(told, values(), public()) == set()


# -- what breaks ----------------------------------------------------------------------------------

SECRETS = [f"Zk3mQ9vL{number}xT7w" for number in range(6)] + [github(), jwt({"sub": "88120934"})]


def manifests() -> str:
    """Return manifests with a secret of each kind, and whatever else makes code run."""
    password, own, line, packed, url, header, token, web_token = SECRETS
    files = {
        "a.conf": f"# postrender:allow-secret * -- known\nx = 1\npassword = {line}\n",
        "a.json": json.dumps({"db": {"password": packed}}),
        "a.sh": f"curl -u admin:{own} https://x\n",
        "note": token,
        "key.pem": pem(),
        "url": f"postgres://a:{url}@db/app",
        "header": f"Authorization: Bearer {header}{header}",
        "token": web_token,
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "annotations": {"x/password": own}},
        "spec": {"containers": [{"env": [{"name": "DB_PASSWORD", "value": password}]}]},
    }
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "stringData": {"db-password": password},
    }
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": files}
    return "".join(f"---\n{json.dumps(each)}\n" for each in (pod, secret, config))


@contextmanager
def breaking(module: str, function: str) -> Iterator[list[str]]:
    """Raise an error with a secret in it where a function of the plugin begins."""
    done: list[str] = []

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name == function and code.co_filename.endswith(module):
            done.append(function)
            raise LookupError(*SECRETS)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield done
    finally:
        sys.setprofile(before)


STAGES = [
    *(("_rules.py", "assemble"), ("_check.py", "findings"), ("_check.py", "_finding")),
    *(("_scan.py", "scan"), ("_scan.py", "_collect"), ("_scan.py", "is_token")),
    *(("_walk.py", "units"), ("_walk.py", "_map"), ("_walk.py", "_data"), ("_walk.py", "_list")),
    *(("_judge.py", "prime"), ("_judge.py", "judge"), ("_judge.py", "_named")),
    *(("_judge.py", "_members"), ("_judge.py", "_packed"), ("_judge.py", "_in_lines")),
    *(("_shapes.py", "prime"), ("_shapes.py", "find"), ("_shapes.py", "_matches")),
    *(("_structure.py", "find"), ("_formats.py", "find"), ("_formats.py", "_fits")),
    *(("_pairs.py", "config_pairs"), ("_pairs.py", "clean"), ("_lines.py", "candidates")),
    *(("_values.py", "fits"), ("_dead.py", "is_dead"), ("_digits.py", "passes")),
    *(("_keys.py", "classify"), ("_places.py", "file_mode"), ("_decode.py", "may_encode")),
    *(("_fix.py", "find"), ("_exceptions.py", "judge"), ("_exceptions.py", "tell")),
    *(("_spelling.py", "spell"), ("_spelling.py", "fingerprint"), ("_texts.py", "holding")),
]


@pytest.mark.parametrize("stage", STAGES, ids=" ".join)
def test_an_error_in_any_stage_tells_no_piece_of_a_secret(
    stage: tuple[str, str], postrender: Command
) -> None:
    classify.cache_clear()  # or it would not run again

    with breaking(*stage) as broken:
        done = postrender("--debug", "--step", ALL, "--report", "r.json", stdin=manifests())

    assert broken
    assert (done.code, done.stdout) == (3, "")
    assert "the scan for secrets broke (LookupError)" in done.stderr
    told = done.stderr + Path("r.json").read_text() + postrender("report").stdout
    assert leaked(told, SECRETS) == set()


def test_an_error_of_a_later_plugin_tells_no_piece_of_a_secret(
    postrender: Command, install: Install
) -> None:
    install(
        "broken",
        "from postrender import hookimpl\n"
        "@hookimpl\n"
        "def postrender_transform(manifests, options, context):\n"
        "    raise LookupError('no')\n",
    )
    steps = ("--step", "secrets: {mode: warn, secretObjects: report}", "--step", "broken:")

    done = postrender("--debug", *steps, "--report", "r.json", stdin=manifests())

    assert done.code == 3
    assert leaked(done.stderr + Path("r.json").read_text(), SECRETS) == set()
