import Foundation

/// JSON as the commands print it: keys sorted, numbers shortest, one line.
public enum JSONText {
    /// One line.
    public static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
