#!/usr/bin/env python3
"""Write matminer's composition features of a fixed sample of formulas to Datasets/references/composition_features/.

    composition_features.py [--output DIR] [--count 1500] [--seed 20240] [--tiny]

Needs the versions of requirements.txt. What each featurizer does is described in notes.md there.
"""

import argparse
import csv
import gzip
import io
import math
import pathlib
import random
import signal
import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore")

import numpy as np
from matminer.featurizers import composition as featurizers
from matminer.featurizers.conversions import CompositionToOxidComposition
from pymatgen.core import Composition, Element

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS_PER_ROW = 60
SHELLS_PER_ROW = 20_000
MULTISETS_PER_ROW = 100_000
CHARGES_PER_ROW = 1_000_000

TASKS = ["expt_gap.csv"] + [
    f"{task}.csv.gz"
    for task in ("mp_e_form", "expt_is_metal", "glass", "steels", "jdft2d", "phonons", "dielectric", "log_kvrh", "perovskites")
]

# Cases that samples of real tables miss.
HARD = """
H H2 He Li B C N2 O2 F2 Ne Na Al Si S8 Cl2 Ar Fe Cu Kr Xe Rn Pu Yb U Bk Rf Og At Fr
HeNa2 NaHe HeNeArKr XeF2 XeF4 KrF2 RnF2 Fe2He HeO Ne3Fe BkO2 BkF4 Bk2O3 CfCl3 EsF3 FmO MdCl3 NoCl2 LrCl3 RfCl4 RfO2 DbBr5 SgO3 OgF2 NhCl FlO2
AtI NaAt FrCl Fr2O RaCl2 Ra3N2 AcF3 Ac2O3 ThO2 PaCl5 UO2 U3O8 UF6 NpO2 PuO2 AmO2 CmO2 PmCl3 Pm2O3 TcO2 PoO2 Po2Cl4 LrPu
H2O D2O H2O2 Li2O2 LiO NaO KO2 CsO2 OF2 NO N2O NH3 NH4NO3 N3Cl HF HCl SF6 SO2 CO CO2 CH4 C60 C60H2
Fe2O3 Fe3O4 FeO Mn3O4 Co3O4 Pb3O4 Sb2O4 U3O8 V6O13 Ti4O7 Fe0.947O FeO1.5 Na3.5Cl3.5 NaCl2 Na2Cl2 KMnO2 K4Mn4O8 KMnO4 LaNiO3 LaMnO3
LiFePO4 Li3Fe2(PO4)3 Al2(SO4)3 Ca10(PO4)6(OH)2 Ca5P3O13H [Co(NH3)6]Cl3 K4[Fe(CN)6] K3[Fe(CN)6] Na2{B4O5(OH)4} (NH4)2SO4 Mg3(Si2O5)(OH)2 Cu2(OH)2CO3
YBa2Cu3O6.93 Ba0.6K0.4Fe2As2 La1.85Sr0.15CuO4 (La0.5Sr0.5)2CuO4 ((Li0.2Na0.8)2O)0.5(SiO2)0.5 Na0.5(Cl0.5Br0.5)0.5 Pb(Zr0.52Ti0.48)O3 FeC0.00001 Fe1e-5C Na2.5e-3Cl
Ga0.47In0.53As Cu0.85In0.7Ga0.3Se2 Cs0.05(FA)0 AlCoCrCuFeNi Al0.5CoCrCuFeNiTi0.5V0.5Mn0.5 CoCrFeMnNi HfNbTaTiZr MoNbTaVW Zr41.2Ti13.8Cu12.5Ni10Be22.5 Fe48Cr15Mo14Er2C15B6
Pd40Cu30Ni10P20 Mg65Cu25Y10 La55Al25Ni20 Zr65Al7.5Cu17.5Ni10 Cu50Zr50 Fe80B20 Ni3Al NiTi Fe3C HN BeH2 Nb3Sn AuCu3 YbTm Yb99Tm HgTl ZnCd PbSn BiSb
NaKRbCsFClBrIO LiNaKRbCsFClBrI HCNOFPSClBr TiVCrMnFeCoNiCuZn ScTiVCrMnFeCoNiCuZn Na2Al2Si3O10H4 K2NaAlF6 CaMgSi2O6 KAl3Si3O12H2 Na8Al6Si6O24Cl2 CsPbI3 CsSnBr3 CuInSe2 Cu2ZnSnS4 Cu2ZnSnSe4 Bi2Te3
GaN ZnO CdTe InSb MgB2 WC TiN SiC BN AlN ZnS HgS PbTe SnTe TlBr AgCl AuTe2 Ag(AuS)2 Ag(W3Br7)2 Ba(CuAs)2 ErNi5 SmCo5 Nd2Fe14B LuH3 EuO CeO2 PrO2 TbO2 GdFeO3 DyScO3 HoMnO3
A2B X Fe2(SO4 fe Fe2+O 2H2O
""".split()


