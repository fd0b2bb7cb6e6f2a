import MaterialsCore

/// Writes structures as frames of extended XYZ.
///
///     <atoms>
///     Lattice="ax ay az bx by bz cx cy cz" Properties=species:S:1:pos:R:3 pbc="T T T" id="mp-1" gap=1.1
///     Si 0.0 0.0 0.0
///
/// - Input:    ordered structures; numbers that are missing (NaN) and empty texts are left out
/// - Output:   the lattice in Å as the shortest text that reads back the same, positions to 10⁻¹¹ Å: what is read back is written with the
///   same bytes again; a structure without any periodic axis has no `Lattice`
/// - Source:   libAtoms extended XYZ specification
public struct ExtendedXYZWriter {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty file.
    public init() {}

    /// Adds a frame.
    public mutating func write(_ structure: CrystalStructure, values: [(name: String, value: DecodedStructure.Value)]) {
        precondition(!structure.isDisordered, "extended XYZ has no shared positions")
        put("\(structure.count)\n")
        if structure.periodicity != .none {
            let numbers = (0..<3).flatMap { axis in
                let v = structure.lattice[axis].angstroms
                return [v.x, v.y, v.z].map(numberText)
            }
            put("Lattice=\"\(numbers.joined(separator: " "))\" ")
        }
        let axes = (0..<3).map { structure.periodicity[$0] ? "T" : "F" }.joined(separator: " ")
        put("Properties=species:S:1:pos:R:3 pbc=\"\(axes)\"")
        for (name, value) in values { put(name, value) }
        put("\n")
        for i in 0..<structure.count {
            let p = structure.cartesian(i).angstroms
            let numbers = [p.x, p.y, p.z].map { numberText(Self.rounded($0)) }.joined(separator: " ")
            put("\(Element.symbols[Int(structure.atomicNumbers[i])]) \(numbers)\n")
        }
    }

    /// To 10⁻¹¹ Å, so that the digits outlast the way to fractional coordinates and back; further out than 10 µm as it is.
    private static func rounded(_ coordinate: Double) -> Double {
        coordinate.magnitude < 1e5 ? (coordinate * 1e11).rounded() / 1e11 : coordinate
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func put(_ name: String, _ value: DecodedStructure.Value) {
        switch value {
        case .number(let number): if !number.isNaN { put(" \(Self.key(name))=\(numberText(number))") }
        case .text(let text): if !text.isEmpty { put(" \(Self.key(name))=\(Self.quoted(text))") }
        }
    }

    private static func key(_ name: String) -> String {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { isWord($0) }
        return isPlain ? name : quoted(name)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for c in text {
            switch c {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n", "\r\n", "\r": result += "\\n"
            default: result.append(c)
            }
        }
        return result + "\""
    }
}
