import Foundation
import MaterialsCore

/// Measurements as JSON lines, one a line, oldest first. Keys are in snake case: `rows`, `seconds`, `rate_per_second`, `checksum`, …
public enum History {
    /// One line of JSON, keys sorted, with the derived figures beside the measured ones.
    public static func line(_ measurement: Measurement) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(Record(measurement: measurement)), as: UTF8.self)
    }

    /// Adds a measurement at the end of a file, which is made where there is none.
    public static func append(_ measurement: Measurement, to path: String) throws {
        guard let file = fopen(path, "a") else {
            throw MatSieveError.input("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        fputs(try line(measurement) + "\n", file)
    }

    /// Reads a file.
    /// - Throws: `MatSieveError.input` for a file that can't be read, or a line that is no measurement.
    public static func read(_ path: String) throws -> [Measurement] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw MatSieveError.input("cannot read \(path)")
        }
        return try parse(text, subject: path)
    }

    /// Reads JSON lines; `subject` names them in errors.
    public static func parse(_ text: String, subject: String) throws -> [Measurement] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            if line.isEmpty { return nil }
            guard let measurement = try? decoder.decode(Measurement.self, from: Data(line.utf8)) else {
                throw MatSieveError.input("\(subject), line \(number + 1): not a measurement of matsieve-bench")
            }
            return measurement
        }
    }
}

/// A measurement with the figures that other programs would else derive again.
private struct Record: Encodable {
    let measurement: Measurement

    func encode(to encoder: any Encoder) throws {
        try measurement.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        var figures = measurement.extras
        figures["medianSeconds"] = measurement.medianSeconds
        figures["minSeconds"] = measurement.seconds.min()
        figures["maxSeconds"] = measurement.seconds.max()
        figures["relativeSpread"] = measurement.relativeSpread
        figures["ratePerSecond"] = measurement.ratePerSecond
        figures["ratePerUserSecond"] = measurement.ratePerUserSecond
        for (name, value) in figures where value.isFinite { try container.encode(value, forKey: Key(stringValue: name)) }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
