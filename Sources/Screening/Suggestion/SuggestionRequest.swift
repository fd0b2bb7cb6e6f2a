import MaterialsCore
import Selection

/// What `matsieve suggest` is asked for.
public struct SuggestionRequest: Sendable {
    /// Candidates: descriptors, then objectives that are blank where unmeasured; a table or a store.
    public var candidates: String
    /// Registry name of the table's format, where its ending does not say.
    public var format: String?
    /// Where the measured columns are.
    public var objectives: Objectives
    /// Measured columns of which less is better.
    public var minimize: [String] = []
    /// Columns to be searched by; empty: all numeric columns that are neither measured nor the cost.
    public var descriptors: [String] = []
    /// Bounds on measured columns: `strength >= 300`.
    public var constraints: [String] = []
    /// Column of the cost of a measurement.
    public var cost: String?
    /// Proposals wanted.
    public var proposals = 1
    /// Acquisition and its settings; nil chooses one.
    public var method: NamedSettings?
    /// Posterior and its settings; nil chooses one.
    public var model: NamedSettings?
    /// How a batch takes account of its earlier proposals; a `BatchRule` by name.
    public var batch = BatchRule.believer.rawValue
    /// Seed of every random choice.
    public var seed: UInt64 = 0

    /// Where the measured columns are.
    public enum Objectives: Equatable, Sendable {
        /// So many columns at the end of the table.
        case last(Int)
        case named([String])

        /// Reads `2` or `strength,density`.
        public init(_ text: String) throws {
            if let count = Int(text) {
                guard (0...100).contains(count) else {
                    throw MatSieveError.usage("--objectives \(text): give 0 to 100, or names of columns")
                }
                self = .last(count)
                return
            }
            let names = text.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
            guard !names.isEmpty, Set(names).count == names.count else {
                throw MatSieveError.usage("--objectives '\(text)': give a number, or different names with commas between")
            }
            self = .named(names)
        }
    }

    /// Asks for proposals.
    public init(candidates: String, objectives: Objectives) { (self.candidates, self.objectives) = (candidates, objectives) }
}

/// A bound on a measured column, as it was written.
struct WrittenConstraint: Sendable {
    let column: String
    let isUpper: Bool
    let bound: Double

    /// Reads `NAME >= 3`, `NAME < 2.5`.
    init(_ text: String) throws {
        let marks: [(mark: String, isUpper: Bool)] = [("<=", true), (">=", false), ("<", true), (">", false)]
        for (mark, isUpper) in marks {
            // The last one: names may hold the mark.
            guard let place = text.ranges(of: mark).last, let value = Double(Self.trimmed(text[place.upperBound...])), value.isFinite else {
                continue
            }
            (column, self.isUpper, bound) = (Self.trimmed(text[..<place.lowerBound]), isUpper, value)
            return
        }
        throw MatSieveError.usage("--constraint '\(text)': write it as 'COLUMN <= NUMBER' or 'COLUMN >= NUMBER'")
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
