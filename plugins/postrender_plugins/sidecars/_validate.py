"""Whether the API server takes the pod specs, judged against what they were before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from postrender import Context, RefusedError, Severity
from postrender_plugins._podspec.places import owner
from postrender_plugins._podspec.problem import Problem, at_most, compare
from postrender_plugins._podspec.validate import problems
from postrender_plugins.sidecars._template import Template

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options

_CLASH: Final = "port-clash"


class Validation:
    """Looks at pod specs, as far as the options ask for it."""

    def __init__(
        self, options: "Options", context: Context, version: tuple[int, int] | None
    ) -> None:
        """Take what decides, and what takes notices.

        :param version: that of Kubernetes, None if it is not known.
        """
        self._options = options
        self._context = context
        self._version = version

    def changed(self, template: Template) -> list[RefusedError]:
        """Return what is wrong with *template* now; what was wrong before is told."""
        if self._options.validate == "off":
            return []
        after = self._problems(template, template.spec)
        # Most templates have none, and need not be looked at twice.
        before = self._problems(template, template.before["spec"]) if after else ()
        known = {(each.rule, each.subject) for each in before}
        refused = []
        for now, was in zip(compare(before, after), after, strict=True):
            problem = self._bounded(now)
            if problem.severity is Severity.ERROR:
                refused.append(RefusedError(str(problem), location=template.manifest.location))
            elif (problem.rule, problem.subject) not in known:
                self._tell(template, problem)
            elif was.severity is Severity.ERROR:
                self._tell(template, problem, " (this was so before)")
        return refused

    def tell(self, template: Template) -> None:
        """Tell what is wrong with *template*, which is left alone."""
        if self._options.validate == "all":
            for problem in self._problems(template, template.before["spec"]):
                self._tell(template, problem)

    def _problems(self, template: Template, spec: Any) -> Sequence[Problem]:
        path = (*template.path, "spec")
        return problems(spec, path, owner(template.manifest, self._version))

    def _bounded(self, problem: Problem) -> Problem:
        is_spared = problem.rule == _CLASH and self._options.ports == "warn"
        return at_most(problem, Severity.WARNING) if is_spared else problem

    def _tell(self, template: Template, problem: Problem, more: str = "") -> None:
        self._context.notice(f"{problem}{more}", template.manifest.location)
