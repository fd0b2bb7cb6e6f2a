import MaterialsCore

/// What a first pass over the candidates finds: scales of the descriptors, and the measured rows.
struct SuggestionSurvey: Sendable {
    private let descriptors: Int
    private let measured: Int
    private let hasCost: Bool
    private var moments: [RunningMoments]
    /// Raw descriptors of rows with any measurement.
    private(set) var rows: [[Double]] = []
    /// Measured values beside `rows`; NaN is blank.
    private(set) var values: [[Double]] = []
    /// Candidates that can be proposed.
    private(set) var proposable = 0
    /// Rows with all values.
    private(set) var complete = 0
    /// Rows with a blank descriptor, or a cost that is none.
    private(set) var unusable = 0
    private(set) var tally = ReadTally()

    private static let largestMeasured = 100_000

    init(_ columns: SuggestionColumns) {
        (descriptors, measured, hasCost) = (columns.descriptors.count, columns.measured.count, columns.cost != nil)
        moments = [RunningMoments](repeating: RunningMoments(), count: descriptors)
    }

    /// Reads all candidates.
    static func read(_ source: any CandidateSource, _ columns: SuggestionColumns, _ path: String, _ workers: Workers) throws
        -> SuggestionSurvey
    {
        var survey = SuggestionSurvey(columns)
        let empty = survey
        try source.forEachBatch(
            workers,
            transform: { batch in
                var part = empty
                part.add(batch)
                return part
            },
            commit: { try survey.append($0, path) })
        return survey
    }

    private mutating func add(_ batch: CandidateBatch) {
        tally.add(batch)
        let columns = batch.numericColumns
        for row in 0..<batch.count {
            guard SuggestionRow.isUsable(columns, row, descriptors, hasCost) else {
                unusable += 1
                continue
            }
            for c in 0..<descriptors { moments[c].add(columns[c][row]) }
            let found = (descriptors..<descriptors + measured).map { columns[$0][row] }
            let isComplete = measured > 0 && !found.contains { $0.isNaN }
            if isComplete { complete += 1 } else { proposable += 1 }
            if found.contains(where: { !$0.isNaN }) {
                rows.append((0..<descriptors).map { columns[$0][row] })
                values.append(found)
            }
        }
    }

    private mutating func append(_ part: SuggestionSurvey, _ path: String) throws {
        for c in moments.indices { moments[c].merge(part.moments[c]) }
        rows += part.rows
        values += part.values
        (proposable, complete, unusable) = (proposable + part.proposable, complete + part.complete, unusable + part.unusable)
        tally.merge(part.tally)
        guard rows.count <= Self.largestMeasured else {
            throw MatSieveError.input("\(path): has more than \(Self.largestMeasured) measured rows; leave some out")
        }
    }

    /// How descriptors are brought to mean 0 and deviation 1 of all candidates; constant ones are left out.
    var scaling: DescriptorScaling {
        let kept = moments.indices.filter { moments[$0].deviation > moments[$0].mean.magnitude * 1e-13 && moments[$0].deviation > 1e-150 }
        return DescriptorScaling(kept: kept, means: kept.map { moments[$0].mean }, factors: kept.map { 1 / moments[$0].deviation })
    }
}

/// What makes a row one that can be searched.
enum SuggestionRow {
    /// All descriptors are numbers, and so is the cost, which is positive.
    static func isUsable(_ columns: [[Double]], _ row: Int, _ descriptors: Int, _ hasCost: Bool) -> Bool {
        for c in 0..<descriptors where !(columns[c][row].magnitude <= 1e150) { return false }
        return !hasCost || (columns.last![row] > 0 && columns.last![row].isFinite)
    }
}

/// Standardised descriptors.
struct DescriptorScaling: Sendable {
    let kept: [Int]
    let means: [Double]
    let factors: [Double]

    /// A row of raw descriptors.
    func apply(_ row: [Double]) -> [Double] { kept.indices.map { (row[kept[$0]] - means[$0]) * factors[$0] } }

    /// Rows of a batch.
    func apply(_ columns: [[Double]], _ rows: [Int]) -> FeatureMatrix {
        var result = FeatureMatrix(rows: rows.count, columns: kept.count)
        for (j, c) in kept.enumerated() {
            for (i, row) in rows.enumerated() { result.values[i * kept.count + j] = (columns[c][row] - means[j]) * factors[j] }
        }
        return result
    }
}

/// Mean and deviation of a column, part by part.
///
/// - Source: T. F. Chan, G. H. Golub, R. J. LeVeque, Am. Stat. 37, 242 (1983), doi:10.1080/00031305.1983.10483115
private struct RunningMoments {
    var (count, mean, squares) = (0.0, 0.0, 0.0)

    var deviation: Double { count > 0 ? (squares / count).squareRoot() : 0 }

    mutating func add(_ value: Double) {
        count += 1
        let distance = value - mean
        mean += distance / count
        squares += distance * (value - mean)
    }

    mutating func merge(_ other: RunningMoments) {
        guard other.count > 0 else { return }
        let total = count + other.count
        let distance = other.mean - mean
        mean += distance * (other.count / total)
        squares += other.squares + distance * distance * (count * other.count / total)
        count = total
    }
}
