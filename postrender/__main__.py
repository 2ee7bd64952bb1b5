"""`postrender` as a process of its own: the script, and `python -m postrender`."""

import gc

from postrender._cli import main


def run() -> int:
    """Run the command line, and return the exit code of the process, which is to end now."""
    code = main()
    # The stream goes with the process; Python would look through all of it once more for cycles.
    gc.freeze()
    return code


if __name__ == "__main__":
    raise SystemExit(run())
