import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// Features to predictions, batch by batch as a run does it.
    static let boostedTreesPredict = Benchmark(
        name: "boosted-trees-predict", unit: "rows", summary: "predicts with a trained boosted-trees model or LightGBM's model text",
        optionNames: ["model", "input", "predictions"]
    ) { context in
        let (model, features) = try modelAndFeatures(context)
        guard model.featureCount == features.columns else {
            throw MatSieveError.input("--model has \(model.featureCount) features, --input \(features.columns)")
        }
        let size = CandidateGrid.batchSize
        let batches = stride(from: 0, to: features.rows, by: size).map { first in
            let rows = min(size, features.rows - first)
            let values = Array(features.values[first * features.columns..<(first + rows) * features.columns])
            return FeatureMatrix(rows: rows, columns: features.columns, values: values)
        }
        let predictions = Slots(count: batches.count) { Prediction(rows: batches[$0].rows) }
        let threads = context.threads
        return BenchmarkWork(
            rows: features.rows,
            run: {
                inParallel(batches.count, threads: threads) { _, b in model.predict(batches[b], into: &predictions[b]) }
            },
            checksum: { predictions.all.reduce(0) { $1.mean.reduce($0, +) } },
            finish: {
                if let path = context.options["predictions"] {
                    try MatrixFile.write(predictions.all.flatMap(\.mean), columns: 1, to: path)
                }
                return ["columns": Double(features.columns), "trees": Double(try TrainedTrees.treeCount(model))]
            })
    }

    private static func modelAndFeatures(_ context: BenchmarkContext) throws -> (BoostedTreesModel, FeatureMatrix) {
        if let path = context.options["model"] {
            return (try TrainedTrees.read(path), try MatrixFile(path: try context.required("input")).matrix)
        }
        let (data, test, _) = try TrainedTrees.example(context)
        var settings = try Settings(TrainedTrees.settings(context), subject: "boosted-trees")
        let model = try BoostedTreesModel.fit(data, settings: &settings, context: TrainingContext(seed: 7, threads: context.threads))
        let copies = context.tiny ? 1 : 100
        let values = (0..<copies).flatMap { _ in test.values }
        return (model, FeatureMatrix(rows: test.rows * copies, columns: test.columns, values: values))
    }
}
