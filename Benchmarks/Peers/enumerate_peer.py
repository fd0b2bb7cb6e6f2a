#!/usr/bin/env python3
"""Charge-neutral compositions: SMACT's smact_filter against matsieve-bench, one thread, the same systems, lists and largest amounts.

    pip install smact==4.0.2
    enumerate_peer.py --binary matsieve-bench [--repeats 3] [--json FILE]
    enumerate_peer.py --tiny ...                  one small system

Counts of kept compositions, with every set of states and without, must be equal before anything is timed.
"""

import argparse
import math
import statistics
import warnings

import smact
from smact.screening import smact_filter

from harness import fail, relative_spread, report, run_bench, timed

warnings.simplefilter("ignore")
SYSTEMS = [("Cu-Zn-Sn-S", 8, "icsd24"), ("Cu-Zn-Sn-S", 8, "pymatgen_sp"), ("Cu-Zn-Sn-S", 8, "wiki"), ("Li-Fe-P-O", 8, "icsd24")]
TINY = [("Cs-Pb-I", 5, "icsd24")]
ATTRIBUTES = {"icsd24": "oxidation_states_icsd24", "pymatgen_sp": "oxidation_states_sp", "wiki": "oxidation_states_wiki"}


def by_smact(system, largest, states, unique):
    elements = [smact.Element(symbol) for symbol in system.split("-")]
    seconds, kept = timed(
        lambda: smact_filter(elements, threshold=largest, oxidation_states_set=states, species_unique=unique == "species")
    )
    choices = math.prod(len(getattr(element, ATTRIBUTES[states])) for element in elements)
    return seconds, len(kept), choices * largest ** len(elements)


def by_matsieve(binary, system, largest, states, unique, repeats):
    count = len(system.split("-"))
    return run_bench(
        binary, "enumerate", elements=system, components=f"{count}-{count}", max_coefficient=largest, oxidation_states=states,
        unique=unique, repeats=repeats,
    )  # fmt: skip


def compare(binary, case, unique, repeats):
    """Rates of both, taking turns; the counts are compared first."""
    ours = by_matsieve(binary, *case, unique, 3)
    seconds, kept, tested = by_smact(*case, unique)
    if (kept, tested) != (ours["kept"], ours["rows"]):
        fail(f"{case} {unique}: SMACT keeps {kept} of {tested}, matsieve {ours['kept']:.0f} of {ours['rows']:.0f}")
    theirs, own = [seconds], list(ours["seconds"])
    for _ in range(repeats - 1):
        own += by_matsieve(binary, *case, unique, 3)["seconds"]
        theirs.append(by_smact(*case, unique)[0])
    return tested, statistics.median(theirs), statistics.median(own), max(relative_spread(theirs), relative_spread(own))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    figures = {}
    for case in TINY if arguments.tiny else SYSTEMS:
        for unique in ("species", "formula"):
            tested, theirs, own, spread = compare(arguments.binary, case, unique, arguments.repeats)
            name = f"{case[0]} {case[2]} {unique}"
            figures[f"{name}: tested"] = tested
            figures[f"{name}: SMACT stoichiometries/s"] = tested / theirs
            figures[f"{name}: matsieve stoichiometries/s"] = tested / own
            figures[f"{name}: ratio"] = theirs / own
            figures[f"{name}: spread"] = spread
    report(figures, arguments.json)


if __name__ == "__main__":
    main()
