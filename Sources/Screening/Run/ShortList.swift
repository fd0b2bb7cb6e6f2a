import MaterialsCore
import Reporting
import Selection
import Storage

/// The ranked candidates with their structures as a candidate store, `shortlist.h5`: what `matsieve export` and further runs take.
///
/// Columns: `rank`, `score`, the properties (with `_std`), and texts; rows in the order of the ranking.
struct ShortList {
    let report: RunReport
    let ranked: [RankedCandidate]

    /// True where a candidate has a structure.
    static func isWritten(_ ranked: [RankedCandidate]) -> Bool { ranked.contains { $0.candidate.structure != nil } }

    /// Writes the store.
    func write(to path: String) throws {
        let description = StoreDescription(
            title: report.name, source: "ranking of '\(report.name)'", dataClass: report.dataClass,
            createdBy: "MatSieve \(report.version)")
        let writer = try CandidateStoreWriter(path: path, schema: schema, description: description)
        for start in stride(from: 0, to: ranked.count, by: CandidateGrid.batchSize) {
            try writer.append(batch(start..<min(start + CandidateGrid.batchSize, ranked.count)))
        }
        try writer.finish()
    }

    private var numbers: [(column: CandidateColumn, value: (RankedRow) -> Double?)] {
        var result: [(CandidateColumn, (RankedRow) -> Double?)] = [
            (CandidateColumn(name: "rank", kind: .numeric), { Double($0.rank) }),
            (CandidateColumn(name: "score", kind: .numeric), { $0.score }),
        ]
        for (i, p) in report.properties.enumerated() where p.classes == nil {
            result.append((column(p.name, .numeric, unit: p.unit), { $0.values[i] }))
            if p.hasSpread { result.append((column(p.name + "_std", .numeric, unit: p.unit), { $0.spreads[i] })) }
        }
        return result
    }

    private var texts: [(column: CandidateColumn, value: (RankedRow) -> String)] {
        let classes = report.properties.enumerated().filter { $1.classes != nil }.map { i, p in
            (column(p.name, .text), { (row: RankedRow) in p.className(row.values[i]) ?? "" })
        }
        return classes
            + report.ranking.textColumns.enumerated().map { i, name in (column(name, .text), { (row: RankedRow) in row.texts[i] }) }
    }

    private func column(_ name: String, _ kind: ColumnKind, unit: String? = nil) -> CandidateColumn {
        CandidateColumn(name: name, kind: kind, unit: unit, dataClass: report.dataClass)
    }

    private var schema: CandidateSchema { CandidateSchema(numbers.map(\.column) + texts.map(\.column), hasStructures: true) }

    private func batch(_ range: Range<Int>) -> CandidateBatch {
        var batch = CandidateBatch(schema: schema)
        let (numbers, texts) = (numbers.map(\.value), texts.map(\.value))
        for i in range {
            let (candidate, row) = (ranked[i].candidate, report.ranking.rows[i])
            batch.append(
                index: CandidateIndex(source: 0, position: i), id: candidate.id.utf8, composition: candidate.composition,
                numeric: numbers.map { $0(row) ?? .nan }, text: texts.map { $0(row) }, structure: candidate.structure)
        }
        return batch
    }
}
