"""Commands of plugins: what one offers as `postrender PLUGIN COMMAND`, and what that is given."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from postrender._findings import Finding
from postrender._manifests import Manifests


class Configured(NamedTuple):
    """One step of the plugin, as the configuration has it."""

    options: Any  #: as `postrender_options` says
    directory: str  #: the folder that relative paths in the options start from


class Console(Protocol):
    """What a command may touch of the process; postrender makes it, and a test may.

    The manifests are those that `-f` names: files, folders or `-`, which is stdin and the default.
    The configuration is that of `-c` and `--step`, or the one that an ordinary run would find.
    """

    @property
    def variables(self) -> Mapping[str, str]:
        """Those of the environment whose names begin with `POSTRENDER_`."""

    @property
    def steps(self) -> Sequence[Configured]:
        """The plugin's steps in the configuration; where it has none, one with the defaults.

        :raises ConfigError: if the configuration is wrong.
        """

    @property
    def manifests(self) -> Manifests:
        """The manifests, read once; those that no step selects too.

        :raises PostrenderError: if they cannot be read.
        """

    def findings(self) -> Sequence[Finding]:
        """Return what the plugin's check finds in the manifests, as its steps have it.

        Those that are allowed are among them. Notices of the check are told.

        :raises PostrenderError: if the check fails.
        """

    def read(self, path: str) -> bytes:
        """Return what a file holds, b"" if there is none.

        :raises UsageError: if it cannot be read.
        """

    def save(self, path: str, data: bytes) -> None:
        """Write a file, all or nothing; folders that are missing are made.

        :raises UsageError: if it cannot be written.
        """

    def write(self, text: str) -> None:
        """Write to stdout."""

    def tell(self, message: str) -> None:
        """Write a line to stderr; it must not hold a secret."""


class Command(NamedTuple):
    """One command of a plugin.

    The fields of its options are options of the command line: `base_line` is `--base-line`, with
    the field's `description` as its help. A `str` and a `Literal` take a word, a `bool` takes none,
    a `tuple[str, ...]` is what was given in all its places, and a field without a default must be
    given. `-f`, `-c`, `--step`, `--help` and `--debug` are known to every command.
    """

    name: str  #: as in `postrender PLUGIN NAME`
    summary: str  #: what it does, in a line for the help
    options: type  #: a dataclass, as that of a step
    run: Callable[[Any, Console], None]  #: takes an instance of `options`; errors are raised
