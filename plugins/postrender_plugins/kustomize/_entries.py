"""What the entries of a kustomization's fields hold, in kustomize's names."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from postrender import ConfigError, Location, Manifest, Selector
from postrender_plugins._metadata import names

#: what a target says of an object's id
ATTRIBUTES: Final = ("group", "version", "kind", "name", "namespace")


# Every method that dataclass generates takes 0.1 ms of each start; these only hold values.
@dataclass(frozen=True, repr=False, eq=False)
class Target:
    """Which objects a patch or a replacement means: regular expressions for the whole text."""

    group: str = ""
    version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    label_selector: str = ""
    annotation_selector: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no expression, and no selector of labels."""
        for name in ATTRIBUTES:
            try:
                re.compile(getattr(self, name))
            except re.error as error:
                message = f"the value is no regular expression: {error}"
                raise ConfigError(message, location=Location(path=(name,))) from None
        for key, text in (
            ("labelSelector", self.label_selector),
            ("annotationSelector", self.annotation_selector),
        ):
            try:
                Selector.parse({"labels": text} if text else None)
            except ConfigError as error:
                error.location = Location(path=(key,))
                raise


@dataclass(frozen=True, repr=False, eq=False)
class PatchOptions:
    """What a patch may do."""

    allow_name_change: bool = False
    allow_kind_change: bool = False
    allow_no_target_match: bool = False


@dataclass(frozen=True, repr=False, eq=False)
class Patch:
    """A strategic merge or JSON 6902 patch."""

    path: str = ""
    patch: Any = None
    target: Target | None = None
    options: PatchOptions = PatchOptions()
    parsed: Any = field(default=(), init=False)  #: what the patch holds, where no file does

    def __post_init__(self) -> None:
        """Refuse a patch that is not there, or in two places, or is none."""
        if bool(self.path) is (self.patch is not None):
            what = "the patch is there twice" if self.path else "the patch is missing"
            raise ConfigError(what, hint="give it one of `patch` and `path`")
        if self.patch is not None:
            from postrender_plugins.kustomize._patch_text import parsed  # only a patch needs it

            object.__setattr__(self, "parsed", parsed(self.patch, "patch"))


@dataclass(frozen=True, repr=False, eq=False)
class FieldSpec:
    """A place in objects of some kinds."""

    path: str
    group: str = ""
    version: str = ""
    kind: str = ""
    create: bool = False

    def means(self, manifest: Manifest) -> bool:
        """Tell whether it is for objects like *manifest*; what it does not say is any."""
        return (
            self.kind in ("", manifest.kind)
            and self.group in ("", manifest.group)
            and self.version in ("", manifest.version)
        )


@dataclass(frozen=True, repr=False, eq=False)
class Labels:
    """Labels to set, and where beside the metadata of the objects."""

    pairs: dict[str, str]
    include_selectors: bool = False
    include_templates: bool = False
    include_volume_claim_templates: bool = False
    fields: tuple[FieldSpec, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what the API server would refuse, and a field spec that contradicts ours."""
        check_labels(self.pairs, "pairs")
        for index, spec in enumerate(self.fields):
            if spec.path.strip("/") == "metadata/labels" and not spec.create:
                raise ConfigError(
                    "the field spec metadata/labels with `create: false` contradicts kustomize's"
                    " own metadata/labels with `create: true`",
                    location=Location(path=("fields", index)),
                )


def check_labels(pairs: dict[str, str], key: str) -> None:
    """Refuse labels that the API server would refuse.

    :raises ConfigError: with the API server's words.
    """
    for name, value in pairs.items():
        wrong, fault = name, names.key_fault(name)
        if not fault:
            wrong, fault = value, names.value_fault(value)
        if fault:
            text = f'metadata.labels: Invalid value: "{wrong}": {fault}'
            raise ConfigError(text, location=Location(path=(key, name)))


@dataclass(frozen=True, repr=False, eq=False)
class Replicas:
    """How many replicas the workloads of a name get."""

    name: str
    count: int


@dataclass(frozen=True, repr=False, eq=False)
class FieldOptions:
    """Which part of a value a replacement takes, or replaces."""

    delimiter: str = ""
    index: int = 0
    create: bool = False
    encoding: str = ""

    def __post_init__(self) -> None:
        """Refuse what kustomize has no use of either."""
        if self.encoding:
            message = "kustomize does not implement `encoding`"
            raise ConfigError(message, location=Location(path=("encoding",)))


@dataclass(frozen=True, repr=False, eq=False)
class Source:
    """The object, and the field of it, that a replacement takes its value from."""

    group: str = ""
    version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    field_path: str = "metadata.name"
    options: FieldOptions = FieldOptions()


@dataclass(frozen=True, repr=False, eq=False)
class ReplacementTarget:
    """The objects, and the fields of them, that a replacement writes its value to."""

    select: Target
    reject: tuple[Target, ...] = ()
    field_paths: tuple[str, ...] = ("metadata.name",)
    options: FieldOptions = FieldOptions()


@dataclass(frozen=True, repr=False, eq=False)
class Replacement:
    """A value that is copied from one field to others."""

    path: str = ""
    source: Source | None = None
    source_value: str | None = None
    targets: tuple[ReplacementTarget, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a replacement that has no source, more than one, or no target."""
        if self.path:
            if self.targets or self.source or self.source_value is not None:
                raise ConfigError("beside `path` stands nothing else")
        elif (self.source is None) is (self.source_value is None):
            raise ConfigError("give it one of `source` and `sourceValue`")
        elif not self.targets:
            raise ConfigError("the targets are missing")


@dataclass(frozen=True, repr=False, eq=False)
class GeneratorOptions:
    """What generated objects have beside their data."""

    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    disable_name_suffix_hash: bool = False
    immutable: bool = False


@dataclass(frozen=True, repr=False, eq=False)
class ConfigMapGenerator:
    """A ConfigMap to make, or to change."""

    name: str
    namespace: str = ""
    behavior: Literal["create", "merge", "replace"] = "create"
    literals: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    envs: tuple[str, ...] = ()
    env: str = ""
    options: GeneratorOptions = GeneratorOptions()


@dataclass(frozen=True, repr=False, eq=False)
class SecretGenerator(ConfigMapGenerator):
    """A Secret to make, or to change."""

    type: str = ""
