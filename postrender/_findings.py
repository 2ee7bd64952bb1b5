"""What a run tells beside its manifests: the findings of checks, and notices."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from postrender._errors import Location


class Severity(StrEnum):
    """How bad a finding is; `ERROR` refuses the stream."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class About(NamedTuple):
    """What formats for machines say of a finding beside its message; each may be left out."""

    title: str = ""  #: what the rule is about, in a few words
    page: str = ""  #: the address of a page about it
    level: str = ""  #: how bad it is in itself: `critical`, `high`, `medium` or `low`
    confidence: str = ""  #: how sure it is: `high`, `medium` or `low`
    fingerprint: str = ""  #: names it from run to run; without one, rule, object and path do


_NOTHING: Final = About()


class Finding(NamedTuple):
    """One thing that a check saw; a message never holds a secret."""

    severity: Severity
    rule: str  #: a stable name of the rule, such as `no-latest-tag`
    message: str  #: what is wrong and what to do about it
    location: Location = Location()  #: `manifest.location`, or with a path `manifest.at(path)`
    fix: Sequence[dict[str, object]] = ()  #: RFC 6902 operations that would mend it
    allowed: str = ""  #: the reason of an exception for it: it then refuses nothing, and reports
    #: have it, while a run does not tell it
    about: About = _NOTHING

    @property
    def is_error(self) -> bool:
        """Whether it refuses the stream."""
        return self.severity is Severity.ERROR and not self.allowed

    def __str__(self) -> str:
        """Return severity, rule, place and message on one line."""
        place = str(self.location)
        return f"{self.severity} [{self.rule}]: " + (f"{place}: " if place else "") + self.message


class Notice(NamedTuple):
    """Something worth telling that refuses nothing."""

    step: str  #: the step that gave it, "" when it was found in reading the stream
    message: str
    location: Location = Location()

    def __str__(self) -> str:
        """Return step, place and message on one line."""
        step = f"step {self.step}" if self.step else ""
        return ": ".join(part for part in (step, str(self.location), self.message) if part)
