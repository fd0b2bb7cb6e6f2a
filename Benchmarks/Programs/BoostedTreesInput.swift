import BenchmarkHarness
import Descriptors
import Formats
import MaterialsCore
import Models
import Storage

/// What the benchmarks of boosted trees learn from: matrices that a peer wrote, or a table of `Datasets` described by magpie.
struct BoostedTreesInput {
    var train: TrainingData
    var test: TrainingData

    init(_ context: BenchmarkContext) throws {
        if context.options["train"] != nil {
            train = try Self.matrices(context, features: "train", targets: "target")
            test = try Self.matrices(context, features: "test", targets: "test-target")
        } else {
            let all = try Self.describedTable(context, rowLimit: context.tiny ? 600 : 20_000)
            let rows = Array(0..<all.targets.count)
            train = all.selecting(rows.filter { $0 % 5 != 0 })
            test = all.selecting(rows.filter { $0 % 5 == 0 })
        }
    }

    private static func matrices(_ context: BenchmarkContext, features: String, targets: String) throws -> TrainingData {
        let matrix = try MatrixFile.read(try context.required(features))
        let column = try MatrixFile.read(try context.required(targets))
        guard column.values.count == matrix.rows else {
            throw MatSieveError.input("--\(features) and --\(targets) differ in their number of rows")
        }
        return TrainingData(features: matrix, targets: column.values, featureNames: (0..<matrix.columns).map { "f\($0)" })
    }

    /// Magpie features, rounded to float32 as trees compare them, of the first rows of the formation energies.
    private static func describedTable(_ context: BenchmarkContext, rowLimit: Int) throws -> TrainingData {
        let path = "\(context.datasets)/matbench/mp_e_form.csv.gz"
        let request = TableRequest(columns: [CandidateColumn(name: "target", kind: .numeric)])
        let descriptor = try DescriptorRegistry.make("magpie")
        var (values, targets): ([Double], [Double]) = ([], [])
        try forEachBatch(try FormatRegistry.table(forFile: path).open(try openByteInput(path: path), request)) { batch in
            if targets.count >= rowLimit { return }
            var features = FeatureMatrix(rows: batch.count, columns: descriptor.featureNames.count)
            let defective = Set(descriptor.compute(batch, into: &features, firstColumn: 0).map(\.row))
            for row in 0..<batch.count where !defective.contains(row) && targets.count < rowLimit {
                values.append(contentsOf: features.row(row).map { Double(Float($0)) })
                targets.append(batch.numericColumns[0][row])
            }
        }
        let names = descriptor.featureNames
        return TrainingData(
            features: FeatureMatrix(rows: targets.count, columns: names.count, values: values), targets: targets, featureNames: names)
    }
}

extension BenchmarkContext {
    /// Fits boosted trees with the options of the command line; nothing is held out, so that all trees grow.
    func fitBoostedTrees(_ data: TrainingData) throws -> BoostedTreesModel {
        let numbers: [(String, Double)] = [
            ("trees", try number("trees", default: tiny ? 10 : 300)), ("leaves", try number("leaves", default: 31)),
            ("learning_rate", try number("learning-rate", default: 0.1)), ("max_bins", try number("bins", default: 255)),
            ("min_rows_in_leaf", try number("min-leaf-rows", default: 20)), ("l2", 0), ("validation_fraction", 0),
            ("early_stopping_rounds", 0),
        ]
        let mapping = numbers.map { (key: $0.0, line: 0, value: Setting(.number($0.1), source: "\($0.1)")) }
        var settings = try Settings(Setting(.mapping(mapping)), subject: "boosted-trees")
        return try BoostedTreesModel.fit(
            data, settings: &settings, context: TrainingContext(seed: UInt64(try integer("seed", default: 7)), threads: threads))
    }
}

extension BoostedTreesModel {
    /// Predicted means.
    func means(_ features: FeatureMatrix) -> [Double] {
        var prediction = Prediction(rows: features.rows)
        predict(features, into: &prediction)
        return prediction.mean
    }
}
