// The tutorial of CONTRIBUTING.md, compiled: the guide quotes the marked region, and `scripts/check quotes` compares it.
// begin filter
import MaterialsCore

/// Keeps candidates whose heaviest element is not beyond a given atomic number.
///
///     - heaviest_element: 83
public struct HeaviestElement: CandidateFilter {
    /// `heaviest_element`.
    public static let name = "heaviest_element"

    private let limit: Int

    /// Reads an atomic number.
    public init(_ setting: Setting) throws {
        guard case .number(let number) = setting.value, let limit = Int(exactly: number), (1...118).contains(limit) else {
            throw Settings.error(setting.line, "'heaviest_element' must be an atomic number from 1 to 118")
        }
        self.limit = limit
    }

    /// Looks at compositions only.
    public var requiredProperties: [String] { [] }

    /// `no element beyond Bi`.
    public var label: String { "no element beyond \(Element.symbols[limit])" }

    /// Drops rows with a heavier element; atomic numbers ascend within a row.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        let candidates = batch.candidates
        for row in 0..<batch.count where keep[row] {
            let end = candidates.compositionOffsets[row + 1]
            let isEmpty = end == candidates.compositionOffsets[row]
            keep[row] = isEmpty || Int(candidates.atomicNumbers[end - 1]) <= limit
        }
    }
}
// end filter
