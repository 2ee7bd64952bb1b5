"""One step: the images and pull secrets of every manifest, and what there is to tell of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from postrender import Context, Location, Manifest, Manifests, RefusedError
from postrender_plugins._images import extra, places
from postrender_plugins._images.entries import Entry
from postrender_plugins._images.reference import normalized, parse
from postrender_plugins._metadata.places import Place
from postrender_plugins.images import _pull_secrets
from postrender_plugins.images._change import Changer

if TYPE_CHECKING:
    from postrender_plugins.images import Options
    from postrender_plugins.images._lock import Lock

_MISSING: Final = object()


def transform(manifests: Manifests, options: "Options", context: Context) -> None:
    """Change the images of *manifests* as *options* say.

    :raises RefusedError: for images that `frozen`, and entries that `strict`, do not let pass.
    """
    lock = _read_lock(options, context)
    step = _Step(options, context, lock)
    for manifest in manifests:
        step.edit(manifest)
    if lock is not None:
        step.tell_unpinned(lock.name)
    step.tell_unused()
    step.tell_left()


def _read_lock(options: "Options", context: Context) -> "Lock | None":
    if options.lock is None:
        return None
    from postrender_plugins.images._lock import read  # few steps have a lock file

    return read(options.lock, context.directory)


class _Step:
    """Goes from manifest to manifest, and remembers what is told at the end."""

    def __init__(self, options: "Options", context: Context, lock: "Lock | None") -> None:
        self._options = options
        self._context = context
        self._changer = Changer(options, lock)
        self._unpinned: list[tuple[str, Location]] = []
        self._left: list[Manifest] = []

    def edit(self, manifest: Manifest) -> None:
        """Change the images and pull secrets of *manifest*."""
        pods, images = self._places(manifest)
        if self._options.changes_images:
            for path in images:
                self._edit_image(manifest, path)
        if self._options.image_pull_secrets:
            for pod in pods:
                _pull_secrets.add(manifest, pod, self._options.image_pull_secrets)

    def _places(self, manifest: Manifest) -> tuple[list[Place], list[Place]]:
        """Return the paths of pod specs and of images."""
        pods = list(places.pod_specs(manifest))
        images = list(places.fields(manifest))
        if not self._options.crds and places.is_custom(manifest):
            self._leave(manifest, [*images, *places.images(manifest, pods)])
            pods, images = [], []
        for each in self._options.extra_paths:
            for path, is_pod in extra.find(each, manifest):
                found = pods if is_pod else images
                if path not in found:
                    found.append(path)
        return pods, list(dict.fromkeys([*images, *places.images(manifest, pods)]))

    def _leave(self, manifest: Manifest, images: Sequence[Place]) -> None:
        """Remember that a custom kind has images; that it was left on purpose is not told."""
        if self._options.crds is None and any(manifest.get(path) for path in images):
            self._left.append(manifest)

    def _edit_image(self, manifest: Manifest, path: Place) -> None:
        value = manifest.get(path, _MISSING)
        if value is _MISSING:
            return
        if type(value) is not str or not value:
            self._context.notice(f"the image is {_what(value)} and left alone", manifest.at(path))
            return
        change = self._changer.change(value)
        if change.text != value:
            manifest.set(path, change.text)
        for note in change.notes:
            self._context.notice(note, manifest.at(path))
        if change.unpinned:
            self._unpinned.append((change.unpinned, manifest.at(path)))

    def tell_unpinned(self, lock: str) -> None:
        """Tell of, or refuse, the images that the lock file does not pin."""
        if not self._unpinned:
            return
        if self._options.frozen:
            lines = [f"{where}: {why}" for why, where in self._unpinned]
            raise RefusedError("\n  ".join([f"{lock} does not pin every image", *lines]))
        reasons = dict.fromkeys(why for why, _ in self._unpinned)
        self._context.notice(f"{lock} does not pin every image: {', '.join(reasons)}")

    def tell_unused(self) -> None:
        """Tell of, or refuse, the entries that mean no image."""
        names = [image.name for image in self._changer.images]
        told = [
            f"entries[{index}]: {_absent(entry, names)}" for index, entry in self._changer.unused()
        ]
        if told and self._options.strict:
            raise RefusedError("\n  ".join(["the step is `strict`, but", *told]))
        for message in told:
            self._context.notice(message)

    def tell_left(self) -> None:
        """Tell of objects of custom kinds that have images."""
        if self._left:
            count = len(self._left)
            which = f"it is one of {count} objects of custom kinds whose images are left alone"
            if count == 1:
                which = "it is of a custom kind, so its images are left alone"
            cure = "`crds: true` changes them, `crds: false` leaves them without a word"
            self._context.notice(f"{which}; {cure}", self._left[0].location)


def _what(value: Any) -> str:
    if value is None:
        return "null"
    return "empty" if value == "" else "no text"


def _absent(entry: Entry, names: Sequence[str]) -> str:
    """Say that none of *names* is what *entry* means, and which may have been meant."""
    image = parse(entry.name)
    if image is None:
        return f"no image matches {entry.glob}"
    told = f"no image is called {entry.name}"
    for name in names:
        if normalized(name) == normalized(image.name) and name != image.name:
            return f"{told}; `normalize: true` lets it mean {name}"
    last = image.name.rpartition("/")[2]
    near = next((name for name in names if name.rpartition("/")[2] == last), "")
    return f"{told}; did you mean {near}?" if near not in ("", image.name) else told
