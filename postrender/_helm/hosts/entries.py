"""A document of a chart's file, with as much of it as Helm itself looks at."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from postrender._errors import RefusedError, pointer
from postrender._hooks import EVENTS
from postrender._identity import HOOK


class Entry(NamedTuple):
    """One document: the file that it is in, its text, and its value; None for comments only."""

    file: str
    text: str
    value: Mapping[str, Any] | None

    @property
    def api_version(self) -> str:
        """`apiVersion`, "" where there is none."""
        return _shown(self.value, "apiVersion")

    @property
    def group(self) -> str:
        """The API group, "" for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def kind(self) -> str:
        """`kind`, "" where there is none."""
        return _shown(self.value, "kind")

    @property
    def name(self) -> str:
        """`metadata.name`, "" where there is none."""
        return _shown(self._metadata, "name")

    @property
    def namespace(self) -> str:
        """`metadata.namespace`, "" where there is none."""
        return _shown(self._metadata, "namespace")

    @property
    def annotations(self) -> Mapping[str, Any]:
        """`metadata.annotations`, empty where there are none."""
        value = self._metadata.get("annotations")
        return value if isinstance(value, dict) else {}

    @property
    def _metadata(self) -> Mapping[str, Any]:
        value = self.value.get("metadata") if isinstance(self.value, dict) else None
        return value if isinstance(value, dict) else {}

    @property
    def is_marked(self) -> bool:
        """Whether it has the annotation of a hook, whatever that says."""
        return HOOK in self.annotations

    @property
    def events(self) -> tuple[str, ...] | None:
        """The events that make it a hook, () for no hook; None if Helm does not know one of them.

        A document with an event that Helm does not know is dropped.
        """
        if not self.is_marked:
            return ()
        words = _shown(self.annotations, HOOK).split(",")
        known = [EVENTS.get(word.strip().lower()) for word in words]
        return None if None in known else tuple(event for event in known if event)

    @property
    def title(self) -> str:
        """Kind, namespace and name, as in `Deployment shop/web`."""
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {name}".strip()

    @property
    def location(self) -> str:
        """File and object, for messages."""
        return ", ".join(part for part in (self.file, self.title) if part)

    def check_head(self) -> None:
        """Raise `RefusedError` for a head that Helm cannot read as texts, which it then refuses."""
        for path, value in self._head():
            if isinstance(value, dict | list):
                message = "YAML parse error: what stands there is to be a string"
                raise RefusedError(message, location=f"{self.location}, {pointer(path)}")

    def _head(self) -> list[tuple[tuple[str, ...], Any]]:
        value = self.value or {}
        top = [((key,), value.get(key)) for key in ("apiVersion", "kind")]
        annotations = self.annotations.items()
        below = [(("metadata", "annotations", key), each) for key, each in annotations]
        return [*top, (("metadata", "name"), self._metadata.get("name")), *below]


def _shown(holder: Any, key: str) -> str:
    """Return what Helm reads at *key* where it wants a string: it makes one of any scalar."""
    value = holder.get(key) if isinstance(holder, dict) else None
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, dict | list) else str(value)
