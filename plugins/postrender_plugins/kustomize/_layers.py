"""The kustomizations of a step: one, with the bases and components that it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from postrender import ConfigError, Location
from postrender_plugins.kustomize._bind import bind
from postrender_plugins.kustomize._fields import Kustomization
from postrender_plugins.kustomize._files import STDIN, Folder
from postrender_plugins.kustomize._text import document


@dataclass(eq=False)
class Layer:
    """A kustomization in its folder."""

    kustomization: Kustomization
    folder: Folder
    name: str  #: what messages call it, "" for one inside the configuration
    bases: "list[Layer | str]" = field(default_factory=list)  #: kustomizations, and files
    components: "list[Layer]" = field(default_factory=list)
    stream: int | None = None  #: the index in `bases` that the stream stands at

    def walk(self) -> "Iterator[Layer]":
        """Yield it and all bases and components below it."""
        yield self
        for below in (*self.bases, *self.components):
            if isinstance(below, Layer):
                yield from below.walk()

    def where(self, *path: str | int) -> str:
        """Return the place of a fault, for messages."""
        inner = str(Location(path=path))
        return ", ".join(part for part in (self.name, inner) if part)


def inline(kustomization: Kustomization, folder: Folder) -> Layer:
    """Return the layers of a kustomization that stands in the configuration.

    :raises ConfigError: for one that is none.
    """
    return _layer(kustomization, folder, "", ())


def in_folder(path: str, folder: Folder) -> Layer:
    """Return the layers of the kustomization in the folder *path*.

    :raises ConfigError: for one that is none.
    """
    inside = folder.folder(path)
    if inside is None:
        raise ConfigError(f"there is no folder {path}")
    return _read(inside, ())


def _read(folder: Folder, above: tuple[str, ...]) -> Layer:
    if folder.real in above:
        raise ConfigError("the kustomizations lead in a circle", location=folder.name)
    file = folder.kustomization()
    name = folder.named(file)
    content = document(folder.read_text(file), name)
    try:
        kustomization = bind(Kustomization, {} if content is None else content)
    except ConfigError as error:
        path = error.location.path if isinstance(error.location, Location) else ()
        error.location = ", ".join(part for part in (name, str(Location(path=path))) if part)
        raise
    return _layer(kustomization, folder, name, (*above, folder.real))


def _layer(
    kustomization: Kustomization, folder: Folder, name: str, above: tuple[str, ...]
) -> Layer:
    layer = Layer(kustomization, folder, name)
    for entry in kustomization.entries:
        inside = None if entry in STDIN else folder.folder(entry)
        below = _read(inside, above) if inside else None
        if below and below.kustomization.kind == "Component":
            message = f"{entry} is a component"
            raise ConfigError(message, location=layer.where("resources"), hint="use `components`")
        layer.bases.append(below or entry)
    for entry in kustomization.components:
        inside = folder.folder(entry)
        if inside is None:
            message = f"there is no folder {entry}"
            raise ConfigError(message, location=layer.where("components"))
        component = _read(inside, above)
        if component.kustomization.kind != "Component":
            message = f"{entry} is no component"
            raise ConfigError(message, location=layer.where("components"), hint="use `resources`")
        layer.components.append(component)
    return layer
