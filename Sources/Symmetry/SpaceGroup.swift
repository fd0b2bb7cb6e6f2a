import CSpglib
import MaterialsCore

/// A space group in one of its settings, as spglib tabulates them.
public struct SpaceGroup: Hashable, Sendable {
    /// Number in spglib's table of 530 settings.
    public let hallNumber: Int
    /// Number in International Tables, 1…230.
    public let number: Int
    /// Hall symbol.
    public let hallSymbol: String
    /// Short international symbol.
    public let symbol: String
    /// Full international symbol of the setting, such as `P 1 2_1/c 1`.
    public let fullSymbol: String
    /// All symbols of the setting that spglib lists, the group's first.
    let listedSymbols: [String]
    /// What tells the setting from others with the same symbol: origin (`1`, `2`), axes (`H`, `R`, `b1`, `2cab`) or nothing.
    public let choice: String

    /// The setting of a Hall number (1…530); nil outside.
    public init?(hallNumber: Int) {
        guard (1...530).contains(hallNumber) else { return nil }
        var type = spg_get_spacegroup_type(Int32(hallNumber))
        func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
        self.hallNumber = hallNumber
        number = Int(type.number)
        hallSymbol = withUnsafeBytes(of: &type.hall_symbol, text)
        symbol = withUnsafeBytes(of: &type.international_short, text)
        fullSymbol = withUnsafeBytes(of: &type.international_full, text)
        choice = withUnsafeBytes(of: &type.choice, text)
        listedSymbols = withUnsafeBytes(of: &type.international, text).split(separator: "=").map(String.init)
    }

    /// All 530 settings, by Hall number.
    public static let all: [SpaceGroup] = (1...530).map { SpaceGroup(hallNumber: $0)! }

    /// Symmetry operations of the setting, the identity first, lattice translations included: at most 192.
    public var operations: [SymmetryOperation] {
        // The sizes are those that spglib asks for.
        var rotations = [Int32](repeating: 0, count: 192 * 9)
        var translations = [Double](repeating: 0, count: 192 * 3)
        let count = rotations.withUnsafeMutableBytes { r in
            translations.withUnsafeMutableBytes { t in
                spg_get_symmetry_from_database(
                    r.baseAddress!.assumingMemoryBound(to: ((Int32, Int32, Int32), (Int32, Int32, Int32), (Int32, Int32, Int32)).self),
                    t.baseAddress!.assumingMemoryBound(to: (Double, Double, Double).self), Int32(hallNumber))
            }
        }
        return (0..<Int(count)).map { k in
            func row(_ i: Int) -> SIMD3<Int> {
                SIMD3(Int(rotations[9 * k + 3 * i]), Int(rotations[9 * k + 3 * i + 1]), Int(rotations[9 * k + 3 * i + 2]))
            }
            // All are multiples of 1/12.
            func twelfth(_ i: Int) -> Double { (translations[3 * k + i] * 12).rounded() / 12 }
            return SymmetryOperation(
                rows: .init(row(0), row(1), row(2)), translation: SIMD3(twelfth(0), twelfth(1), twelfth(2)))
        }
    }
}
