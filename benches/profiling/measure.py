"""Starts a contender and measures it."""

import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

LONGEST_SECONDS = 3600


@dataclasses.dataclass
class Run:
    """One run of one contender: what it cost, and what it answered or why it did not."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    answer: dict | None
    failure: str | None


def run(contender, file):
    """The process starts in an empty folder, where it finds no configuration and can leave what it likes."""
    with tempfile.TemporaryDirectory(dir=file.parent.parent) as folder:
        out, errors = pathlib.Path(folder, "stdout"), pathlib.Path(folder, "stderr")
        with open(out, "wb") as stdout, open(errors, "wb") as stderr:
            command = contender.command(file, folder)
            start = time.perf_counter()
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
            too_long = threading.Timer(LONGEST_SECONDS, process.kill)
            too_long.start()
            # Of this process and of the children it waited for.
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            too_long.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        # Linux counts in KiB, macOS in bytes.
        peak_mb = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        answer, failure = None, None
        if process.returncode == 0:
            answer = contender.answer(out.read_text())
        else:
            last = errors.read_text(errors="replace").strip().splitlines()[-1:] or ["no message"]
            failure = f"failed with status {process.returncode}: {last[0][:200]}"
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak_mb, answer, failure)
