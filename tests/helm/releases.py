"""Releases in a store that Helm and we share, and what Helm prints of them."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from helm.hosts import CHARTS, Helm
from support import Done

from postrender.storage import Release, Storage, Time

NOTHING, HOOKS = str(CHARTS / "nothing"), str(CHARTS / "hooks-only")
BACKENDS = ("secret", "configmap", "sql")

Printed = dict[str, Any]


class Store(NamedTuple):
    """A namespace of a store, and a version of Helm that works in it."""

    helm: Helm
    namespace: str
    variables: Mapping[str, str]  #: what tells Helm and us where stores are
    backend: str

    def __call__(self, *arguments: str, **environment: str) -> Done:
        """Run Helm in the namespace."""
        own = {**self.environment, "TZ": "UTC", **environment}
        return self.helm(*arguments, "--namespace", self.namespace, **own)

    def run(self, *arguments: str, **environment: str) -> str:
        """Run Helm, which has to succeed, and return what it prints."""
        done = self(*arguments, **environment)
        assert done.code == 0, (arguments, done.stderr)
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Return what Helm prints as JSON."""
        return json.loads(self.run(*arguments, "--output", "json"))

    def listed(self, *arguments: str) -> list[Printed]:
        """Return what Helm lists, of all states, by namespace and name: it has no order of ties."""
        every = ["--all"] if self.helm.major == 3 else []
        rows: list[Printed] = self.json("list", *every, *arguments)
        return sorted(rows, key=lambda row: (row["namespace"], row["name"]))

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables with the driver."""
        return {**self.variables, "HELM_DRIVER": self.backend}

    def open(self, namespace: str | None = None) -> Storage:
        """Open the store, as Helm's own variables say; "" opens all of its namespaces."""
        chosen = self.namespace if namespace is None else namespace
        return Storage.open(namespace=chosen, environ=self.environment)


def list_row(release: Release) -> Printed:
    """Return what `helm list` prints of a release."""
    return {
        "name": release.name,
        "namespace": release.namespace,
        "revision": str(release.version),
        "updated": in_go(release.last_deployed),
        "status": release.status.value,
        "chart": f"{release.chart_name}-{release.chart_version}",
        "app_version": release.app_version,
    }


def history_row(release: Release) -> Printed:
    """Return what `helm history` prints of a revision."""
    rolled_back = {"rollback_revision": release.rollback_revision}
    return {
        "revision": release.version,
        "updated": release.last_deployed.text,
        "status": release.status.value,
        "chart": f"{release.chart_name}-{release.chart_version}",
        "app_version": release.app_version,
        **(rolled_back if release.rollback_revision else {}),
        "description": release.description,
    }


def hooks(release: Release) -> str:
    """Return what `helm get hooks` prints."""
    return "".join(f"---\n# Source: {each.path}\n{each.manifest}\n" for each in release.hooks)


def notes(release: Release) -> str:
    """Return what `helm get notes` prints."""
    return f"NOTES:\n{release.notes}\n" if release.notes else ""


def in_go(time: Time) -> str:
    """Write a time as Go prints it where the local time is UTC."""
    found = re.fullmatch(r"(.+)T([\d:.]+)(Z|[-+]\d\d:\d\d)", time.text)
    assert found
    day, clock, zone = found.groups()
    offset = zone.replace(":", "")
    return f"{day} {clock} +0000 UTC" if zone == "Z" else f"{day} {clock} {offset} {offset}"
