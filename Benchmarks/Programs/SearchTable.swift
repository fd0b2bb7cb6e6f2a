import MaterialsCore
import Screening

/// A table of measured conditions to search in: those of Benchmarks/Peers/suggest_campaigns.py.
struct SearchTable: Sendable {
    let name: String
    /// Distinct conditions in the order of their first rows, standardised.
    let rows: FeatureMatrix
    /// Mean of each one's values, turned so that more is better.
    let values: [Double]

    private static let files: [(name: String, file: String, maximize: Bool)] = [
        ("grain-boundary", "grain_boundary/s5-210.csv.gz", false), ("agnp", "pvlab/AgNP.csv.gz", false),
        ("autoam", "pvlab/AutoAM.csv.gz", true), ("crossed-barrel", "pvlab/Crossed_barrel.csv.gz", true),
        ("p3ht", "pvlab/P3HT.csv.gz", true), ("perovskite", "pvlab/Perovskite.csv.gz", false),
    ]

    /// Names of all tables.
    static var names: [String] { files.map(\.name) }

    /// Evaluations after which a search is given up, starts included.
    var budget: Int { name == "grain-boundary" ? 120 : 100 }

    /// Least value within the top 5 %, and the best one.
    var goals: (top: Double, optimum: Double) {
        let sorted = values.sorted(by: >)
        return (sorted[(values.count + 19) / 20 - 1], sorted[0])
    }

    init(_ name: String, in folder: String) throws {
        guard let entry = Self.files.first(where: { $0.name == name }) else {
            throw MatSieveError.usage("--sets: unknown table '\(name)'" + suggestion(for: name, among: Self.names))
        }
        var request = TableRequest(columns: nil)
        (request.formulaIsOptional, request.readsFormulas, request.readsStructures) = (true, false, false)
        let source = try CandidateInput.open(folder + "/" + entry.file, request: request)
        var places: [[Double]: Int] = [:]
        var (conditions, found): ([[Double]], [[Double]]) = ([], [])
        let reader = try source.reader(positions: 0..<1 << 40)
        while let pending = try reader.next() {
            for batch in try pending.decode() {
                for row in 0..<batch.count {
                    let cells = batch.numericColumns.map { $0[row] }
                    let condition = Array(cells.dropLast())
                    if places[condition] == nil {
                        places[condition] = conditions.count
                        conditions.append(condition)
                        found.append([])
                    }
                    found[places[condition]!].append(cells.last!)
                }
            }
        }
        self.name = name
        values = found.map { ($0.reduce(0, +) / Double($0.count)) * (entry.maximize ? 1 : -1) }
        rows = Self.standardised(conditions)
    }

    private static func standardised(_ conditions: [[Double]]) -> FeatureMatrix {
        var result = FeatureMatrix(rows: conditions.count, columns: conditions[0].count, values: conditions.flatMap(\.self))
        for c in 0..<result.columns {
            let column = result.column(c)
            let mean = column.reduce(0, +) / Double(column.count)
            let deviation = (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)).squareRoot()
            for r in 0..<result.rows { result[r, c] = deviation > 0 ? (column[r] - mean) / deviation : 0 }
        }
        return result
    }
}
