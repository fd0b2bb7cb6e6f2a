import MaterialsCore

/// A property of the run, with how its values are spread.
public struct ReportedProperty: Codable, Equatable, Sendable {
    /// Name in expressions and outputs.
    public var name: String
    /// Unit, where known.
    public var unit: String?
    /// True where values come with a standard deviation (column `<name>_std`).
    public var hasSpread: Bool
    /// Mean over the candidates that passed all filters, of the exact sum; nil where none has a value.
    public var mean: Double?
    /// How the values are spread, where counted.
    public var histogram: ReportedHistogram?
    /// Names of classes by code, where the values are such codes; tables show the names.
    public var classes: [String]?

    /// Makes a property.
    public init(
        name: String, unit: String? = nil, hasSpread: Bool = false, mean: Double? = nil, histogram: ReportedHistogram? = nil,
        classes: [String]? = nil
    ) {
        (self.name, self.unit, self.hasSpread, self.mean, self.histogram) = (name, unit, hasSpread, mean, histogram)
        self.classes = classes
    }

    /// Name of the class of a code; nil where the property is a number, or the value missing.
    public func className(_ value: Double?) -> String? {
        guard let classes, let value, let code = Int(exactly: value), classes.indices.contains(code) else { return nil }
        return classes[code]
    }

    /// A property of the run.
    public init(_ definition: PropertyDefinition, histogram: ReportedHistogram? = nil) {
        self.init(name: definition.name, unit: definition.unit, hasSpread: definition.hasSpread, histogram: histogram)
    }
}

/// Counts in bins of equal width, for all candidates that had a value and for those that passed all filters.
public struct ReportedHistogram: Codable, Equatable, Sendable {
    /// Lower edge of the first bin.
    public var lower: Double
    /// Upper edge of the last bin.
    public var upper: Double
    /// Candidates that had a value.
    public var before: [Int]
    /// Candidates that passed all filters, in the same bins.
    public var after: [Int]
    /// Candidates with a value below `lower`.
    public var below: Int
    /// Candidates with a value above `upper`.
    public var above: Int
    /// Candidates that passed all filters with a value below `lower` or above `upper`.
    public var afterOutside: Int?

    /// Makes a histogram; both counts have the same number of bins.
    public init(lower: Double, upper: Double, before: [Int], after: [Int], below: Int = 0, above: Int = 0, afterOutside: Int? = nil) {
        precondition(before.count == after.count && lower < upper)
        (self.lower, self.upper, self.before, self.after) = (lower, upper, before, after)
        (self.below, self.above, self.afterOutside) = (below, above, afterOutside)
    }
}

/// Candidates rejected for one reason.
public struct RejectionCount: Codable, Equatable, Sendable {
    /// Where they failed.
    public var stage: RejectionStage
    /// Reason code.
    public var reason: String
    /// How many.
    public var count: Int
    /// The first few, in index order.
    public var examples: [Example]

    /// One of them.
    public struct Example: Codable, Equatable, Sendable {
        /// Label.
        public var id: String
        /// One line: what and where.
        public var detail: String

        /// Makes an example.
        public init(id: String, detail: String) { (self.id, self.detail) = (id, detail) }
    }

    /// Makes a count.
    public init(stage: RejectionStage, reason: String, count: Int, examples: [Example] = []) {
        (self.stage, self.reason, self.count, self.examples) = (stage, reason, count, examples)
    }
}

/// A file that went into the run.
public struct ReportedInput: Codable, Equatable, Sendable {
    /// What it is for: `candidates`, `training of gap`, `model of gap`, …
    public var role: String
    /// Path as given.
    public var path: String
    /// Hash of the content, hexadecimal.
    public var sha256: String
    /// Who may see it.
    public var dataClass: DataClass
    /// Licence, as stated.
    public var license: String?
    /// Origin, as stated.
    public var source: String?

    /// Makes an input.
    public init(role: String, path: String, sha256: String, dataClass: DataClass = .open, license: String? = nil, source: String? = nil) {
        (self.role, self.path, self.sha256) = (role, path, sha256)
        (self.dataClass, self.license, self.source) = (dataClass, license, source)
    }

    /// An input of known provenance.
    public init(role: String, _ provenance: SourceProvenance, sha256: String) {
        self.init(
            role: role, path: provenance.path, sha256: sha256, dataClass: provenance.dataClass, license: provenance.license,
            source: provenance.source)
    }
}

/// Facts by name: host, versions, seconds. Always in the order of names.
public struct ReportedFacts: Codable, Equatable, Sendable {
    /// A text or a number.
    public enum Value: Codable, Equatable, Sendable {
        case text(String)
        case number(Double)

        /// Reads either.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        /// Writes the bare text or number.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let t): try container.encode(t)
            case .number(let n): try container.encode(n)
            }
        }
    }

    /// The facts; names are lower-case with underscores and hold the unit: `training_seconds`.
    public var values: [String: Value]

    /// Facts by name.
    public init(_ values: [String: Value] = [:]) { self.values = values }

    /// Reads a JSON object.
    public init(from decoder: any Decoder) throws { values = try decoder.singleValueContainer().decode([String: Value].self) }
    /// Writes a JSON object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    /// Adds or replaces a text.
    public mutating func set(_ name: String, _ text: String) { values[name] = .text(text) }
    /// Adds or replaces a number.
    public mutating func set(_ name: String, _ number: Double) { values[name] = .number(number) }

    /// Name and text of each, by name.
    public var lines: [(name: String, text: String)] {
        values.sorted { $0.key < $1.key }.map { fact in
            switch fact.value {
            case .text(let t): (fact.key, t)
            case .number(let n): (fact.key, numberText(n))
            }
        }
    }
}
