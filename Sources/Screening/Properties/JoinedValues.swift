import MaterialsCore

/// Values of a table, matched to candidates by composition or by id.
///
/// Where several rows match, their mean counts (summed in the order of the table).
struct JoinedValues: Sendable {
    private let byFormula: [UInt64: Double]
    private let byID: [String: Double]
    private let key: JoinKey
    private let idsArePrefixed: Bool
    /// What people should mind of the table.
    let notes: [String]

    /// Reads the table through; rows without a value are passed over.
    init(_ source: any CandidateSource, column: String, by key: JoinKey, idsArePrefixed: Bool) throws {
        (self.key, self.idsArePrefixed) = (key, idsArePrefixed)
        var formulas: [UInt64: Mean] = [:]
        var ids: [String: Mean] = [:]
        var unusable: [Rejection] = []
        var unusableCount = 0
        try source.forEachBatch { batch in
            let values = batch.numericColumn(column)!
            unusableCount += batch.rejections.count
            if unusable.isEmpty { unusable = batch.rejections }
            for row in 0..<batch.count where !values[row].isNaN {
                switch key {
                case .formula: formulas[compositionKey(batch.composition(row)), default: Mean()].add(values[row])
                case .id: ids[batch.ids[row], default: Mean()].add(values[row])
                }
            }
        }
        let path = source.provenance.path
        let first = unusable.first.map { "; the first: \($0.defect.detail)" } ?? ""
        guard !formulas.isEmpty || !ids.isEmpty else {
            throw MatSieveError.input(
                "\(path): column '\(column)' has no value that can be joined (\(unusableCount) rows can't be used\(first))")
        }
        let repeated = formulas.values.count { $0.count > 1 } + ids.values.count { $0.count > 1 }
        notes =
            (unusableCount > 0 ? ["\(path): \(unusableCount) rows can't be joined\(first)"] : [])
            + (repeated > 0
                ? ["\(path): \(repeated) \(key == .formula ? "compositions" : "ids") stand in several rows; the mean of '\(column)' counts"]
                : [])
        byFormula = formulas.mapValues(\.value)
        byID = ids.mapValues(\.value)
    }

    func values(for batch: CandidateBatch) -> [Double] {
        (0..<batch.count).map { row in
            switch key {
            case .formula: byFormula[compositionKey(batch.composition(row))] ?? .nan
            case .id: byID[label(batch.ids[row])] ?? .nan
            }
        }
    }

    /// The id as the table has it, without the source's ordinal.
    private func label(_ id: String) -> String {
        idsArePrefixed ? String(decoding: id.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst(), as: UTF8.self) : id
    }
}

private struct Mean {
    var sum = 0.0
    var count = 0.0

    var value: Double { sum / count }

    mutating func add(_ x: Double) {
        sum += x
        count += 1
    }
}
