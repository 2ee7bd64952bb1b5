"""The chart of a release, as much of it as Helm stores: no dependencies, no raw files."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from postrender.storage._fields import Fields
from postrender.storage._json import sorted_keys
from postrender.storage._members import arranged
from postrender.storage._times import ZERO, Time

_ORDER: Final = (
    "metadata",
    "lock",
    "templates",
    "values",
    "schema",
    "schemamodtime",
    "files",
    "modtime",
)
_METADATA_ORDER: Final = (
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
)


class Maintainer(NamedTuple):
    """Somebody who maintains a chart."""

    name: str = ""
    email: str = ""
    url: str = ""


class File(NamedTuple):
    """A file of a chart, with its path in the chart."""

    name: str
    data: bytes
    modtime: Time = ZERO  #: Helm 3 keeps none

    def __repr__(self) -> str:
        """Name the file without its data."""
        return f"<File {self.name}>"


@dataclass(frozen=True)
class Dependency:
    """A chart that a chart needs."""

    name: str = ""
    version: str = ""  #: in a lock the version, else a range
    repository: str = ""
    condition: str = ""
    tags: tuple[str, ...] = ()
    enabled: bool = False
    import_values: tuple[Any, ...] = ()
    alias: str = ""


@dataclass(frozen=True)
class Metadata:
    """What Chart.yaml says."""

    name: str = ""
    home: str = ""
    sources: tuple[str, ...] = ()
    version: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    maintainers: tuple[Maintainer, ...] = ()
    icon: str = ""
    api_version: str = ""
    condition: str = ""
    tags: str = ""
    app_version: str = ""
    deprecated: bool = False
    annotations: dict[str, str] = field(default_factory=dict)
    kube_version: str = ""  #: a range
    dependencies: tuple[Dependency, ...] = ()
    type: str = ""  #: `application` or `library`; "" is an application


class Lock(NamedTuple):
    """What Chart.lock says."""

    generated: Time
    digest: str
    dependencies: tuple[Dependency, ...]


@dataclass(frozen=True)
class Chart:
    """A chart, with the values that the user's are laid over."""

    metadata: Metadata = Metadata()
    lock: Lock | None = None
    templates: tuple[File, ...] = ()
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    schema: bytes = field(default=b"", repr=False)  #: of the values, in JSON
    schemamodtime: Time = ZERO
    files: tuple[File, ...] = ()  #: others than templates
    modtime: Time = ZERO


def read_chart(fields: Fields) -> Chart:
    """Read a chart, with a copy of its values.

    :raises RecordCorrupt: when a field has another type.
    """
    return Chart(
        metadata=read_metadata(fields.fields("metadata")),
        lock=_read_lock(fields.fields("lock")) if fields.value("lock") is not None else None,
        templates=_read_files(fields, "templates"),
        values=deepcopy(fields.mapping("values")),
        schema=fields.data("schema"),
        schemamodtime=fields.time("schemamodtime"),
        files=_read_files(fields, "files"),
        modtime=fields.time("modtime"),
    )


def read_metadata(fields: Fields) -> Metadata:
    """Read the metadata of a chart.

    :raises RecordCorrupt: when a field has another type.
    """
    maintainers = (
        Maintainer(item.text("name"), item.text("email"), item.text("url"))
        for item in fields.each("maintainers")
    )
    return Metadata(
        name=fields.text("name"),
        home=fields.text("home"),
        sources=fields.texts("sources"),
        version=fields.text("version"),
        description=fields.text("description"),
        keywords=fields.texts("keywords"),
        maintainers=tuple(maintainers),
        icon=fields.text("icon"),
        api_version=fields.text("apiVersion"),
        condition=fields.text("condition"),
        tags=fields.text("tags"),
        app_version=fields.text("appVersion"),
        deprecated=fields.flag("deprecated"),
        annotations=fields.text_map("annotations"),
        kube_version=fields.text("kubeVersion"),
        dependencies=_read_dependencies(fields),
        type=fields.text("type"),
    )


def arranged_chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON of a chart in the order in which Go writes it."""
    ordered = arranged(chart, _ORDER)
    if isinstance(ordered.get("metadata"), Mapping):
        ordered["metadata"] = arranged(ordered["metadata"], _METADATA_ORDER)
    if "values" in ordered:
        ordered["values"] = sorted_keys(ordered["values"])
    return ordered


def _read_lock(fields: Fields) -> Lock:
    dependencies = _read_dependencies(fields)
    return Lock(fields.time("generated"), fields.text("digest"), dependencies)


def _read_dependencies(fields: Fields) -> tuple[Dependency, ...]:
    return tuple(
        Dependency(
            name=item.text("name"),
            version=item.text("version"),
            repository=item.text("repository"),
            condition=item.text("condition"),
            tags=item.texts("tags"),
            enabled=item.flag("enabled"),
            import_values=tuple(deepcopy(item.items("import-values"))),
            alias=item.text("alias"),
        )
        for item in fields.each("dependencies")
    )


def _read_files(fields: Fields, name: str) -> tuple[File, ...]:
    files = fields.each(name)
    return tuple(File(item.text("name"), item.data("data"), item.time("modtime")) for item in files)
