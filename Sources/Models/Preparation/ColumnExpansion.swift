import MaterialsCore

/// Spreads categories over one column of 0 and 1 a code, and marks missing values by such columns.
///
/// Numeric columns stay in front, in their order. A missing category is missing in all its columns; one that training did not have
/// is 0 in all of them.
struct ColumnExpansion: Equatable, Sendable {
    /// Columns of the feature matrix.
    let sourceColumns: Int
    /// Columns that stay, ascending.
    let numeric: [Int]
    /// Columns of codes, ascending.
    let categorical: [Int]
    /// The codes that have a column, ascending, for each of `categorical`.
    let codes: [[Int]]
    /// Columns whose missing values are marked, ascending.
    let flagged: [Int]

    /// Codes of a column that get columns of their own: the most frequent ones.
    static let mostCodes = 128

    /// Columns that come out.
    var columns: Int { numeric.count + codes.reduce(0) { $0 + $1.count } + flagged.count }

    init(sourceColumns: Int, numeric: [Int], categorical: [Int], codes: [[Int]], flagged: [Int]) {
        (self.sourceColumns, self.numeric, self.categorical) = (sourceColumns, numeric, categorical)
        (self.codes, self.flagged) = (codes, flagged)
    }

    /// Looks which codes and missing values there are.
    init(_ data: TrainingData, marksMissing: Bool) {
        let categorical = data.categoricalColumns.sorted()
        self.init(
            sourceColumns: data.features.columns, numeric: (0..<data.features.columns).filter { !data.categoricalColumns.contains($0) },
            categorical: categorical, codes: categorical.map { Self.frequentCodes(data.features.column($0)) },
            flagged: marksMissing ? Self.distinctGaps(data.features) : [])
    }

    private static func frequentCodes(_ values: [Double]) -> [Int] {
        var counts: [Int: Int] = [:]
        for v in values { if let code = Int(exactly: v) { counts[code, default: 0] += 1 } }
        let order = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        return order.prefix(mostCodes).map(\.key).sorted()
    }

    /// Columns that lack values in rows of their own: those that lack them in the rows of an earlier one say nothing new.
    private static func distinctGaps(_ features: FeatureMatrix) -> [Int] {
        var seen: Set<[Int]> = []
        return (0..<features.columns).filter { column in
            let gaps = (0..<features.rows).filter { !features[$0, column].isFinite }
            return !gaps.isEmpty && gaps.count < features.rows && seen.insert(gaps).inserted
        }
    }

    /// Rows × `columns`.
    func apply(_ features: FeatureMatrix) -> FeatureMatrix {
        precondition(features.columns == sourceColumns)
        if numeric.count == sourceColumns, flagged.isEmpty { return features }
        var result = FeatureMatrix(rows: features.rows, columns: columns)
        for row in 0..<features.rows {
            var place = row * columns
            for column in numeric {
                result.values[place] = features[row, column]
                place += 1
            }
            for (column, codes) in zip(categorical, codes) {
                let value = features[row, column]
                for code in codes {
                    result.values[place] = value.isFinite ? (value == Double(code) ? 1 : 0) : .nan
                    place += 1
                }
            }
            for column in flagged {
                result.values[place] = features[row, column].isFinite ? 0 : 1
                place += 1
            }
        }
        return result
    }

    /// Names of the columns that come out.
    func names(_ names: [String]) -> [String] {
        numeric.map { names[$0] } + zip(categorical, codes).flatMap { c, codes in codes.map { "\(names[c])=\($0)" } }
            + flagged.map { names[$0] + " missing" }
    }
}
