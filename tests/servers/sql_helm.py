"""Helm with its SQL driver: on a database, with a chart of one ConfigMap."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: '4.5'\n",
    "templates/map.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n"
        "data: {a: {{ .Values.a | quote }}}\n"
    ),
    "values.yaml": "a: one\n",
}

#: what a user's own environment would add to the test
FOREIGN = ("HELM_", "KUBE", "PG", "XDG_")


class Done(NamedTuple):
    """What Helm did."""

    code: int
    stdout: str
    stderr: str


class SQLHelm(NamedTuple):
    """One version of Helm, in a folder of its own."""

    program: str
    folder: Path
    kubeconfig: Path | None

    @property
    def chart(self) -> str:
        """Return the path of the chart."""
        for name, text in CHART.items():
            path = self.folder / "shop" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return str(self.folder / "shop")

    def __call__(self, connection_string: str, *arguments: str) -> Done:
        """Run Helm on the database of a connection string."""
        environment = {
            **{key: text for key, text in os.environ.items() if not key.startswith(FOREIGN)},
            "HOME": str(self.folder),
            "KUBECACHEDIR": str(self.folder / "cache"),
            "KUBECONFIG": str(self.kubeconfig or self.folder / "no-kubeconfig"),
            "HELM_DRIVER": "sql",
            "HELM_DRIVER_SQL_CONNECTION_STRING": connection_string,
        }
        command: Sequence[str] = [self.program, *arguments]
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)
