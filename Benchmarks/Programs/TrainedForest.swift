import BenchmarkHarness
import MaterialsCore
import Models

/// Data and settings of the benchmarks of forests.
enum TrainedForest {
    /// Rows of matrix files, or measured band gaps with their features.
    static func data(_ context: BenchmarkContext) throws -> (train: TrainingData, test: FeatureMatrix, testTargets: [Double]) {
        guard let train = context.options["train"] else { return try TrainedTrees.example(context) }
        let features = try MatrixFile(path: train).matrix
        let test = try MatrixFile(path: try context.required("test")).matrix
        let targets = try MatrixFile.column(path: try context.required("target"), rows: features.rows)
        let testTargets = try MatrixFile.column(path: try context.required("test-target"), rows: test.rows)
        guard test.columns == features.columns else { throw MatSieveError.input("--test has other columns than --train") }
        return (
            TrainingData(features: features, targets: targets, featureNames: (0..<features.columns).map { "f\($0)" }), test, testTargets
        )
    }

    /// Full trees; options of the same names change them.
    static func settings(_ context: BenchmarkContext) throws -> Setting {
        var values = [("trees", try context.number("trees", default: context.tiny ? 10 : 100))]
        if context.options["max-features"] != nil { values.append(("max_features", try context.number("max-features", default: 1))) }
        return Setting(.mapping(values.map { ($0.0, 0, Setting(.number($0.1), source: "\($0.1)")) }))
    }
}
