"""Writes small candidate stores, a model-like file and a feature table with h5py alone, from the published layout.

    python3 -m venv venv && venv/bin/pip install h5py==3.16.0 numpy==2.4.6
    venv/bin/python scripts/generate-references/h5py_store.py

What MatSieve reads from them must equal what `expected.json` holds.
"""

import json
import pathlib

import h5py
import numpy

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Datasets" / "references" / "h5py_store"
ROWS = 1500


def text(group, strings, **layout):
    encoded = [s.encode() for s in strings]
    offset = numpy.concatenate([[0], numpy.cumsum([len(e) for e in encoded])])
    group.create_dataset("offset", data=offset.astype("<u8"), **layout)
    group.create_dataset("bytes", data=numpy.frombuffer(b"".join(encoded), dtype="u1"), **layout)


def candidates(random):
    rows = []
    for i in range(ROWS):
        count = int(random.integers(1, 6))
        elements = sorted(int(z) for z in random.choice(numpy.arange(1, 119), count, replace=False))
        amounts = [float(x) for x in numpy.round(random.uniform(0.25, 8, count), 3)]
        rows.append({
            "id": ["mp-%d", "é-%d", "日本-%d", "%d"][i % 4] % i,
            "atomic_number": elements,
            "amount": amounts,
            "gap": None if i % 7 == 0 else float(random.normal()),
            "energy": float(numpy.float32(random.normal())),
            "space group": "" if i % 5 == 0 else ["Fm-3m", "P2_1/c", "−"][i % 3],
        })
    return rows


def write_store(path, rows, layout, fixed_text=True, odd_types=False):
    string = numpy.bytes_ if fixed_text else str
    with h5py.File(path, "w") as file:
        file.attrs["matsieve_schema"] = 1
        file.attrs["title"] = string("made by h5py")
        file.attrs["license"] = string("CC0-1.0")
        file.attrs["data_class"] = string("shared")
        text(file.create_group("id"), [r["id"] for r in rows], **layout)
        composition = file.create_group("composition")
        offset = numpy.concatenate([[0], numpy.cumsum([len(r["amount"]) for r in rows])])
        composition.create_dataset("offset", data=offset.astype("<i8" if odd_types else "<u8"), **layout)
        composition.create_dataset("atomic_number", data=numpy.array(sum((r["atomic_number"] for r in rows), []), "u1"), **layout)
        composition.create_dataset("amount", data=numpy.array(sum((r["amount"] for r in rows), [])), **layout)
        gap = numpy.array([numpy.nan if r["gap"] is None else r["gap"] for r in rows])
        properties = file.create_group("property")
        properties.create_dataset("gap", data=gap.astype(">f8" if odd_types else "<f8"), **layout)
        properties["gap"].attrs["unit"] = string("eV")
        properties["gap"].attrs["data_class"] = string("closed" if odd_types else "open")
        properties.create_dataset("energy", data=numpy.array([r["energy"] for r in rows], "<f4"), **layout)
        text(file.create_group("text/space group"), [r["space group"] for r in rows], **layout)


def write_faulty(path):
    """Rows that are no composition, and one that is out of order with an element twice."""
    parts = [([8, 26, 8], [1.0, 2.0, 2.0]), ([0], [1.0]), ([119], [1.0]), ([26], [0.0]), ([26], [-1.0]), ([26], [float("nan")]),
             ([26], [float("inf")]), ([], []), ([11, 17], [1.0, 1.0])]
    with h5py.File(path, "w") as file:
        file.attrs["matsieve_schema"] = 1
        text(file.create_group("id"), ["r%d" % i for i in range(len(parts))])
        composition = file.create_group("composition")
        composition["offset"] = numpy.concatenate([[0], numpy.cumsum([len(z) for z, _ in parts])]).astype("<u8")
        composition["atomic_number"] = numpy.array(sum((z for z, _ in parts), []), "u1")
        composition["amount"] = numpy.array(sum((x for _, x in parts), []))


def write_features(path, random):
    features = random.normal(size=(60, 4)).astype("<f4")
    with h5py.File(path, "w") as file:
        file.create_dataset("features", data=features, chunks=(16, 2), compression="gzip")
        file["feature_names"] = ["a", "b/c", "é", ""]
        file["target"] = numpy.arange(60)
    return {"features": [float(x) for x in features.ravel()], "feature_names": ["a", "b/c", "é", ""]}


def main():
    random = numpy.random.default_rng(20240501)
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = candidates(random)
    write_store(FOLDER / "deflated.h5", rows, dict(chunks=(1000,), shuffle=True, compression="gzip"), fixed_text=False)
    write_store(FOLDER / "contiguous.h5", rows, {}, odd_types=True)
    write_store(FOLDER / "checksummed.h5", rows, dict(chunks=(777,), compression="gzip", fletcher32=True))
    write_faulty(FOLDER / "faulty.h5")
    with h5py.File(FOLDER / "newer.h5", "w") as file:
        file.attrs["matsieve_schema"] = 2
    expected = {"rows": rows, "table": write_features(FOLDER / "features.h5", random)}
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")))


main()
