"""A report as people read it, from the data that it is."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from postrender._config import API_VERSION
from postrender._errors import RefusedError
from postrender._report import KIND

Data = Mapping[str, Any]

_SHOWN = 20  #: edits of one step; all of them are many, and in the JSON
_WIDE = 60  #: characters of a value
_GONE = "BrokenPipeError"  #: what ends a run whose reader has gone, as `head` does


def load(text: bytes, name: str) -> dict[str, Any]:
    """Return the report that *text* is, which stands in the file *name*.

    :raises RefusedError: if it is none, or damaged.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.strip() and not (text.startswith(b"{") and API_VERSION.encode() in text):
            raise RefusedError("is no report of postrender", location=name) from error
        raise RefusedError(f"is damaged: {error}", location=name) from error
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise RefusedError("is no report of postrender", location=name)
    if data.get("apiVersion") != API_VERSION:
        hint = "read it with the version of postrender that wrote it"
        raise RefusedError(f"is not of {API_VERSION}", location=name, hint=hint)
    return data


def has_failed(report: Data) -> bool:
    """Tell whether the run failed; one whose reader wanted no more did not.

    :raises KeyError, TypeError: if the report is not as `_report` describes it.
    """
    return bool(report["exitCode"]) and report["error"]["class"] != _GONE


def line(report: Data) -> str:
    """Return when the run was, how it ended, for whom, and with what, on one line.

    :raises KeyError, TypeError: if the report is not as `_report` describes it.
    """
    error = report["error"]
    about = [f"{key} {report[key]['value']}" for key in ("host", "release", "chart") if report[key]]
    config = ["no configuration"] if _is_unconfigured(report) else [*report["config"]["files"]]
    config += ["--step"] if report["config"]["steps"] else []
    what = _told(error).partition("\n")[0] if error else _count(report["editsTotal"])
    head = f"{report['started']}  exit {report['exitCode']}"
    return "  ".join(filter(None, (head, ", ".join(about), ", ".join(config), what)))


def _is_unconfigured(report: Data) -> bool:
    """Tell whether the run had no steps to look for; a mistake may have ended it before it did."""
    config = report["config"]
    is_known = report["manifests"]["in"] or not report["error"]
    return bool(is_known) and not config["files"] and not config["steps"]


def lines(report: Data) -> Iterator[str]:
    """Give the lines of the whole report, the error last.

    :raises KeyError, TypeError: if the report is not as `_report` describes it.
    """
    when = f"{report['started']}, {report['seconds']:.2f} s"
    yield f"postrender {report['version']}, {when}, exit code {report['exitCode']}"
    for key in ("host", "strategy", "release", "namespace", "chart", "kubeVersion"):
        if fact := report[key]:
            yield f"{key}: {fact['value']}" + (f" ({fact['source']})" if fact["source"] else "")
    yield f"directory: {report['directory']}"
    yield from _config(report)
    count = report["manifests"]
    left = "none written" if count["out"] is None else f"{count['out']} out"
    yield f"manifests: {count['in']} in, {left}"
    for notice in report["notices"]:
        yield _notice(notice)
    for step in report["steps"]:
        yield from _step(step)
    if report["error"]:
        yield from report["error"]["traceback"].splitlines()
        yield _told(report["error"])


def _config(report: Data) -> Iterator[str]:
    for word in ("files", "steps"):
        for each in report["config"][word]:
            yield f"config: {each}" if word == "files" else f"config: --step {each!r}"
    if _is_unconfigured(report):
        yield f"config: none (postrender.yaml is not in {report['directory']})"


def _step(step: Data) -> Iterator[str]:
    told = ["failed"] if step["failed"] else []
    if step["selected"] is not None:
        told.append(f"{step['selected']} selected")
    told.append(_count(step["editsTotal"]))
    if step["seconds"] is not None:
        told.append(f"{step['seconds']:.3f} s")
    yield f"step {step['title']}: {', '.join(told)}"
    for edit in step["edits"][:_SHOWN]:
        yield f"  {_edit(edit)}"
    if step["editsTotal"] > _SHOWN:
        yield f"  and {step['editsTotal'] - _SHOWN} more"
    for finding in step["findings"]:
        yield f"  {_finding(finding)}"
    for notice in step["notices"]:
        yield f"  {_notice({**notice, 'step': ''})}"


def _finding(finding: Data) -> str:
    place = f"{finding['location']['text']}: " if finding["location"] else ""
    allowed = finding.get("allowed", "")  # which reports of earlier versions do not have
    head = "allowed" if allowed else finding["severity"]
    reason = f" ({allowed})" if allowed else ""
    return f"{head} [{finding['rule']}]: {place}{finding['message']}{reason}"


def _told(error: Data) -> str:
    """Return what stderr said, or what kept it from saying anything."""
    if error["class"] == _GONE:
        return "the reader closed the pipe"
    text: str = error["text"] or f"{error['class']}: {error['message']}"
    is_cut = error["class"] == "KeyboardInterrupt" and error["step"]
    return f"{text} in step {error['step']}" if is_cut else text


def _count(edits: int) -> str:
    return "1 edit" if edits == 1 else f"{edits} edits"


def _edit(edit: Data) -> str:
    where = f"{edit['manifest']} {edit['path']}".rstrip()
    if edit["op"] == "add":
        return f"add {where}: {_value(edit['new'])}"
    if edit["op"] == "remove":
        return f"remove {where}: {_value(edit['old'])}"
    return f"replace {where}: {_value(edit['old'])} by {_value(edit['new'])}"


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDE else text[:_WIDE] + "..."


def _notice(notice: Data) -> str:
    step = f"step {notice['step']}: " if notice["step"] else ""
    place = f"{notice['location']['text']}: " if notice["location"] else ""
    return f"notice: {step}{place}{notice['message']}"
