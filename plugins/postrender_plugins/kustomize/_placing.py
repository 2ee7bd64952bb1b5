"""Which of the resources of the kustomizations stands for the stream.

It is the file that `stream` names; else the file that is not there, since a script would have
written it. Else it comes into a kustomization that has no resources; else, in a folder, it stands
for the only file that there is, and in a configuration it comes first.
"""

from collections.abc import Iterator

from postrender import ConfigError, Context, Location
from postrender_plugins.kustomize._files import STDIN
from postrender_plugins.kustomize._layers import Layer


def place_stream(layer: Layer, named: str, context: Context, *, is_folder: bool) -> None:
    """Say in the layers which entry stands for the stream.

    :param named: the one that does, "" where nobody said.
    :param is_folder: whether the kustomization was written to be built by kustomize.
    :raises ConfigError: where it cannot be told.
    """
    files = [
        (each, index)
        for each in layer.walk()
        for index, entry in enumerate(each.bases)
        if isinstance(entry, str)
    ]
    found = _named(files, named) if named else [each for each in files if _is_absent(*each)]
    if len(found) > 1:
        listed = ", ".join(_name(*each) for each in found)
        raise ConfigError(
            f"more than one file could stand for the stream: {listed}",
            location=layer.name,
            hint="name the one that does with `stream`",
        )
    empty = [] if found else [each for each in _kustomizations(layer) if not each.bases]
    if is_folder and not (found or empty):
        found = _only(layer, files, context)
    if found:
        at, index = found[0]
        at.stream = index
        if not (is_folder or named or _entry(at, index) in STDIN):
            # Nobody lists what is not there in a configuration, unless it is a slip or was pasted.
            context.notice(f"the stream stands for {_name(at, index)}, which is not there")
    else:
        first = empty[0] if empty else layer
        first.bases.insert(0, STDIN[0])
        first.stream = 0


def _kustomizations(layer: Layer) -> Iterator[Layer]:
    """Yield *layer* and its bases; components have no resources of their own."""
    yield layer
    for base in layer.bases:
        if isinstance(base, Layer):
            yield from _kustomizations(base)


def _named(files: list[tuple[Layer, int]], named: str) -> list[tuple[Layer, int]]:
    found = [each for each in files if named in (_name(*each), _entry(*each))]
    if not found:
        message = f"no kustomization has the resource {named}"
        raise ConfigError(message, location=Location(path=("stream",)))
    return found


def _only(
    layer: Layer, files: list[tuple[Layer, int]], context: Context
) -> list[tuple[Layer, int]]:
    if len(files) > 1:
        listed = ", ".join(_name(*each) for each in files)
        raise ConfigError(
            f"no resource stands for the stream: {listed} are all there",
            location=layer.name,
            hint="name the one that does with `stream`, or remove what an old script left",
        )
    context.notice(f"the stream stands for {_name(*files[0])}, which is not read")
    return files


def _entry(layer: Layer, index: int) -> str:
    return str(layer.bases[index])


def _name(layer: Layer, index: int) -> str:
    return layer.folder.named(_entry(layer, index))


def _is_absent(layer: Layer, index: int) -> bool:
    entry = _entry(layer, index)
    return entry in STDIN or not layer.folder.has(entry)
