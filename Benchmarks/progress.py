#!/usr/bin/env python3
"""How near the time left that `co3index` shows comes to the truth.

    Benchmarks/progress.py [DIR ...]     (the release build of co3index must exist; CO3INDEX names another)

Indexes every DIR anew, /usr/share, /usr/lib and /opt/swift unless given, once to warm the cache and once
on a terminal of its own, with two jobs. Of the lines that were shown from a quarter of the time on, up to
half a second before the end, it prints how many there were, the least and the most that the time left was
over what really was left, and how many were within a factor of two.
"""
import os
import pty
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.environ.get("CO3INDEX", os.path.join(ROOT, ".build/release/co3index"))
UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}
LEFT = re.compile(r"of \d+ \(\d+ %\), .*?([\d.]+) (ns|µs|ms|s|min|h|d) left")


def shown(arguments):
    """What a command shows on a terminal: moments and texts, and when it ended."""
    master, slave = pty.openpty()
    environment = dict(os.environ, TERM="xterm")
    process = subprocess.Popen(arguments, stdin=slave, stdout=subprocess.DEVNULL, stderr=slave, env=environment)
    os.close(slave)
    texts = []
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        texts.append((time.monotonic(), data.decode("utf-8", "replace")))
    code = process.wait()
    os.close(master)
    if code not in (0, 11):  # 11: entries that nobody may read
        sys.exit(f"progress.py: {' '.join(arguments)} ended with status {code}: {texts[-1:]}")
    return texts


def main(folders):
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"progress.py: {PROGRAM} does not exist; build it with: swift build -c release --product co3index")
    print("| tree | files | seconds | lines | least | most | within a factor of 2 |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for folder in folders:
        with tempfile.TemporaryDirectory() as work:
            command = [PROGRAM, "sync", folder]
            options = ["--jobs", "2", "--quiet"]
            subprocess.run(command + [f"{work}/warm.sqlite"] + options, check=False)
            texts = shown(command + [f"{work}/index.sqlite"] + options[:2])
        lines = [(moment, found) for moment, text in texts for found in LEFT.findall(text)[-1:]]
        if not lines:
            sys.exit(f"progress.py: no time left was shown for {folder}")
        files = re.search(r"of (\d+) \(", "".join(text for _, text in texts)).group(1)
        first, end = lines[0][0], texts[-1][0]
        ratios = [
            float(number) * UNITS[unit] / (end - moment)
            for moment, (number, unit) in lines
            if moment - first >= (end - first) / 4 and end - moment >= 0.5
        ]
        if not ratios:
            sys.exit(f"progress.py: {folder} took less than a second")
        near = sum(0.5 <= ratio <= 2 for ratio in ratios)
        print(f"| {folder} | {files} | {end - first:.1f} | {len(ratios)} | {min(ratios):.2f} | {max(ratios):.2f} "
              f"| {near} of {len(ratios)} |", flush=True)


main(sys.argv[1:] or ["/usr/share", "/usr/lib", "/opt/swift"])
