"""Matrix files: a small JSON header beside raw little-endian values, row after row.

    NAME.json   {"rows": 500, "columns": 132, "dtype": "float32", "data": "NAME.f32", "names": [...]}
    NAME.f32    the values

dtype is float32, float64 or int32; NaN is a missing value; names is optional.
"""

import json
import pathlib

import numpy as np

SUFFIX = {"float32": ".f32", "float64": ".f64", "int32": ".i32"}


def write_matrix(path, values, names=None):
    path = pathlib.Path(path)
    values = np.atleast_2d(np.asarray(values))
    dtype = str(values.dtype)
    data = path.with_suffix(SUFFIX[dtype])
    values.astype(values.dtype.newbyteorder("<"), order="C").tofile(data)
    header = {"rows": values.shape[0], "columns": values.shape[1], "dtype": dtype, "data": data.name}
    if names is not None:
        header["names"] = list(names)
    path.write_text(json.dumps(header, indent=1) + "\n")
    return path


def write_column(path, values):
    return write_matrix(path, np.asarray(values).reshape(-1, 1))


def read_matrix(path):
    path = pathlib.Path(path)
    header = json.loads(path.read_text())
    values = np.fromfile(path.with_name(header["data"]), dtype=np.dtype(header["dtype"]).newbyteorder("<"))
    return values.reshape(header["rows"], header["columns"]).astype(header["dtype"], copy=False)
