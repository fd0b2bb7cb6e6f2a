/// A chemical element, by atomic number.
public struct Element: Hashable, Comparable, Sendable {
    /// Atomic number, 1 to 118.
    public let atomicNumber: UInt8

    /// The element of an atomic number; nil outside 1…118.
    public init?(atomicNumber: Int) {
        guard (1...118).contains(atomicNumber) else { return nil }
        self.atomicNumber = UInt8(atomicNumber)
    }

    /// The element of a symbol, in its usual case (`Na`); nil where there is none. D and T are not elements here.
    public init?(symbol: String) {
        guard let i = Self.symbols.firstIndex(of: symbol), i > 0 else { return nil }
        atomicNumber = UInt8(i)
    }

    /// Symbol, such as `Na`.
    public var symbol: String { Self.symbols[Int(atomicNumber)] }

    /// Order of atomic numbers.
    public static func < (a: Element, b: Element) -> Bool { a.atomicNumber < b.atomicNumber }

    /// Symbols by atomic number; the first is empty.
    public static let symbols: [String] = [
        "",
        "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K", "Ca",
        "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr",
        "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd",
        "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg",
        "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm",
        "Md", "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
    ]
}
