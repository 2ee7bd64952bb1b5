"""The command line as a process: pipes that close, fill up or do not block, and interrupts."""

import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"

PROGRAM = [sys.executable, "-m", "postrender"]
LARGE = (f"---\n{POD}data: {'x' * 500}\n" * 2000).encode()


def start(
    *arguments: str, stdout: int, program: Sequence[str] = PROGRAM
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*program, *arguments], stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE
    )


def test_the_package_runs_as_a_module() -> None:
    with start("--step", "labels: {set: {team: a}}", stdout=subprocess.PIPE) as process:
        assert process.communicate(POD.encode()) == (
            (POD + "  labels:\n    team: a\n").encode(),
            b"",
        )
    assert process.returncode == 0


def test_a_reader_that_has_gone_ends_the_run_without_noise() -> None:
    reader, writer = os.pipe()
    with start("-q", stdout=writer) as process:
        os.close(reader)
        os.close(writer)
        _, stderr = process.communicate(LARGE)

    assert (process.returncode, stderr) == (1, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("stream", [POD.encode(), LARGE], ids=["small", "large"])
def test_a_full_disk_is_told(stream: bytes) -> None:
    with open("/dev/full", "wb") as full, start("-q", stdout=full.fileno()) as process:
        _, stderr = process.communicate(stream)

    assert process.returncode == 3
    assert stderr == (b"postrender: error: stdout cannot be written: No space left on device\n")


@pytest.mark.parametrize("unbuffered", [[], ["-u"]], ids=["buffered", "unbuffered"])
def test_a_pipe_that_does_not_block_gets_everything(unbuffered: list[str]) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    program = [sys.executable, *unbuffered, "-m", "postrender"]
    with start(stdout=writer, program=program) as process, open(reader, "rb") as output:
        os.close(writer)
        assert process.stdin
        process.stdin.write(LARGE)
        process.stdin.close()
        wait_until_full(reader)
        received = output.read()

    assert received == LARGE
    assert process.returncode == 0


def wait_until_full(pipe: int) -> None:
    """Wait until the writer of *pipe* has filled it."""
    before, now = -1, 0
    while now == 0 or now != before:
        time.sleep(0.05)
        before, now = now, struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"....")[:4])[0]


def test_an_interrupt_while_waiting_for_manifests_ends_with_130(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with (
        start("-f", str(fifo), stdout=subprocess.PIPE) as process,
        open(fifo, "wb"),  # waits until the process opens it too
    ):
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate()

    assert process.returncode == 130
    assert (output, errors) == (b"", b"postrender: interrupted\n")
