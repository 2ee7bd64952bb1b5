"""Change the images of containers, pin them, and add pull secrets.

    steps:
      - images:
          entries:
            - {name: nginx, newTag: "1.27"}
            - {glob: "quay.io/org/*", tagSuffix: -fips}
          registries:
            docker.io: mirror.example.com/dockerhub
            quay.io/org: mirror.example.com/org
          imagePullSecrets: [mirror]

`entries` are those of `images` in a kustomization, and can be the step's whole value:

    steps:
      - images:
          - {name: busybox, newName: registry.example.com/busybox, newTag: "1.36"}

A name is taken literally, as the manifests write it; `normalize: true` lets `nginx` also mean
`docker.io/library/nginx`, and `glob` stands instead of `name` where several are meant. `newTag`
drops a digest, `digest` drops a tag, both may be given, and `newName` alone keeps what is there.

`registries` then maps registries, or paths of one, to their mirrors; the longest that fits decides.
Short names are known for what they are: `nginx` is `docker.io/library/nginx`.

`lock` then names a file, beside the configuration, that has the digests of tags. With
`frozen: true` an image that it does not have is refused; one that has a digest of its own keeps it.

    nginx:1.27: sha256:...
    quay.io/org/app:2.1-fips: sha256:...

Changed are all containers, init containers, ephemeral containers and image volumes of the kinds
that every cluster has, and with `crds: true` of well-known others. `extraPaths` adds more, each an
image or a pod spec:

    extraPaths:
      - {group: acme.example, kind: Farm, path: "spec/pools[]/image"}

An entry that means no image is told, not refused: one list of images often serves many charts.
Where it is written for the chart at hand, `strict: true` refuses. What is no reference of an image,
such as a template that nobody rendered, is left alone and told.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from postrender import ConfigError, Context, Location, Manifests, hookimpl
from postrender_plugins._images.entries import Entry
from postrender_plugins._images.extra import ExtraPath
from postrender_plugins.images import _pull_secrets, _registries


@dataclass(frozen=True, repr=False, eq=False)
class Options:
    """Which images to change into what, and where."""

    shorthand: ClassVar[str] = "entries"

    entries: tuple[Entry, ...] = field(
        default=(), metadata={"description": "images by name, and their new name, tag or digest"}
    )
    registries: dict[str, str] = field(
        default_factory=dict,
        metadata={"description": "registries, or paths of one, and their mirrors"},
    )
    lock: str | None = field(
        default=None, metadata={"description": "a file with the digests of images, by their tags"}
    )
    frozen: bool = field(
        default=False, metadata={"description": "refuse an image that the lock file does not have"}
    )
    image_pull_secrets: tuple[str, ...] = field(
        default=(), metadata={"description": "names of secrets to add to every pod spec"}
    )
    crds: bool | None = field(
        default=None,
        metadata={"description": "change well-known custom kinds too; without it, tell of them"},
    )
    extra_paths: tuple[ExtraPath, ...] = field(
        default=(), metadata={"description": "images and pod specs in other places"}
    )
    strict: bool = field(
        default=False, metadata={"description": "refuse where an entry means no image"}
    )

    def __post_init__(self) -> None:
        """Refuse what changes nothing, and what no registry or secret can be called.

        :raises ConfigError: with the path of the fault, from these options.
        """
        if not (self.changes_images or self.image_pull_secrets):
            hint = "give it `entries`, `registries`, `lock` or `imagePullSecrets`"
            raise ConfigError("the step changes nothing", hint=hint)
        if self.frozen and self.lock is None:
            raise ConfigError(
                "there is no lock file to be frozen to",
                location=Location(path=("frozen",)),
                hint="name one with `lock`",
            )
        if self.lock is not None and (not self.lock or "\0" in self.lock):
            raise ConfigError("the value is no file", location=Location(path=("lock",)))
        _registries.check(self.registries)
        _pull_secrets.check(self.image_pull_secrets)

    @property
    def changes_images(self) -> bool:
        """Whether there is anything to do for images."""
        return bool(self.entries or self.registries or self.lock is not None)


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Change the images of every manifest."""
    from postrender_plugins.images._step import transform  # not to check a configuration

    transform(manifests, options, context)
