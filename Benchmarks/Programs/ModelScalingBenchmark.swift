import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// Cost as data grows: a model is trained on the first 10³, 10³·⁵, … rows of a table and predicts 10⁵.
    static let modelScaling = Benchmark(
        name: "model-scaling", unit: "rows",
        summary: "training and prediction time of registered models (all but auto) over the number of rows, Magpie features of mp_e_form",
        optionNames: ["models", "rows", "budget"]
    ) { context in
        let names = try modelNames(context)
        let sizes = try rowCounts(context)
        let budget = try context.number("budget", default: context.tiny ? 5 : 300)
        let table = try GrowingTable(context, rows: sizes.max()!)
        var points: [String: Double] = [:]
        return BenchmarkWork(
            rows: sizes.reduce(0, +) * names.count,
            run: {
                points = [:]
                for name in names {
                    let curve = try scalingCurve(name, table, sizes, budget: budget, context)
                    points.merge(curve) { $1 }
                }
            },
            checksum: { Double(points.count) },
            finish: { points })
    }

    private static func modelNames(_ context: BenchmarkContext) throws -> [String] {
        guard let text = context.options["models"] else {
            return ModelRegistry.entries.filter { !$0.traits.isImported && $0.name != "auto" }.map(\.name)
        }
        return try text.split(separator: "+").map { try ModelRegistry.entry(named: String($0)).name }
    }

    /// Half decades from 1,000 to `--rows`.
    private static func rowCounts(_ context: BenchmarkContext) throws -> [Int] {
        let most = try context.integer("rows", default: context.tiny ? 300 : 1_000_000)
        let all = [100, 300, 1_000, 3_162, 10_000, 31_623, 100_000, 316_228, 1_000_000].filter { $0 <= most }
        let chosen = context.tiny ? all : all.filter { $0 >= 1_000 }
        guard !chosen.isEmpty else { throw MatSieveError.usage("--rows must be at least 1000") }
        return chosen
    }

    /// Seconds by `MODEL fit N` and `MODEL predict N`; ends where the next size would not fit the budget.
    private static func scalingCurve(
        _ name: String, _ table: GrowingTable, _ sizes: [Int], budget: Double, _ context: BenchmarkContext
    ) throws -> [String: Double] {
        let entry = try ModelRegistry.entry(named: name)
        let clock = ContinuousClock()
        let candidates = table.features(rows: context.tiny ? 1_000 : 100_000)
        var points: [String: Double] = [:]
        for size in sizes {
            let data = table.training(rows: size)
            var settings = Settings(subject: name)
            var model: (any PropertyModel)?
            let fit = try clock.measure {
                model = try entry.fit(data, &settings, TrainingContext(seed: 7, threads: context.threads))
            }
            guard let model else { break }
            var prediction = Prediction(rows: candidates.rows)
            let predict = clock.measure { model.predict(candidates, into: &prediction) }
            points["\(name) fit \(size)"] = fit / .seconds(1)
            points["\(name) predict \(size)"] = predict / .seconds(1)
            // A cubic method takes 32 times as long for half a decade more.
            if fit / .seconds(1) * 32 > budget && fit > .seconds(1) { break }
        }
        return points
    }
}

/// Rows of mp_e_form, repeated with a little noise where more are asked for than there are.
private struct GrowingTable {
    private let columns: Int
    private let values: [Double]
    private let targets: [Double]
    private let names: [String]

    init(_ context: BenchmarkContext, rows: Int) throws {
        let table = try FormulaTable(
            path: context.datasets + "/matbench/mp_e_form.csv.gz", numeric: ["target"], rows: context.tiny ? 1_000 : nil)
        let magpie = try MagpieTableDescription(table, threads: context.threads)
        var features: [Double] = []
        magpie.forEachMatrix { features += $0.values }
        (columns, names, values, targets) = (magpie.names.count, magpie.names, features, magpie.table.columns[0])
    }

    /// The first rows; copies differ by 10⁻³ of each value, so that no two rows are equal.
    func features(rows: Int) -> FeatureMatrix {
        var random = SplitMix64(seed: 5)
        var result = FeatureMatrix(rows: rows, columns: columns)
        for row in 0..<rows {
            let source = row % targets.count
            let stretch = row < targets.count ? 1 : 1 + 1e-3 * random.nextUnit()
            for column in 0..<columns { result[row, column] = values[source * columns + column] * stretch }
        }
        return result
    }

    func training(rows: Int) -> TrainingData {
        TrainingData(
            features: features(rows: rows), targets: (0..<rows).map { targets[$0 % targets.count] }, featureNames: names)
    }
}
