import MaterialsCore

/// Everything that a part of a run is, as an exact fold: merging parts in any grouping gives the same bytes.
///
/// Folded are integer counts, the first rejections by index, and what the ranking holds. All else is computed once,
/// by the finish, from the candidates held.
struct RunSummary: Sendable {
    /// A line of the funnel.
    struct Step: Equatable, Sendable {
        var entered: UInt64 = 0
        var passed: UInt64 = 0
    }

    /// Candidates read, unusable ones included.
    var read: UInt64 = 0
    /// Unusable candidates by `stage/reason`.
    var rejectionCounts: [String: UInt64] = [:]
    /// The first `rejectionLimit` of them, by index.
    private(set) var rejections: [Rejection] = []
    /// One step a filter, in the order that ran, and one for missing objectives.
    var steps: [Step]
    /// Notes on formulas that could be read but look doubtful, by kind.
    var warningCounts: [String: UInt64] = [:]
    /// Values of each property over the candidates that passed all filters.
    var distributions: [PropertyDistribution]

    /// Lines kept for `rejections.csv`; the counts are always exact.
    let rejectionLimit: Int

    init(stepCount: Int, propertyCount: Int, rejectionLimit: Int) {
        steps = [Step](repeating: Step(), count: stepCount)
        distributions = [PropertyDistribution](repeating: PropertyDistribution(), count: propertyCount)
        self.rejectionLimit = rejectionLimit
    }

    /// Unusable candidates.
    var rejected: UInt64 { rejectionCounts.values.reduce(0, +) }

    /// Candidates that passed every filter.
    var survivors: UInt64 { steps.last?.passed ?? 0 }

    /// Records unusable candidates.
    mutating func reject(_ found: [Rejection]) {
        for r in found { rejectionCounts[r.stage.rawValue + "/" + r.defect.reason, default: 0] += 1 }
        keep(found)
    }

    private mutating func keep(_ found: [Rejection]) {
        if found.isEmpty { return }
        rejections.append(contentsOf: found)
        if rejections.indices.dropFirst().contains(where: { rejections[$0].index < rejections[$0 - 1].index }) {
            rejections.sort { $0.index < $1.index }
        }
        if rejections.count > rejectionLimit { rejections.removeLast(rejections.count - rejectionLimit) }
    }

    /// Takes in another part of the same run.
    mutating func merge(_ other: RunSummary) {
        precondition(steps.count == other.steps.count)
        read += other.read
        for (key, n) in other.rejectionCounts { rejectionCounts[key, default: 0] += n }
        for (key, n) in other.warningCounts { warningCounts[key, default: 0] += n }
        for i in steps.indices {
            steps[i].entered += other.steps[i].entered
            steps[i].passed += other.steps[i].passed
        }
        for i in distributions.indices { distributions[i].merge(other.distributions[i]) }
        keep(other.rejections)
    }
}

extension RunSummary {
    /// Appends the summary to a checkpoint or shard file.
    func encode(to writer: inout ByteWriter) {
        writer.write(read)
        Self.encode(rejectionCounts, to: &writer)
        Self.encode(warningCounts, to: &writer)
        writer.write(count: steps.count)
        for s in steps {
            writer.write(s.entered)
            writer.write(s.passed)
        }
        writer.write(count: distributions.count)
        for d in distributions { d.encode(to: &writer) }
        writer.write(count: rejectionLimit)
        writer.write(count: rejections.count)
        for r in rejections {
            writer.write(r.index.rawValue)
            writer.write(r.id)
            writer.write(r.stage.rawValue)
            writer.write(r.defect.reason)
            writer.write(r.defect.detail)
        }
    }

    /// Reads what `encode` wrote.
    init(from reader: inout ByteReader) throws {
        let read: UInt64 = try reader.read()
        let rejectionCounts = try Self.decodeCounts(from: &reader)
        let warningCounts = try Self.decodeCounts(from: &reader)
        let steps = try (0..<reader.readCount(elementSize: 16)).map { _ in Step(entered: try reader.read(), passed: try reader.read()) }
        let distributions = try (0..<reader.readCount()).map { _ in try PropertyDistribution(from: &reader) }
        self.init(stepCount: steps.count, propertyCount: 0, rejectionLimit: Int(try reader.read(UInt64.self)))
        (self.read, self.rejectionCounts, self.warningCounts, self.steps) = (read, rejectionCounts, warningCounts, steps)
        self.distributions = distributions
        rejections = try (0..<reader.readCount(elementSize: 8)).map { _ in
            let index = CandidateIndex(rawValue: try reader.read())
            let (id, stage) = (try reader.readString(), try reader.readString())
            guard let known = RejectionStage(rawValue: stage) else {
                throw MatSieveError.input("a checkpoint or shard names the unknown stage '\(stage)'; it is damaged")
            }
            return Rejection(index: index, id: id, stage: known, defect: CandidateDefect(try reader.readString(), try reader.readString()))
        }
    }

    private static func encode(_ counts: [String: UInt64], to writer: inout ByteWriter) {
        writer.write(count: counts.count)
        for (key, n) in counts.sorted(by: { $0.key < $1.key }) {
            writer.write(key)
            writer.write(n)
        }
    }

    private static func decodeCounts(from reader: inout ByteReader) throws -> [String: UInt64] {
        var counts: [String: UInt64] = [:]
        for _ in 0..<(try reader.readCount(elementSize: 16)) { counts[try reader.readString()] = try reader.read() }
        return counts
    }
}
