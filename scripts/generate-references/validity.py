"""Which formulas SMACT calls valid: writes Datasets/references/validity/.

    pip install smact==4.0.2
    python3 scripts/generate-references/validity.py

validity.csv: real formulas of Matbench (measured gaps, metallic glasses) and of the Materials Project
in Datasets, evenly spaced over the tables, with whole amounts; one column of 0 and 1 for each set of options, named in its head.
"""

import csv
import gzip
import io
import pathlib
import warnings

from pymatgen.core import Composition
from smact.screening import ICSD24FilterConfig, smact_validity

warnings.simplefilter("ignore")
ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Datasets/references/validity"
TABLES = [
    ("Datasets/matbench/expt_gap.csv", "formula", 300),
    ("Datasets/mp_stability/formation_energy.csv.gz", "formula", 300),
    ("Datasets/matbench/glass.csv.gz", "formula", 60),
]
ALWAYS = """Fe Ar NaCl Fe3O4 Co3O4 Mn3O4 Pb3O4 Eu3O4 Fe3S4 CuFeS2 FeS2 Na2O2 KO2 Al2Cu Ni3Al FeNi Cu5Zn8 Mg2Si Mg2Ge NaPm PmO LrF3 CsAu Cs3Bi
    GaAs SiC BN C60 H2O CH4 C2H6O HfC TiN TiO Ti4O7 V6O13 YBa2Cu3O7 LiFePO4 LiMn2O4 XeF2 KrF2 HeO OF2 SF6 N2O Cl2O7 ICl PuO2 UO2 U3O8 Bi2Te3
    PbTe SnS Sn3O4 Sb2O4 AgO Ag2O AuCl CuO Cu2O CeO2 Ce2O3 YbF2 Sm2Co17 LaNi5 Nb3Sn NbSe2 MoS2 W18O49 ReO3 OsO4 RuO2 PdO""".split()
OPTIONS = {
    "default": {},
    "no_pauling_test": {"use_pauling_test": False},
    "no_alloys": {"include_alloys": False},
    "icsd24": {"oxidation_states_set": "icsd24"},
    "icsd16_no_alloys": {"oxidation_states_set": "icsd16", "include_alloys": False},
    "pymatgen_sp": {"oxidation_states_set": "pymatgen_sp"},
    "smact14": {"oxidation_states_set": "smact14"},
    "wiki_no_alloys": {"oxidation_states_set": "wiki", "include_alloys": False},
    "medium": {"icsd_filter": ICSD24FilterConfig(commonality="medium"), "include_alloys": False},
    "main_of_10": {"icsd_filter": ICSD24FilterConfig(consensus=10, commonality="main")},
    "mixed_valence": {"mixed_valence": True, "include_alloys": False},
}


def formulas():
    seen = list(ALWAYS)
    for path, column, count in TABLES:
        data = (ROOT / path).read_bytes()
        text = gzip.decompress(data).decode() if path.endswith(".gz") else data.decode()
        whole = []
        for row in csv.DictReader(io.StringIO(text)):
            amounts = Composition(row[column]).as_dict().values()
            if all(amount == int(amount) for amount in amounts) and sum(amounts) <= 60:
                whole.append(row[column])
        step = len(whole) / count
        seen += [whole[int(i * step)] for i in range(min(count, len(whole)))]
    return list(dict.fromkeys(seen))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "validity.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["formula", *OPTIONS])
        for formula in formulas():
            writer.writerow([formula, *(int(smact_validity(formula, **options)) for options in OPTIONS.values())])


if __name__ == "__main__":
    main()
