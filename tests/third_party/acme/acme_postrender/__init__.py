"""Pull the images of workloads through the registry mirror of a region."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from postrender import (
    Command,
    Console,
    Context,
    Finding,
    Manifest,
    Manifests,
    Severity,
    hookimpl,
)

CONTAINERS = ("spec", "template", "spec", "containers")


@dataclass(frozen=True)
class Options:
    """The options of a step."""

    shorthand: ClassVar[str] = "region"

    region: str = field(metadata={"description": "the region whose mirror is near"})
    keep: tuple[str, ...] = field(default=(), metadata={"description": "registries to leave"})

    def __post_init__(self) -> None:
        """Refuse a region that is no host name."""
        if not self.region.isalnum():
            raise ValueError(f"region {self.region!r} is not letters and digits")


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Put the mirror before every image."""
    mirror = f"{options.region}.mirror.acme.example/"
    for manifest in manifests:
        for index, image in _images(manifest):
            if image.startswith(options.keep):
                context.notice(f"keeps {image}", manifest.location)
            elif not image.startswith(mirror):
                manifest.set((*CONTAINERS, index, "image"), mirror + image)


@hookimpl
def postrender_check(manifests: Manifests) -> Iterator[Finding]:
    """Refuse images that may be another one tomorrow."""
    for manifest in manifests:
        for index, image in _images(manifest):
            if image.endswith(":latest"):
                place = manifest.at((*CONTAINERS, index, "image"))
                yield Finding(Severity.ERROR, "no-latest", f"{image} has no version", place)


@dataclass(frozen=True)
class ListOptions:
    """The options of the command `list`."""

    prefix: str = field(default="", metadata={"description": "how the images begin"})


def _list(options: ListOptions, console: Console) -> None:
    images = {image for each in console.manifests for _, image in _images(each)}
    console.write("".join(f"{i}\n" for i in sorted(images) if i.startswith(options.prefix)))


@hookimpl
def postrender_commands() -> Iterable[Command]:
    """Return the command `postrender acme-mirror list`."""
    return [Command("list", "List the images that are pulled.", ListOptions, _list)]


def _images(manifest: Manifest) -> Iterator[tuple[int, str]]:
    for index, container in enumerate(manifest.get(CONTAINERS, [])):
        yield index, container["image"]
