import MaterialsCore

extension JSONDocument {
    /// Longest text that becomes a value beside a structure.
    private static let longestText = 1_000

    /// A value as a column takes it: numbers, truth values as 1 and 0, texts of one line; nil for anything else.
    func columnValue(_ value: Value) -> DecodedStructure.Value? {
        switch kind(value) {
        case .yes: return .number(1)
        case .no: return .number(0)
        case .number: return number(value).map { .number($0) }
        case .string:
            guard range(value).count <= Self.longestText, let text = string(value), !text.utf8.contains(where: { $0 < 32 }) else {
                return nil
            }
            return .text(text)
        case .null, .array, .object: return nil
        }
    }

    /// A text or a number as a label.
    func label(_ value: Value) -> String? {
        switch kind(value) {
        case .string: string(value)
        case .number: String(decoding: bytes[range(value)], as: UTF8.self)
        default: nil
        }
    }
}
