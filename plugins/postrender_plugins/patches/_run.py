"""A run of the step: every entry on every object, and the files that entries name."""

from collections.abc import Sequence

from postrender import ConfigError, Context, Manifest, Manifests, RefusedError
from postrender_plugins._merge.schemas import Schemas
from postrender_plugins._merge.text import Patch, parse
from postrender_plugins.patches._entry import EntryRun, Step, kind_of
from postrender_plugins.patches._files import definitions, read
from postrender_plugins.patches._options import Entry, Options


def run(manifests: Manifests, options: Options, context: Context) -> None:
    """Apply every entry to the objects that it means, object by object.

    :raises PostrenderError: where an entry does not apply, or does not match as it should.
    """
    keys = {path: (k,) if isinstance(k, str) else k for path, k in options.merge_keys.items()}
    outside, directory = options.allow_outside, context.directory
    crds = definitions(options.schemas, directory, allow_outside=outside)
    schemas = Schemas(manifests.all, crds, keys)
    several = len(options.all_entries) > 1
    step = Step(manifests, context)
    runs = [
        EntryRun(
            entry,
            number if several else 0,
            _patches(entry, directory, outside),
            schemas,
            step,
        )
        for number, entry in enumerate(options.all_entries, 1)
    ]
    for manifest in manifests:
        kind = kind_of(manifest)
        for each in runs:
            each.visit(manifest, kind)
            if manifest.is_removed:
                break
            if each.may_rename:
                kind = kind_of(manifest)
    for each in runs:
        each.finish(manifests)
    _refuse_collisions(manifests, [name for each in runs for name in each.renamed])


def _patches(entry: Entry, directory: str, outside: bool) -> Sequence[Patch]:
    """Return the patches of an entry, from its file if it has one."""
    if not entry.path:
        return entry.inline
    text = read(entry.path, directory, allow_outside=outside)
    try:
        patches = parse(text, entry.type)
        entry.check(patches)
    except ConfigError as error:
        error.location = entry.path
        raise
    return patches


def _refuse_collisions(manifests: Manifests, renamed: Sequence[Manifest]) -> None:
    """Refuse a new name that another object has."""
    if not renamed:
        return
    by_name: dict[tuple[str, str, str, str], Manifest] = {}
    ours = {id(each) for each in renamed}
    for manifest in sorted(manifests.all, key=lambda each: id(each) in ours):
        key = (manifest.group, manifest.kind, manifest.namespace, manifest.name)
        other = by_name.setdefault(key, manifest)
        if other is not manifest and id(manifest) in ours and manifest.name:
            message = f"is called like the object of document {other.position} now"
            raise RefusedError(message, location=manifest.location)