class BoundedIonProperty(featurizers.IonProperty):
    """The search with several oxidation states per element, refused where pymatgen's enumeration is too long for a reference."""

    def featurize(self, composition):
        multisets, charges = 0, 1
        for element, amount in composition.items():
            states, atoms = element.common_oxidation_states or (0,), int(amount)
            multisets += math.comb(atoms + len(states) - 1, atoms)
            charges *= min(math.comb(atoms + len(states) - 1, atoms), atoms * (max(states) - min(states)) + 1)
        if len(composition) > 1 and (multisets > MULTISETS_PER_ROW or charges > CHARGES_PER_ROW):
            raise Skipped(f"{multisets} multisets, {charges} charges")
        return super().featurize(composition)


def open_text(path):
    return gzip.open(path, "rt", newline="") if path.suffix == ".gz" else open(path, newline="")


def column(path, name):
    with open_text(path) as file:
        return [row[name].strip() for row in csv.DictReader(file) if row[name].strip()]


def sample(count, seed):
    """The hard cases, then formulas drawn evenly from every source; the same list for the same datasets and seed."""
    generator = random.Random(seed)
    data = ROOT / "Datasets"
    sources = [column(data / "matbench" / task, "formula") for task in TASKS]
    sources.append(column(data / "mp_stability/formation_energy.csv.gz", "formula"))
    sources.append(column(data / "mpea_alloys/MPEA_dataset.csv", "FORMULA"))
    bracketed = sorted({formula for source in sources for formula in source if "(" in formula and len(formula) > 25})
    decimal = sorted({formula for source in sources for formula in source if "." in formula})
    many = sorted({formula for source in sources for formula in source if sum(letter.isupper() for letter in formula) >= 8})
    sources += [bracketed, decimal, many]
    chosen = dict.fromkeys(HARD)
    pools = [generator.sample(sorted(set(source)), len(set(source))) for source in sources]
    while len(chosen) < count and any(pools):
        for pool in pools:
            while pool:
                formula = pool.pop()
                if formula not in chosen:
                    chosen[formula] = None
                    break
            if len(chosen) >= count:
                break
    return list(chosen)


class Timeout(Exception):
    pass


class Skipped(Exception):
    pass


class BoundedPacking(featurizers.AtomicPackingEfficiency):
    """The packing efficiency, refused where the enumeration of neighbour shells is too long for a reference."""

    def featurize(self, composition):
        amounts = sorted(composition.element_composition.items(), key=lambda item: item[1], reverse=True)
        radii = self._data_source.get_elemental_properties([element for element, _ in amounts[: self.max_types]], "MiracleRadius")
        smallest = self.find_ideal_cluster_size(min(radii) / max(radii))[0]
        largest = self.find_ideal_cluster_size(max(radii) / min(radii))[0]
        shells = sum(math.comb(size + len(radii) - 1, size) for size in range(smallest, largest + 1))
        if shells > SHELLS_PER_ROW:
            raise Skipped(f"{shells} neighbour shells")
        return super().featurize(composition)


def on_alarm(*_):
    raise Timeout(f"no result within {SECONDS_PER_ROW} s")


