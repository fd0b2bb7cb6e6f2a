"""What the peer scripts share: running matsieve-bench, medians, the report."""

import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run_bench(binary, subcommand, **options):
    """One run of matsieve-bench; its JSON object."""
    command = [str(binary), subcommand]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    outcome = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if outcome.returncode != 0:
        sys.exit(f"{' '.join(command)}\nfailed with {outcome.returncode}: {outcome.stderr.strip()[-2000:]}")
    try:
        return json.loads(outcome.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{' '.join(command)}\nprinted no JSON object: {outcome.stdout[:500]!r}")


def timed(action):
    began = time.perf_counter()
    result = action()
    return time.perf_counter() - began, result


def median_rate(rows, seconds):
    return rows / statistics.median(seconds)


def relative_spread(seconds):
    """Largest minus smallest time, over the median."""
    return (max(seconds) - min(seconds)) / statistics.median(seconds)


def relative_difference(one, other):
    return abs(one - other) / max(abs(one), abs(other), 1e-300)


def fail(message):
    print(f"results differ: {message}", file=sys.stderr)
    sys.exit(1)


def report(figures, path):
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:<{width}}  {value:,.6g}" if isinstance(value, float) else f"{name:<{width}}  {value}")
    if path:
        pathlib.Path(path).write_text(json.dumps(figures, indent=1) + "\n")
