"""Entries as kustomize's `images` has them, and what can be wrong with them."""

from dataclasses import dataclass, field

from postrender import ConfigError, Location
from postrender_plugins._images.reference import is_digest, is_tag, parse


@dataclass(frozen=True, repr=False, eq=False)
class Entry:
    """Which images an entry means, and their new name, tag or digest."""

    name: str = field(
        default="",
        metadata={"description": "the image's name as it is written; with a tag, only that tag"},
    )
    glob: str = field(
        default="", metadata={"description": "instead of a name, a glob that matches some"}
    )
    normalize: bool = field(
        default=False,
        metadata={"description": "let `nginx` mean `docker.io/library/nginx` too, and vice versa"},
    )
    new_name: str = field(default="", metadata={"description": "the name to give them"})
    new_tag: str = field(
        default="", metadata={"description": "the tag to give them; a digest goes"}
    )
    tag_suffix: str = field(
        default="", metadata={"description": "what to put behind the tag; a digest goes"}
    )
    digest: str = field(default="", metadata={"description": "the digest to give them; a tag goes"})

    def __post_init__(self) -> None:
        """Refuse what no image can be called, and what changes nothing.

        :raises ConfigError: with the path of the fault, from this entry.
        """
        self._check_which()
        if not (self.new_name or self.new_tag or self.tag_suffix or self.digest):
            hint = "give it `newName`, `newTag`, `tagSuffix` or `digest`"
            raise ConfigError("the entry changes nothing", hint=hint)
        self._check_result()

    def _check_which(self) -> None:
        if bool(self.name) is bool(self.glob):
            message = (
                "the entry has both a name and a glob" if self.name else "the entry names no image"
            )
            raise ConfigError(message, hint="give `name` or `glob`")
        if self.name and parse(self.name) is None:
            hint = "for a pattern, use `glob`" if "*" in self.name else ""
            raise _refuse("the value is no name of an image", "name", hint)

    def _check_result(self) -> None:
        new_name = parse(self.new_name)
        if self.new_name and (new_name is None or new_name.tag or new_name.digest):
            hint = "a tag or digest has an option of its own" if new_name else ""
            raise _refuse("the value is no name of an image", "newName", hint)
        if self.new_tag and not is_tag(self.new_tag):
            raise _refuse("the value is no tag", "newTag")
        if self.tag_suffix and not is_tag("a" + self.tag_suffix):
            raise _refuse("the value is no end of a tag", "tagSuffix")
        if self.tag_suffix and (self.new_tag or self.digest):
            raise _refuse("there is no tag to add to beside `newTag` or `digest`", "tagSuffix")
        if self.digest and not is_digest(self.digest):
            hint = "write it with its algorithm, as in sha256:..."
            raise _refuse("the value is no digest", "digest", hint)


def _refuse(message: str, key: str, hint: str = "") -> ConfigError:
    return ConfigError(message, location=Location(path=(key,)), hint=hint)
