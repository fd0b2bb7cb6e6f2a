import MaterialsCore
import Selection

/// Goes through the unmeasured candidates of a file, batch by batch on several threads.
struct SourceScan: CandidateScan {
    let source: any CandidateSource
    let columns: SuggestionColumns
    let scaling: DescriptorScaling
    let workers: Workers

    func best(
        _ count: Int, score: @escaping @Sendable (_ rows: FeatureMatrix, _ costs: [Double]) throws -> [Double]
    ) throws -> CandidatePool {
        let scan = self
        var best = BestRows(count: count, columns: scaling.kept.count)
        try source.forEachBatch(
            workers, transform: { try scan.best(count, of: $0, score) }, commit: { best.merge($0) })
        return best.pool()
    }

    private func best(
        _ count: Int, of batch: CandidateBatch, _ score: (_ rows: FeatureMatrix, _ costs: [Double]) throws -> [Double]
    ) throws -> BestRows {
        var best = BestRows(count: count, columns: scaling.kept.count)
        let values = batch.numericColumns
        let rows = (0..<batch.count).filter { isProposable(values, $0) }
        guard !rows.isEmpty else { return best }
        let features = scaling.apply(values, rows)
        let costs = rows.map { columns.cost == nil ? 1 : values.last![$0] }
        for (i, score) in try score(features, costs).enumerated() {
            let position = batch.indices[rows[i]].position
            best.insert(ScoredCandidate(position: position, score: score, cost: costs[i])) { Array(features.row(i)) }
        }
        return best
    }

    private func isProposable(_ values: [[Double]], _ row: Int) -> Bool {
        let (first, count) = (columns.descriptors.count, columns.measured.count)
        guard SuggestionRow.isUsable(values, row, first, columns.cost != nil) else { return false }
        return count == 0 || (first..<first + count).contains { values[$0][row].isNaN }
    }
}
