r"""A test kit for plugin authors: one step on one stream, and folders of golden cases.

    from postrender.testing import check_case, find_cases, render

    def test_web_is_marked() -> None:
        assert "acme.example/seen" in render("acme", "apiVersion: v1\\nkind: Pod\n", marker="seen")

    @pytest.mark.parametrize("case", find_cases("tests/cases"), ids=str)
    def test_case(case: Path) -> None:
        check_case(case)

Everything goes through the real configuration and the real chain, and is run a second time on its
own output, which must not change it. What does not hold raises AssertionError, with a diff.
"""

from collections.abc import Mapping
from difflib import unified_diff
from os import PathLike
from pathlib import Path
from typing import Any

from postrender._errors import PostrenderError
from postrender._pipeline import Pipeline, Result, assemble
from postrender._source import Source, from_file, from_mapping

INPUT, EXPECTED, ERROR, NOTICES = "input.yaml", "expected.yaml", "error.txt", "notices.txt"
CONFIG, OPTIONS = "postrender.yaml", "options.yaml"


def render(plugin: str | object, stream: str, /, **step: Any) -> str:
    """Return *stream* after one step; the arguments are those of `result`."""
    return result(plugin, stream, **step).stream.decode()


def result(  # noqa: PLR0913 - a step has that many words
    plugin: str | object,
    stream: str,
    /,
    *,
    where: Mapping[str, object] | None = None,
    hooks: str = "include",
    expect: int | Mapping[str, int] | None = None,
    directory: str | PathLike[str] = ".",
    idempotent: bool = True,
    **options: Any,
) -> Result:
    """Return what comes of *stream* in one step, with its edits, findings and notices.

    :param plugin: the name of an installed plugin, or a plugin: a module, or an object.
    :param where: the step's selector; *hooks* and *expect* are its other words.
    :param directory: where relative paths in the options start from.
    :param idempotent: whether a second run must change nothing.
    :param options: the step's options, with the keys that the configuration has.
    :raises PostrenderError: if the step fails.
    """
    name = plugin if isinstance(plugin, str) else _name_of(plugin)
    step = {name: options, "where": where, "hooks": hooks, "expect": expect}
    source = from_mapping({"steps": [step]}, str(directory))
    pipeline = assemble([source], {} if plugin is name else {name: plugin})
    return _run(pipeline, stream.encode(), idempotent)


def _name_of(plugin: object) -> str:
    name = getattr(plugin, "__name__", type(plugin).__name__)
    return str(name).rpartition(".")[2]


def _run(pipeline: Pipeline, stream: bytes, idempotent: bool) -> Result:
    first = pipeline.render(stream)
    if idempotent:
        again = pipeline.run(first.stream)
        _compare("a second run", first.stream.decode(), again.decode())
    return first


def find_cases(folder: str | PathLike[str]) -> list[Path]:
    """Return the folders under *folder* that hold an `input.yaml`, sorted."""
    return sorted(path.parent for path in Path(folder).rglob(INPUT))


def check_case(
    case: str | PathLike[str],
    plugins: Mapping[str, object] | None = None,
    *,
    update: bool = False,
    idempotent: bool = True,
) -> None:
    """Run the case in the folder *case* and compare what comes of it.

    The folder holds `input.yaml`, and the configuration as `postrender.yaml` or, for one step of
    the plugin that the folder above is named after, its options as `options.yaml`. It holds what
    must come of it: `expected.yaml`, or `error.txt` with the message; and `notices.txt` where the
    run gives findings or notices.

    :param plugins: plugins that are not installed, by name.
    :param update: write the files instead of comparing them.
    :param idempotent: whether a second run must change nothing.
    :raises AssertionError: if a file differs.
    """
    folder = Path(case)
    actual = _outcome(folder, plugins or {}, idempotent)
    for name in (EXPECTED, ERROR, NOTICES):
        path = folder / name
        if update:
            _write(path, actual.get(name, b""))
        else:
            expected = path.read_bytes() if path.exists() else b""
            _compare(str(path), expected.decode(), actual.get(name, b"").decode())


def _outcome(folder: Path, plugins: Mapping[str, object], idempotent: bool) -> dict[str, bytes]:
    """Return the contents of the files that the case should have."""
    try:
        pipeline = assemble([_source(folder)], plugins)
        outcome = _run(pipeline, (folder / INPUT).read_bytes(), idempotent)
    except PostrenderError as error:
        return {ERROR: f"{error}\n".encode()}
    told = "".join(f"{each}\n" for each in (*outcome.findings, *outcome.notices))
    return {EXPECTED: outcome.stream, NOTICES: told.encode()}


def _source(folder: Path) -> Source:
    if (folder / CONFIG).exists():
        # The bare name, so that messages are the same wherever the tests stand.
        return from_file(str(folder / CONFIG))._replace(name=CONFIG)
    path = folder / OPTIONS
    options = from_file(str(path)).value if path.exists() else {}
    return from_mapping({"steps": [{folder.parent.name: options}]}, str(folder))


def _write(path: Path, content: bytes) -> None:
    if content:
        path.write_bytes(content)
    else:
        path.unlink(missing_ok=True)


def _compare(what: str, expected: str, actual: str) -> None:
    if expected != actual:
        lines = unified_diff(
            expected.splitlines(keepends=True), actual.splitlines(keepends=True), "expected", what
        )
        raise AssertionError(f"{what} differs:\n" + "".join(lines))
