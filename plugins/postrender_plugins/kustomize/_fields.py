"""The fields of a kustomization, as kustomize names them."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from postrender import ConfigError, Location
from postrender_plugins._images.entries import Entry
from postrender_plugins.kustomize._entries import (
    ConfigMapGenerator,
    GeneratorOptions,
    Labels,
    Patch,
    Replacement,
    Replicas,
    SecretGenerator,
    check_labels,
)

#: fields of kustomize that there is no counterpart of
UNSUPPORTED: Final = (
    "build_metadata",
    "configurations",
    "crds",
    "generators",
    "helm_chart_inflation_generator",
    "helm_charts",
    "helm_globals",
    "transformers",
    "validators",
    "vars",
)
_NOT_SUPPORTED: Final = {"description": "not supported; `exec` runs the real kustomize"}


@dataclass(frozen=True, repr=False, eq=False)
class Kustomization:
    """The content of a kustomization file."""

    api_version: str = field(default="", metadata={"description": "kustomize's, if any"})
    kind: Literal["Kustomization", "Component"] = field(
        default="Kustomization", metadata={"description": "a component works on what is there"}
    )
    metadata: Any = field(default=None, metadata={"description": "of no effect"})
    resources: tuple[str, ...] = field(
        default=(),
        metadata={"description": "files and kustomizations; one stands for the stream"},
    )
    bases: tuple[str, ...] = field(
        default=(), metadata={"description": "the old name for folders in `resources`"}
    )
    components: tuple[str, ...] = field(
        default=(), metadata={"description": "folders with a component"}
    )
    config_map_generator: tuple[ConfigMapGenerator, ...] = field(
        default=(), metadata={"description": "ConfigMaps to make"}
    )
    secret_generator: tuple[SecretGenerator, ...] = field(
        default=(), metadata={"description": "Secrets to make"}
    )
    generator_options: GeneratorOptions | None = field(
        default=None, metadata={"description": "what all that is made has"}
    )
    patches_strategic_merge: tuple[Any, ...] = field(
        default=(), metadata={"description": "patches: objects, their text, or files"}
    )
    patches: tuple[Patch, ...] = field(
        default=(), metadata={"description": "strategic merge and JSON patches"}
    )
    namespace: str = field(
        default="", metadata={"description": "the namespace that all objects get"}
    )
    name_prefix: str = field(default="", metadata={"description": "what to put before all names"})
    name_suffix: str = field(default="", metadata={"description": "what to put behind all names"})
    labels: tuple[Labels, ...] = field(
        default=(), metadata={"description": "labels to set on all objects, and where else"}
    )
    common_labels: dict[str, str] = field(
        default_factory=dict, metadata={"description": "labels to set, in selectors too"}
    )
    common_annotations: dict[str, str] = field(
        default_factory=dict, metadata={"description": "annotations to set, in pod templates too"}
    )
    patches_json6902: tuple[Patch, ...] = field(
        default=(), metadata={"description": "JSON patches that come after names and labels"}
    )
    replicas: tuple[Replicas, ...] = field(
        default=(), metadata={"description": "workloads by name, and their replicas"}
    )
    images: tuple[Entry, ...] = field(
        default=(), metadata={"description": "images by name, and their new name, tag or digest"}
    )
    image_tags: tuple[Entry, ...] = field(
        default=(), metadata={"description": "the old name of `images`"}
    )
    replacements: tuple[Replacement, ...] = field(
        default=(), metadata={"description": "values to copy from one field to others"}
    )
    openapi: dict[str, str] = field(
        default_factory=dict,
        metadata={"description": "`path`: how lists of custom kinds are merged"},
    )
    sort_options: Any = field(
        default=None, metadata={"description": "of no effect: the stream keeps its order"}
    )
    strategic_merge_patches: tuple[Any, ...] = field(
        default=(), metadata={"description": "helmfile's name of `patchesStrategicMerge`"}
    )
    json_patches: tuple[Patch, ...] = field(
        default=(), metadata={"description": "helmfile's name of `patchesJson6902`"}
    )
    build_metadata: Any = field(default=None, metadata=_NOT_SUPPORTED)
    configurations: Any = field(default=None, metadata=_NOT_SUPPORTED)
    crds: Any = field(default=None, metadata=_NOT_SUPPORTED)
    generators: Any = field(default=None, metadata=_NOT_SUPPORTED)
    helm_chart_inflation_generator: Any = field(default=None, metadata=_NOT_SUPPORTED)
    helm_charts: Any = field(default=None, metadata=_NOT_SUPPORTED)
    helm_globals: Any = field(default=None, metadata=_NOT_SUPPORTED)
    transformers: Any = field(default=None, metadata=_NOT_SUPPORTED)
    validators: Any = field(default=None, metadata=_NOT_SUPPORTED)
    vars: Any = field(default=None, metadata=_NOT_SUPPORTED)

    def __post_init__(self) -> None:
        """Refuse fields that there is no counterpart of, and labels that contradict each other.

        :raises ConfigError: with the path of the fault, from the kustomization.
        """
        from postrender_plugins.kustomize._bind import camel_case

        for name in UNSUPPORTED:
            if getattr(self, name):
                raise ConfigError(
                    f"kustomize's `{camel_case(name)}` is not supported",
                    location=Location(path=(camel_case(name),)),
                    hint="run the real kustomize with `exec: [kustomize, build, .]`",
                )
        check_labels(self.common_labels, "commonLabels")
        self._check_contradictions()
        for entry in (*self.json_patches, *self.patches_json6902):
            if entry.target is None:
                raise ConfigError("a JSON patch needs a target")

    def _check_contradictions(self) -> None:
        seen: dict[str, str] = {}
        for pairs in (*(each.pairs for each in self.labels), self.common_labels):
            for key, value in pairs.items():
                if seen.setdefault(key, value) != value:
                    message = f"the label {key} is given two values"
                    raise ConfigError(message, location=Location(path=("labels",)))

    @property
    def entries(self) -> tuple[str, ...]:
        """Return what the kustomization is made of, the old field for it last."""
        return self.resources + self.bases
