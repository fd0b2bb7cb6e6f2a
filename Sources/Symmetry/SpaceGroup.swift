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

    /// The setting of a Hall number (1…530); nil outside.
    public init?(hallNumber: Int) {
        guard (1...530).contains(hallNumber) else { return nil }
        var type = spg_get_spacegroup_type(Int32(hallNumber))
        self.hallNumber = hallNumber
        number = Int(type.number)
        hallSymbol = withUnsafeBytes(of: &type.hall_symbol) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        symbol = withUnsafeBytes(of: &type.international_short) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