def plan():
    """(file name, featurizer, needs charged species, only rows with a missing value)"""
    f = featurizers
    return [
        ("magpie", f.ElementProperty.from_preset("magpie", impute_nan=True), False, False),
        ("magpie_no_impute", f.ElementProperty.from_preset("magpie", impute_nan=False), False, True),
        ("stoichiometry", f.Stoichiometry(p_list=(0, 2, 3, 5, 7, 10)), False, False),
        ("element_fraction", f.ElementFraction(), False, False),
        ("transition_metal_fraction", f.TMetalFraction(), False, False),
        ("valence_orbital", f.ValenceOrbital(props=("avg", "frac")), False, False),
        ("meredig", f.Meredig(), False, False),
        ("band_center", f.BandCenter(), False, False),
        ("yang", f.YangSolidSolution(), False, False),
        ("miedema", f.Miedema(struct_types="all", ss_types="min"), False, False),
        ("ion_property_fast", f.IonProperty(fast=True), False, False),
        ("oxidation_states", f.OxidationStates.from_preset("deml"), True, False),
        ("electronegativity_difference", f.ElectronegativityDiff(), True, False),
        ("electron_affinity", f.ElectronAffinity(), True, False),
        ("cation_property", f.CationProperty.from_preset("deml"), True, False),
        ("wen_alloys", f.WenAlloys(), False, False),
        ("atomic_packing_efficiency", BoundedPacking(), False, False),
        ("ion_property", BoundedIonProperty(fast=False), False, False),
    ]


def text(value):
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    value = float(value)
    if value != value:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def write(path, header, rows):
    """A CSV, gzipped without name and time so that the same values give the same bytes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = buffer.getvalue().encode()
    if path.suffix == ".gz":
        with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed:
            packed.write(content)
    else:
        path.write_bytes(content)


def guarded(action):
    """The result of `action`, or the first line of its exception."""
    signal.alarm(SECONDS_PER_ROW)
    try:
        return action(), None
    except Exception as error:
        message = (str(error) or "").strip().splitlines()
        return None, f"{type(error).__name__}: {message[0] if message else ''}"
    finally:
        signal.alarm(0)


def parse(formula):
    composition = Composition(formula)
    unknown = [str(species.symbol) for species in composition if not isinstance(species, Element)]
    if unknown:  # pymatgen takes a capitalised word for a "dummy species", of which nothing is known
        raise ValueError(f"{unknown[0]} is not an element")
    return composition


def species_text(composition):
    return " ".join(f"{species.symbol}{species.oxi_state:+g}:{amount:g}" for species, amount in composition.items())


def generate(formulas, folder):
    errors, compositions, charged = [], {}, {}
    for formula in formulas:
        compositions[formula], problem = guarded(lambda: parse(formula))
        if problem:
            errors.append(["composition", formula, problem])
    formulas = [formula for formula in formulas if compositions[formula] is not None]

    guess = CompositionToOxidComposition()
    for formula in formulas:
        result, problem = guarded(lambda: guess.featurize(compositions[formula])[0])
        if problem:
            errors.append(["composition_oxid", formula, problem])
        else:
            charged[formula] = result
    write(folder / "composition_oxid.csv.gz", ["formula", "species"], ([formula, species_text(charged[formula])] for formula in formulas if formula in charged))

    for name, featurizer, needs_charges, only_missing in plan():
        began, rows, labels = time.monotonic(), [], featurizer.feature_labels()
        keep = [index for index, label in enumerate(labels) if label not in ("Weight Fraction", "Atomic Fraction")]
        for formula in formulas:
            if needs_charges and formula not in charged:
                continue
            source = charged[formula] if needs_charges else compositions[formula]
            values, problem = guarded(lambda: featurizer.featurize(source))
            if problem:
                errors.append([name, formula, problem])
                continue
            values = [text(values[index]) for index in keep]
            if not only_missing or "" in values:
                rows.append([formula] + values)
        write(folder / f"{name}.csv.gz", ["formula"] + [labels[index] for index in keep], rows)
        print(f"{name}: {len(rows)} rows, {len(keep)} columns, {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    write(folder / "errors.csv", ["featurizer", "formula", "error"], errors)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=20_240)
    parser.add_argument("--tiny", action="store_true", help="40 formulas, to a temporary folder unless --output is given")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, on_alarm)
    formulas = sample(options.count, options.seed)
    if options.tiny:
        formulas = formulas[:: len(formulas) // 40][:40]
        if not options.output:
            with tempfile.TemporaryDirectory() as folder:
                return generate(formulas, pathlib.Path(folder))
    folder = options.output or ROOT / "Datasets/references/composition_features"
    folder.mkdir(parents=True, exist_ok=True)
    generate(formulas, folder)


if __name__ == "__main__":
    main()
