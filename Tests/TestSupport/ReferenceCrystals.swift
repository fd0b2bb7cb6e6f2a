import Foundation
import MaterialsCore

/// A crystal with a label.
public struct NamedCrystal: Sendable {
    /// Label.
    public var name: String
    /// The crystal.
    public var crystal: CrystalStructure

    /// A crystal with a label.
    public init(name: String, crystal: CrystalStructure) { (self.name, self.crystal) = (name, crystal) }
}

/// Cells of a CSV that another code wrote; no quoted cells. The first row is the header.
public func referenceRows(_ path: String) throws -> [[String]] {
    String(decoding: try dataset(path), as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}

/// Numbers separated by spaces.
public func numbers(_ text: some StringProtocol) -> [Double] { text.split(separator: " ").map { Double($0)! } }

/// Crystals of a CSV: id, lattice vectors, atomic numbers, fractional coordinates, each list separated by spaces.
public func referenceCrystals(_ path: String) throws -> [NamedCrystal] {
    try referenceRows(path).dropFirst().map { cells in
        NamedCrystal(name: cells[0], crystal: crystal(lattice: numbers(cells[1]), numbers(cells[2]).map { UInt8($0) }, numbers(cells[3])))
    }
}

private func crystal(lattice v: [Double], _ atomicNumbers: [UInt8], _ f: [Double]) -> CrystalStructure {
    CrystalStructure(
        lattice: Lattice(
            a: CartesianVector(v[0], v[1], v[2]), b: CartesianVector(v[3], v[4], v[5]), c: CartesianVector(v[6], v[7], v[8])),
        atomicNumbers: atomicNumbers,
        positions: atomicNumbers.indices.map { FractionalPosition(f[3 * $0], f[3 * $0 + 1], f[3 * $0 + 2]) })
}

/// The examples of all 230 space groups, with kinds of atoms numbered as elements from 1; those with more than 118 kinds or Cartesian
/// coordinates are left out.
public func spaceGroupCrystals() throws -> [NamedCrystal] {
    try structureArchive("spglib_poscars").sorted { $0.path < $1.path }.filter { $0.path.contains("POSCAR") }.compactMap { file in
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let words = { (line: Int) in lines[line].split(whereSeparator: \.isWhitespace) }
        let scale = Double(words(1)[0])!
        let lattice = (2...4).flatMap { line in words(line).prefix(3).map { scale * Double($0)! } }
        var start = Int(words(5)[0]) == nil ? 6 : 5
        let counts = words(start).map { Int($0)! }
        if lines[start + 1].lowercased().contains(/^\s*s/) { start += 1 }
        guard counts.count <= 118, lines[start + 1].lowercased().contains(/^\s*d/) else { return nil }
        let atoms = counts.enumerated().flatMap { [UInt8](repeating: UInt8($0 + 1), count: $1) }
        let positions = atoms.indices.flatMap { words(start + 2 + $0).prefix(3).map { Double($0)! } }
        let name = file.path.replacing(/.*data\//, with: "")
        return NamedCrystal(name: name, crystal: crystal(lattice: lattice, atoms, positions))
    }
}
