"""One step: what the scan found, as the policy has it."""

from collections.abc import Iterator
from typing import Any, Final

from postrender import (
    About,
    Context,
    Finding,
    Manifest,
    Manifests,
    PluginError,
    PostrenderError,
    Severity,
)
from postrender_plugins.secrets import _fix, _rules
from postrender_plugins.secrets._exceptions import Case, Exceptions
from postrender_plugins.secrets._options import Options
from postrender_plugins.secrets._scan import Found, Scan
from postrender_plugins.secrets._spelling import spell

_PLAIN: Final = "kubernetes/plain-secret"
_INCOMPLETE: Final = "scan-incomplete"
_ELSEWHERE: Final = (
    "keep it in a Secret and refer to it, or allow it with a reason in the annotation"
    " postrender.dev/allow-secrets"
)
_HIDDEN: Final = "<redacted key>"


def check(manifests: Manifests, options: Options, context: Context) -> list[Finding]:
    """Return what is found in *manifests*.

    :raises ConfigError: for rules or a baseline that cannot be used.
    """
    try:
        rules = _rules.assemble(options.rules, options.disable, context.directory)
        return list(_Check(manifests, options, context, rules).findings())
    except PostrenderError:
        raise
    except Exception as error:
        # Its message may hold a value, and so may the values of its frames.
        failure = f"the scan for secrets broke ({type(error).__name__})"
    if options.on_error == "warn":
        context.notice(failure)
        return []
    raise PluginError(failure, hint="`onError: warn` lets the manifests pass")


class _Check:
    """The findings of a step."""

    def __init__(
        self,
        manifests: Manifests,
        options: Options,
        context: Context,
        rules: dict[str, _rules.Rule],
    ) -> None:
        self._options = options
        self._rules = rules
        self._manifests = list(manifests)
        self._objects = [each.to_dict() for each in self._manifests]
        self._scan = Scan(rules)
        self._fixes = _fix.Fixes(manifests.all)
        self._exceptions = Exceptions(options, context)

    def findings(self) -> Iterator[Finding]:
        """Give the findings, in the order of the stream."""
        for manifest in self._manifests:
            self._exceptions.look_at(manifest)
            yield from self._plain_secret(manifest)
        for found in self._scan.scan(self._objects):
            if not found.in_secret or self._options.secret_objects in ("warn", "report"):
                yield from self._finding(found)
        if self._scan.is_incomplete:
            message = "some values were too large, or packed too deep, to be looked at"
            yield Finding(Severity.WARNING, _INCOMPLETE, message)
        self._exceptions.tell()

    def _plain_secret(self, manifest: Manifest) -> Iterator[Finding]:
        """Give a finding for a Secret, where there must be none."""
        if manifest.kind != "Secret" or self._options.secret_objects != "deny":
            return
        if _PLAIN in self._rules and (manifest.get(("data",)) or manifest.get(("stringData",))):
            rule = self._rules[_PLAIN]
            mark, reason = self._exceptions.judge(Case(_PLAIN, manifest, "", (), "", 0))
            message = "a Secret in plain text; seal it, or have it made from a store of secrets"
            about = About(rule.title, rule.source, rule.severity, rule.confidence, mark)
            severity = self._severity(rule.severity)
            yield Finding(severity, _PLAIN, message, manifest.location, (), reason, about)

    def _finding(self, found: Found) -> Iterator[Finding]:
        """Give the finding for what was found, unless there is an exception for it."""
        manifest, value = self._manifests[found.number], self._objects[found.number]
        rule = self._rules[found.hit.rule]
        case = _case(found, manifest, value)
        mark, reason = self._exceptions.judge(case)
        path = tuple(self._covered(part) for part in found.path)
        is_plain = path == found.path and not found.in_secret
        key = self._fixes.find(manifest, path, rule.id) if is_plain else None
        place = f" in line {found.hit.line + 1} of the text" if found.hit.line else ""
        way = _ELSEWHERE
        if key:
            way = (
                f"take it from key `{key.name}` of the Secret `{key.secret}`;"
                " postrender secrets fix prints the patch"
            )
        elif found.in_secret:
            way = "keep it out of the chart"
        yield Finding(
            self._severity(found.hit.severity, is_mild=found.in_secret),
            rule.id,
            f"{found.hit.severity}: {rule.title or rule.id}{place}; {way}",
            manifest.at(path)._replace(line=case.number + 1 if "\n" in case.text else 0),
            _fix.operations(path, key) if key else (),
            reason,
            About(rule.title, rule.source, found.hit.severity, rule.confidence, mark),
        )

    def _severity(self, severity: str, *, is_mild: bool = False) -> Severity:
        """Return what a finding of *severity* means for the stream."""
        is_mild = is_mild and self._options.secret_objects == "warn"
        rank = _rules.SEVERITIES.index
        if self._options.mode == "warn" or is_mild or rank(severity) > rank(self._options.fail_on):
            return Severity.INFO if severity == _rules.LOW else Severity.WARNING
        return Severity.ERROR

    def _covered(self, part: str | int) -> str | int:
        """Return a part of a path, unless it is a token itself."""
        return _HIDDEN if isinstance(part, str) and self._scan.is_token(part) else part


def _case(found: Found, manifest: Manifest, value: dict[str, Any]) -> Case:
    """Return a finding as exceptions look at it."""
    text: Any = value
    for part in found.path:
        text = text[part]
    path = spell(value, found.path)
    return Case(found.hit.rule, manifest, path, found.path, str(text), found.hit.line)
