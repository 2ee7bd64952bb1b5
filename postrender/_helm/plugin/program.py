"""The Helm that stands in PATH, and which major it is."""

from typing import NamedTuple

from postrender._errors import UsageError


class Helm(NamedTuple):
    """A Helm that can be started."""

    path: str
    version: str  #: as in `v4.3.1`, "" if it does not tell

    @property
    def major(self) -> str:
        """Return the first number of the version, "" if it does not tell."""
        return self.version.removeprefix("v").partition(".")[0]


def find_helm(path: str) -> Helm | None:
    """Return the Helm in *path*, a list of folders as PATH has them."""
    import shutil  # 10 ms with what it imports, for the commands about plugins alone
    import subprocess

    program = shutil.which("helm", path=path)
    if program is None:
        return None
    try:
        # A Helm 3 complains on stderr of each plugin of Helm 4 that it comes by.
        told = subprocess.check_output(
            [program, "version", "--short"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return Helm(program, "")
    return Helm(program, told.decode(errors="replace").strip().partition("+")[0])


def ask_version(argv: list[str]) -> str:
    """Return the version that a command of ours tells when asked for it.

    :raises UsageError: if it cannot be started, fails, or is none of ours.
    """
    import subprocess  # for the status alone

    try:
        told = subprocess.check_output(
            [*argv, "--version"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise UsageError(f"cannot be started: {error.strerror}", location=argv[0]) from error
    except subprocess.CalledProcessError as error:
        *_, last = error.output.decode(errors="replace").strip().splitlines() or [""]
        raise UsageError(f"fails: {last}", location=argv[0]) from error
    name, _, version = told.decode(errors="replace").strip().partition(" ")
    if name != "postrender":
        raise UsageError("is no postrender", location=argv[0])
    return version
