#!/usr/bin/env python3
"""Search campaigns by PHYSBO on known tables: evaluations to the top 5 % and to the optimum, and time a proposal.

    suggest_peer.py --output physbo.jsonl [--sets NAME,...] [--scores EI,TS] [--seeds 0-9] [--features 1000] [--interval 10]

One JSON object a search and line; searches that the file already has are not run again. Ten random starts of suggest_campaigns.py, then one
proposal at a time until the optimum or the budget; hyperparameters are learned anew every `interval` proposals, as PHYSBO's own
tutorials and NIMO do it: features centred and scaled over all candidates, Adam from 20 starts. One thread.
Needs physbo 3.2 (pip install 'physbo==3.2.*').
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import pathlib
import time

import numpy
import physbo

from suggest_campaigns import BUDGETS, DEFAULT_BUDGET, STARTS, TABLES, load, starts, summary


class Found(Exception):
    pass


def search(name, score, seed, features, interval):
    table, values = load(name)
    X, t = physbo.misc.centering(numpy.array(table)), numpy.array(values)
    best = t.max()
    actions = starts(seed, len(t))
    budget = min(BUDGETS.get(name, DEFAULT_BUDGET), len(t))

    def measure(action):
        actions.extend(int(a) for a in action)
        if t[action].max() >= best:
            raise Found
        return t[action]

    policy = physbo.search.discrete.Policy(test_X=X)
    policy.set_seed(seed)
    first = numpy.array(actions)
    policy.write(first, t[first])
    began = time.process_time()
    if t[first].max() < best:
        try:
            policy.bayes_search(
                max_num_probes=budget - STARTS, simulator=measure, score=score, interval=interval, num_rand_basis=features, is_disp=False)
        except Found:
            pass
    seconds = time.process_time() - began
    return {"set": name, "score": score, "seed": seed, "features": features, "interval": interval, "proposals": len(actions) - STARTS,
            "seconds": round(seconds, 6), **summary(values, actions)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("--sets", default=",".join(TABLES))
    parser.add_argument("--scores", default="EI,TS")
    parser.add_argument("--seeds", default="0-9")
    parser.add_argument("--features", type=int, default=1000)
    parser.add_argument("--interval", type=int, default=10)
    options = parser.parse_args()
    first, last = (options.seeds.split("-") * 2)[:2]
    done = set()
    if options.output.exists():
        done = {(r["set"], r["score"], r["seed"]) for r in map(json.loads, options.output.read_text().splitlines())}
    for seed in range(int(first), int(last) + 1):
        for name in options.sets.split(","):
            for score in options.scores.split(","):
                if (name, score, seed) in done:
                    continue
                result = search(name, score, seed, options.features, options.interval)
                with open(options.output, "a") as file:
                    file.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
