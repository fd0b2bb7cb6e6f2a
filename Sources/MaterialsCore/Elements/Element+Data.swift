/// Properties of the elements, from pymatgen 2026.10.24 (MIT licence).
///
/// Written by `scripts/generate-tables/element_data.py` from `Datasets/elements/elements.csv`.
extension Element {
    /// Standard atomic mass in u; the mass of the longest-lived isotope where there is no standard.
    public var atomicMass: Double { Self.atomicMasses[Int(atomicNumber)] }

    /// Pauling electronegativity; NaN where none is known (He, Ne, Ar, and beyond Lr).
    public var electronegativity: Double { Self.electronegativities[Int(atomicNumber)] }

    /// Group of the periodic table, 1 to 18; lanthanides and actinides are all in group 3.
    public var group: Int { Int(Self.groups[Int(atomicNumber)]) }

    /// Row of the periodic table, 1 to 7.
    public var row: Int { Int(Self.rows[Int(atomicNumber)]) }

    /// Atomic masses in u by atomic number; the first is 0.
    public static let atomicMasses: [Double] = [
        0, 1.00794, 4.002602, 6.941, 9.012182, 10.811, 12.0107, 14.0067, 15.9994, 18.9984032, 20.1797, 22.98976928, 24.305, 26.9815386,
        28.0855, 30.973762, 32.065, 35.453, 39.948, 39.0983, 40.078, 44.955912, 47.867, 50.9415, 51.9961, 54.938045, 55.845, 58.933195,
        58.6934, 63.546, 65.409, 69.723, 72.64, 74.9216, 78.96, 79.904, 83.798, 85.4678, 87.62, 88.90585, 91.224, 92.90638,
        95.94, 98, 101.07, 102.9055, 106.42, 107.8682, 112.411, 114.818, 118.71, 121.76, 127.6, 126.90447, 131.293, 132.9054519,
        137.327, 138.90547, 140.116, 140.90765, 144.242, 145, 150.36, 151.964, 157.25, 158.92535, 162.5, 164.93032, 167.259, 168.93421,
        173.04, 174.967, 178.49, 180.94788, 183.84, 186.207, 190.23, 192.217, 195.084, 196.966569, 200.59, 204.3833, 207.2, 208.9804,
        210, 210, 220, 223, 226, 227, 232.03806, 231.03588, 238.02891, 237, 244, 243, 247, 247,
        251, 252, 257, 258, 259, 262, 267, 268, 269, 270, 270, 278, 281, 282,
        285, 286, 289, 290, 293, 294, 294,
    ]

    /// Pauling electronegativities by atomic number; NaN where there is none.
    public static let electronegativities: [Double] = [
        .nan, 2.2, .nan, 0.98, 1.57, 2.04, 2.55, 3.04, 3.44, 3.98, .nan, 0.93, 1.31, 1.61,
        1.9, 2.19, 2.58, 3.16, .nan, 0.82, 1, 1.36, 1.54, 1.63, 1.66, 1.55, 1.83, 1.88,
        1.91, 1.9, 1.65, 1.81, 2.01, 2.18, 2.55, 2.96, 3, 0.82, 0.95, 1.22, 1.33, 1.6,
        2.16, 1.9, 2.2, 2.28, 2.2, 1.93, 1.69, 1.78, 1.96, 2.05, 2.1, 2.66, 2.6, 0.79,
        0.89, 1.1, 1.12, 1.13, 1.14, 1.13, 1.17, 1.2, 1.2, 1.1, 1.22, 1.23, 1.24, 1.25,
        1.1, 1.27, 1.3, 1.5, 2.36, 1.9, 2.2, 2.2, 2.28, 2.54, 2, 1.62, 2.33, 2.02,
        2, 2.2, 2.2, 0.7, 0.9, 1.1, 1.3, 1.5, 1.38, 1.36, 1.28, 1.3, 1.3, 1.3,
        1.3, 1.3, 1.3, 1.3, 1.3, 1.3, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan,
        .nan, .nan, .nan, .nan, .nan, .nan, .nan,
    ]

    /// Groups by atomic number; the first is 0.
    public static let groups: [UInt8] = [
        0, 1, 18, 1, 2, 13, 14, 15, 16, 17, 18, 1, 2, 13, 14, 15, 16, 17, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        12, 13, 14, 15, 16, 17, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 1, 2, 3, 3, 3,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 1, 2, 3,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
    ]

    /// Rows by atomic number; the first is 0.
    public static let rows: [UInt8] = [
        0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
        4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6,
        6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    ]
}
