import Foundation

/// Measurements as JSON lines, one a line, oldest first.
public enum History {
    /// One line of JSON, keys sorted, with the derived figures beside the measured ones.
    public static func line(_ measurement: Measurement) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Record(measurement)), as: UTF8.self)
    }

    /// Adds a measurement at the end of a file, which is made where there is none.
    public static func append(_ measurement: Measurement, to path: String) throws {
        guard let file = fopen(path, "a") else { throw HistoryError(message: "cannot write \(path)") }
        defer { fclose(file) }
        fputs(try line(measurement) + "\n", file)
    }

    /// Reads a file; a line that is none of ours is an error that names it.
    public static func read(_ path: String) throws -> [Measurement] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw HistoryError(message: "cannot read \(path)")
        }
        return try parse(text, subject: path)
    }

    /// Reads JSON lines.
    public static func parse(_ text: String, subject: String) throws -> [Measurement] {
        try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            if line.isEmpty { return nil }
            guard let measurement = try? JSONDecoder().decode(Measurement.self, from: Data(line.utf8)) else {
                throw HistoryError(message: "\(subject), line \(number + 1): not a measurement of matsieve-bench")
            }
            return measurement
        }
    }

    /// A measurement with the figures that other programs would else derive again.
    private struct Record: Encodable {
        let measurement: Measurement
        init(_ measurement: Measurement) { self.measurement = measurement }

        enum Key: String, CodingKey {
            case medianSeconds, minSeconds, maxSeconds, relativeSpread, itemsPerSecond, itemsPerUserSecond
        }

        func encode(to encoder: any Encoder) throws {
            try measurement.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(measurement.medianSeconds, forKey: .medianSeconds)
            try container.encode(measurement.seconds.min(), forKey: .minSeconds)
            try container.encode(measurement.seconds.max(), forKey: .maxSeconds)
            try container.encode(measurement.relativeSpread, forKey: .relativeSpread)
            try container.encode(finite(measurement.itemsPerSecond), forKey: .itemsPerSecond)
            try container.encode(finite(measurement.itemsPerUserSecond), forKey: .itemsPerUserSecond)
        }

        private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    }
}

/// What is wrong with a history, in one line.
public struct HistoryError: Error, CustomStringConvertible {
    /// The line.
    public var message: String
    /// The line.
    public var description: String { message }
}
