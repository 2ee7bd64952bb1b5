"""Run a program on the manifests: an external post-renderer, kustomize, yq, a script.

    steps:
      - exec: ./renderer
      - exec:
          command: [kustomize, build, overlay]
          timeout: 60
          env: {LOG_LEVEL: warn}

The program reads manifests from stdin and writes manifests to stdout. It is started without a
shell. A bare name is looked up in PATH; a name with a separator, `cwd` and so every path among
the arguments start from the folder of the configuration. With `where` or `hooks` it reads the
selected objects only, each as a document of its own; otherwise the whole stream, byte for byte.

What it writes is compared with what it read, object by object: one that it did not change keeps
its text, a changed one gets just the difference written into its text, so comments survive.
`text: replace` takes the program's text instead. Order, additions and removals are the program's.

The manifests are refused (exit code 1) when it exits with another code than 0, takes longer than
`timeout`, or writes nothing, or no manifests. A program that cannot be started is a fault of the
configuration (exit code 2). What a program that succeeds writes to stderr becomes a notice.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

from postrender import ConfigError, Context, Location, Manifests, hookimpl

A_DAY: Final = 86400


@dataclass(frozen=True)
class Options:
    """Which program to run, and how."""

    shorthand: ClassVar[str] = "command"

    command: str | tuple[str, ...] = field(
        metadata={"description": "the program, or a list of the program and its arguments"}
    )
    timeout: float = field(
        default=300.0, metadata={"description": "seconds after which the program is killed"}
    )
    env: dict[str, str] = field(
        default_factory=dict, metadata={"description": "variables to add to the environment"}
    )
    cwd: str = field(
        default=".",
        metadata={"description": "the folder to run in, from the folder of the configuration"},
    )
    text: Literal["splice", "replace"] = field(
        default="splice",
        metadata={"description": "write changes into our text, or take the program's text"},
    )

    def __post_init__(self) -> None:
        """Refuse what no program can be started with.

        :raises ConfigError: with the path of the fault, from these options.
        """
        if not self.program:
            raise _refuse("the command names no program", "command")
        for word, value in (*(("command", word) for word in self.argv), ("cwd", self.cwd)):
            if "\0" in value:
                raise _refuse("a NUL character cannot be in it", word)
        for name, value in self.env.items():
            if not name or "=" in name or "\0" in name + value:
                raise _refuse("the environment cannot hold this variable", "env", name)
        if not 0 < self.timeout <= A_DAY:
            raise _refuse(f"the time is not between 0 and {A_DAY} seconds", "timeout")

    @property
    def argv(self) -> tuple[str, ...]:
        """Return the program and its arguments."""
        return (self.command,) if isinstance(self.command, str) else self.command

    @property
    def program(self) -> str:
        """Return the program as the configuration names it."""
        return self.argv[0] if self.argv else ""


def _refuse(message: str, *path: str) -> ConfigError:
    return ConfigError(message, location=Location(path=path))


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Run the program on the manifests, and take what it makes of them."""
    # Only a step that runs a program pays for the import of subprocess.
    from postrender_plugins.exec._output import take
    from postrender_plugins.exec._program import run

    stream = _stream_of(manifests)
    output = run(options, context, stream)
    if output != stream:
        take(output, manifests, options)


def _stream_of(manifests: Manifests) -> bytes:
    """Return the whole stream, or, of a part of it, the documents of that part."""
    if len(manifests) == len(manifests.all):
        return manifests.all.to_bytes()
    texts = [manifest.text() for manifest in manifests]
    ended = [text if text.endswith("\n") else text + "\n" for text in texts]
    return "".join("---\n" + text for text in ended).encode()
