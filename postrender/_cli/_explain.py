"""`postrender explain`: which step set a field of an object, from what to what."""

import json
from collections.abc import Sequence
from typing import Final

from postrender._cli import _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._cli._inputs import RELEASE, STEPS
from postrender._cli._preview import Preview
from postrender._config import API_VERSION
from postrender._errors import UsageError
from postrender._redacted import Seen
from postrender._trace import explanation
from postrender._trace.field import Field
from postrender._trace.lives import Lives
from postrender._trace.target import choose

OPTIONS: Final = (
    *STEPS,
    *RELEASE,
    Option("--json", "print JSON"),
    Option("--show-secrets", "show the values of Secrets"),
)

DESCRIPTION: Final = """\
Tell which steps edited an object, or what stands at PATH in it, from what to
what. KIND is what kubectl takes: deploy, Deployments, deployment.apps; -n picks
among namespaces. -c, --step and -f may be repeated."""

MORE: Final = """\
paths:
  /metadata/labels/team                        a JSON Pointer
  spec.template.spec.containers[app].image     an item by its name
  spec.template.spec.containers[0].ports[containerPort=80]
  metadata.labels["app.kubernetes.io/name"]

examples:
  postrender explain deploy/web -f manifests.yaml
  helm template shop ./shop | postrender explain svc/web spec.type"""


def explain(argv: Sequence[str]) -> int:
    """Print the explanation."""
    words: list[str] = []
    arguments = parse(OPTIONS, argv, words)
    if HELP.long in arguments:
        name = "postrender explain KIND/NAME [PATH]"
        _terminal.write(usage(name, OPTIONS, DESCRIPTION, MORE))
        return 0
    seen = Seen()
    with _terminal.veiled(seen.scrub):
        _print(words, arguments, seen)
    return 0


def _print(words: Sequence[str], arguments: Arguments, seen: Seen) -> None:
    target, field = _asked(words)
    preview = Preview(arguments, seen)
    manifests = preview.manifests
    lives = Lives(manifests)
    preview.apply(lives.observe)
    lives.look(manifests)
    redactor = None if "--show-secrets" in arguments else seen.redactor
    chosen = choose(target, arguments.one("--namespace"), lives)
    told, failures = [], []
    for life in chosen:
        try:
            told.append(explanation.explain(life, field, manifests, redactor))
        except UsageError as error:  # a hook and a manifest of one name may differ in this
            failures.append(error)
    if not told:
        raise failures[0]
    if "--json" in arguments:
        objects = [explanation.data(each) for each in told]
        head = {"apiVersion": API_VERSION, "kind": "Explanation"}
        text = json.dumps({**head, "objects": objects}, indent=2) + "\n"
    else:
        lines = (line for each in told for line in explanation.lines(each))
        text = "".join(f"{line}\n" for line in lines)
    _terminal.write(text)


def _asked(words: Sequence[str]) -> tuple[str, Field | None]:
    """Return object and path that the words name."""
    if not words:
        hint = "write it as postrender explain deployment/web"
        raise UsageError("no object is named", hint=hint)
    target, *paths = words
    if paths[1:]:
        raise UsageError(f"unknown argument `{paths[1]}`", hint="an object and a path are enough")
    return target, Field.parse(paths[0]) if paths else None
