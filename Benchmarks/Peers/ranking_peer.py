#!/usr/bin/env python3
"""Non-dominated fronts of random objectives: pymoo against matsieve-bench, one thread; then ten million candidates in one pass.

    ranking_peer.py --binary matsieve-bench [--objectives 3] [--repeats 3] [--json FILE]
    ranking_peer.py --tiny ...   a smoke run

Needs pymoo 0.6.2. Processor time on both sides, so that other work on the machine counts less.
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

from harness import fail, report, run_bench
from matrices import read_matrix, write_matrix


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the matsieve-bench executable")
    parser.add_argument("--objectives", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--tiny", action="store_true", help="2,000 and 5,000 rows, once")
    options = parser.parse_args()
    sizes = (2_000, 5_000) if options.tiny else (20_000, 100_000, 1_000_000)
    repeats = 1 if options.tiny else options.repeats
    figures = {"objectives": options.objectives}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for rows in sizes:
            points = np.random.default_rng(rows).random((rows, options.objectives))
            write_matrix(folder / "input.json", points)
            for fronts in (1, 5):
                def matsieve(count, **more):
                    return run_bench(options.binary, "pareto", input=folder / "input.json", fronts=fronts, threads=1, repeats=count, **more)

                matsieve(1, ranks=folder / "ranks.json")
                ours = read_matrix(folder / "ranks.json")[:, 0].astype(int)
                peer = []
                for _ in range(repeats):
                    began = time.process_time()
                    sets = NonDominatedSorting().do(points, n_fronts=fronts)
                    peer.append(time.process_time() - began)
                theirs = np.zeros(rows, int)
                for number, members in enumerate(sets, 1):
                    theirs[members] = number
                if (ours != theirs).any():
                    fail(f"{(ours != theirs).sum()} of {rows} candidates are in another of the first {fronts} fronts")
                seconds = matsieve(max(repeats, 5))["user_seconds"]
                label = f"{rows:,} candidates, fronts 1 to {fronts}" if fronts > 1 else f"{rows:,} candidates, front 1"
                figures[f"{label}: pymoo, candidates/s"] = rows / statistics.median(peer)
                figures[f"{label}: matsieve, candidates/s"] = rows / max(statistics.median(seconds), 1e-9)
                figures[f"{label}: matsieve rate / pymoo rate"] = statistics.median(peer) / max(statistics.median(seconds), 1e-9)
    many = 100_000 if options.tiny else 10_000_000
    for fronts in (1, 5):
        result = run_bench(options.binary, "pareto", rows=many, objectives=options.objectives, fronts=fronts, threads=1, repeats=1)
        figures[f"{many:,} candidates, fronts 1 to {fronts}: seconds"] = result["user_seconds"][0]
        figures[f"{many:,} candidates, fronts 1 to {fronts}: held at the end"] = result["held"]
    report(figures, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
