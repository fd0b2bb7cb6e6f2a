import MaterialsCore

/// Writes a structure as a POSCAR of VASP 5.
///
///     <title>
///     1.0
///     ax ay az / bx by bz / cx cy cz
///     Ti O
///     1 2
///     Direct
///     0 0 0 …
///
/// - Input:  an ordered structure that repeats along three axes
/// - Output: atoms by element in ascending atomic number, else in their order; the shortest numbers that read back the same, Å and
///   fractional coordinates
/// - Source: VASP manual, POSCAR
public enum POSCARWriter {
    /// Why a structure cannot be written; nil where it can.
    public static func obstacle(_ structure: CrystalStructure) -> String? {
        if structure.isDisordered { return "has shared or partly occupied positions" }
        return structure.periodicity == .full ? nil : "does not repeat along all three axes"
    }

    /// The text of the file.
    public static func text(_ structure: CrystalStructure, title: String) -> String {
        precondition(obstacle(structure) == nil)
        let numbers = Set(structure.atomicNumbers).sorted()
        let entries = numbers.map { z in structure.atomicNumbers.indices.filter { structure.atomicNumbers[$0] == z } }
        var lines = [title.split(whereSeparator: \.isNewline).joined(separator: " "), "1.0"]
        for axis in 0..<3 { lines.append(line(structure.lattice[axis].angstroms)) }
        lines.append(numbers.map { Element.symbols[Int($0)] }.joined(separator: " "))
        lines.append(entries.map { String($0.count) }.joined(separator: " "))
        lines.append("Direct")
        for entry in entries.joined() { lines.append(line(structure.positions[entry].coordinates)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ v: SIMD3<Double>) -> String { "\(numberText(v.x)) \(numberText(v.y)) \(numberText(v.z))" }
}
