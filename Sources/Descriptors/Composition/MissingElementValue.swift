import MaterialsCore

/// What happens to a candidate with an element that a property table has no value for.
public enum MissingElementValue: String, CaseIterable, Sendable {
    /// The mean over the elements that have a value stands in.
    case impute
    /// Every feature that depends on the value is NaN.
    case nan
    /// The candidate is rejected with `no-element-value`.
    case reject
}

extension Settings {
    /// Reads `missing`: `impute` (default), `nan` or `reject`.
    mutating func missingElementValue() throws -> MissingElementValue { try choice("missing", default: .impute) }
}

/// One property of the elements by atomic number, with what to do where there is no value.
struct ElementProperty: Sendable {
    /// Value by atomic number; index 0 is unused.
    let values: [Double]
    /// Name in messages.
    let name: String
    private let rejectsMissing: Bool

    /// - Parameter table: by atomic number with index 0 unused; `.nan` where there is no value
    init(_ name: String, _ table: [Double], missing: MissingElementValue) {
        self.name = name
        values = missing == .impute ? imputingMean(table) : table
        rejectsMissing = missing == .reject
    }

    /// The value of an element.
    func value(_ atomicNumber: UInt8) throws(CandidateDefect) -> Double {
        let value = values[Int(atomicNumber)]
        if value.isNaN && rejectsMissing { throw CandidateDefect.noElementValue(atomicNumber, property: name) }
        return value
    }
}

extension CandidateDefect {
    /// An element that a table has no value for.
    static func noElementValue(_ atomicNumber: UInt8, property: String) -> CandidateDefect {
        CandidateDefect(
            "no-element-value", "\(elementName(atomicNumber)) has no \(property); 'missing: impute' takes the mean of the others")
    }

    /// An element beyond the last one that a descriptor knows.
    static func unsupportedElement(_ atomicNumber: UInt8, descriptor: String, last: Int) -> CandidateDefect {
        CandidateDefect(
            "unsupported-element", "\(descriptor) has no values for \(elementName(atomicNumber)) (Z = \(atomicNumber)); last is Z = \(last)"
        )
    }

    /// A candidate without any element.
    static let emptyComposition = CandidateDefect("empty-composition", "the composition has no elements")
}

private func elementName(_ atomicNumber: UInt8) -> String {
    Element(atomicNumber: Int(atomicNumber))?.symbol ?? "element \(atomicNumber)"
}

/// The table with the mean of its values (summed in ascending atomic number) in place of each missing one.
func imputingMean(_ table: [Double]) -> [Double] {
    let known = table.dropFirst().filter { !$0.isNaN }
    let mean = known.reduce(0, +) / Double(known.count)
    return table.map { $0.isNaN ? mean : $0 }
}
