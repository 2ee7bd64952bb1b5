"""Targets of patches and replacements: kustomize's regular expressions for ids, now and before."""

import re
from collections.abc import Iterable

from postrender import Selector
from postrender_plugins.kustomize._entries import ATTRIBUTES, Target
from postrender_plugins.kustomize._resource import Id, Resource


class Chooser:
    """A target, ready to be asked about many objects."""

    def __init__(self, target: Target) -> None:
        """Compile the expressions of *target*."""
        self._patterns = {
            name: re.compile(text) for name in ATTRIBUTES if (text := getattr(target, name))
        }
        labels = {"labels": target.label_selector, "annotations": target.annotation_selector}
        self._selector = Selector.parse({name: text for name, text in labels.items() if text})

    def means_id(self, id: Id) -> bool:
        """Tell whether *id* is meant, all of it."""
        return all(pattern.fullmatch(getattr(id, name)) for name, pattern in self._patterns.items())

    def means_labels(self, resource: Resource) -> bool:
        """Tell whether labels and annotations are meant."""
        return self._selector.matches(resource.manifest)

    def means(self, resource: Resource) -> bool:
        """Tell whether *resource* is meant; name and namespace may be those that it had first."""
        now = resource.id
        if not all(
            pattern.fullmatch(getattr(now, name))
            for name, pattern in self._patterns.items()
            if name not in ("name", "namespace")
        ):
            return False
        first = resource.original
        return all(
            pattern.fullmatch(getattr(first, name)) or pattern.fullmatch(getattr(now, name))
            for name, pattern in self._patterns.items()
            if name in ("name", "namespace")
        ) and self.means_labels(resource)

    def rejects(self, resource: Resource, ids: Iterable[Id]) -> bool:
        """Tell whether one of the *ids* is meant, or the labels are: kustomize's `reject`."""
        by_id = bool(self._patterns) and any(self.means_id(id) for id in ids)
        return by_id or (bool(self._selector) and self.means_labels(resource))
