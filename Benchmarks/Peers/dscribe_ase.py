"""DScribe 2.1.2 with ASE 3.29: its System hands arguments on by position, and ASE 3.29 has one more. Importing this mends it."""

from ase import Atoms
from dscribe.core import System


def _init(self, symbols=None, positions=None, numbers=None, cell=None, pbc=None, wyckoff_positions=None, equivalent_atoms=None, **_):
    Atoms.__init__(self, symbols=symbols, positions=positions, numbers=numbers, cell=cell, pbc=pbc)
    self.wyckoff_positions, self.equivalent_atoms = wyckoff_positions, equivalent_atoms
    self._cell_inverse = self._displacement_tensor = self._distance_matrix = self._inverse_distance_matrix = None


def _from_atoms(atoms):
    return System(numbers=atoms.numbers, positions=atoms.positions, cell=atoms.cell, pbc=atoms.pbc)


System.__init__ = _init
System.from_atoms = staticmethod(_from_atoms)
