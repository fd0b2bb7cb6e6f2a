import MaterialsCore

/// Drops candidates that hold more of a listed element than a weight fraction, for several lists at once.
///
///     - restrict: {tables: {eu_strategic_2024: 1 wt%, rohs: law}}
///     - restrict: {tables: {radioactive: none}, review: drop}
///
/// A limit is `N wt%`, `N ppm` (of the mass), `none` (no trace), or `law`: what the source of the list tolerates. An element may reach
/// its limit. Elements that a composition can't tell to be meant (chromium, whose valence decides) are in review: kept and counted, or
/// dropped like listed ones.
///
/// - Scope: any composition; each element is judged by itself, by its share of the mass.
public struct Restrict: CandidateFilter {
    /// Its name in plans.
    public static let name = "restrict"
    /// A line of a plan.
    public static let example = "restrict: {tables: {eu_strategic_2024: 1 wt%, rohs: law}}"

    /// What becomes of candidates in review.
    public enum Review: String, CaseIterable, Sendable { case drop, keep }

    private struct Table {
        var name: String
        var line: Int
        var limit: WeightLimit
        /// Weight fractions by atomic number; infinite where the list says nothing.
        var listed: [Double] = []
        var review: [Double] = []
        var edition = ""
        var words: String { limit == .law ? "\(name) within the law's limits" : "\(name) \(limit.words)" }
    }

    private var tables: [Table]
    private let review: Review
    private let masses = Element.atomicMasses

    /// Reads the tables with their limits.
    public init(_ setting: Setting) throws {
        var s = try Settings(setting, subject: "'\(Self.name)'")
        guard let given = s.setting("tables", takes: "lists of elements with limits: 1 wt%, 100 ppm, none or law"),
            case .mapping(let entries) = given.value, !entries.isEmpty
        else {
            throw Settings.error(
                setting.line, "'\(Self.name)' needs 'tables': lists with limits, such as {eu_strategic_2024: 1 wt%, rohs: law}")
        }
        tables = try entries.map { Table(name: $0.key, line: $0.line, limit: try WeightLimit($0.value, of: $0.key)) }
        review = try s.choice("review", default: .keep)
        try s.finish()
    }

    /// None: it looks at compositions.
    public var requiredProperties: [String] { [] }
    /// Words for the funnel.
    public var label: String { tables.map(\.words).joined(separator: ", ") + (review == .drop ? "; in review dropped" : "") }
    /// The lists that it judges by.
    public var elementLists: [(name: String, line: Int)] { tables.map { ($0.name, $0.line) } }

    /// The same filter that knows its lists; a limit `law` needs a list that sets limits.
    public func resolvingElementLists(_ list: (_ name: String, _ line: Int) throws -> ElementList) throws -> Restrict {
        var result = self
        for t in tables.indices {
            let found = try list(tables[t].name, tables[t].line)
            if tables[t].limit == .law && !found.setsLimits {
                throw Settings.error(tables[t].line, "'\(found.name)' sets no limits of its own; give one, such as 1 wt%")
            }
            let limits = found.limits.map { tables[t].limit.fraction ?? $0 }
            result.tables[t].listed = limits.indices.map { found.listed[$0] ? limits[$0] : .infinity }
            result.tables[t].review = limits.indices.map { found.review[$0] ? limits[$0] : .infinity }
            result.tables[t].edition = found.edition
        }
        return result
    }

    /// Sets `keep` to false for the rows to drop.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        for table in tables {
            precondition(!table.listed.isEmpty, "lists are resolved before a filter is applied")
            for row in keep.indices where keep[row] {
                let isDropped =
                    exceeds(table.listed, batch.candidates, row) || review == .drop && exceeds(table.review, batch.candidates, row)
                if isDropped { keep[row] = false }
            }
        }
    }

    /// Rows kept that are in review, by table.
    public func remarks(on batch: ScreenedBatch, keep: [Bool]) -> [(remark: String, rows: Int)] {
        if review == .drop { return [] }
        return tables.compactMap { table in
            let rows = keep.indices.count { keep[$0] && exceeds(table.review, batch.candidates, $0) }
            return rows == 0 ? nil : ("kept, but in review by \(table.name) (\(table.edition))", rows)
        }
    }

    private func exceeds(_ limits: [Double], _ batch: CandidateBatch, _ row: Int) -> Bool {
        let range = batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1]
        var total = 0.0
        for i in range { total += batch.amounts[i] * masses[Int(batch.atomicNumbers[i])] }
        return range.contains { i in
            let z = Int(batch.atomicNumbers[i])
            return batch.amounts[i] * masses[z] > limits[z] * total
        }
    }
}
