import BenchmarkHarness
import Foundation
import MaterialsCore
import Models
import Storage

extension Benchmark {
    /// Features to predictions, in the batches of a run.
    static let boostedTreesPredict = Benchmark(
        name: "boosted-trees-predict", unit: "rows",
        summary: "features to predictions; --model takes a model file or LightGBM's text, else one is fitted to 16,000 rows of Datasets",
        optionNames: ["model", "input", "predictions", "trees", "leaves", "learning-rate", "bins", "min-leaf-rows", "seed"]
    ) { context in
        let (model, features) = try modelAndFeatures(context)
        let batches = stride(from: 0, to: features.rows, by: CandidateGrid.batchSize).map { start in
            features.selecting(Array(start..<min(start + CandidateGrid.batchSize, features.rows)))
        }
        var predictions = batches.map { Prediction(rows: $0.rows) }
        return BenchmarkWork(rows: features.rows) {
            for i in batches.indices { model.predict(batches[i], into: &predictions[i]) }
        } checksum: {
            predictions.reduce(0) { $1.mean.reduce($0, +) }
        } finish: {
            if let path = context.options["predictions"] {
                try MatrixFile(rows: features.rows, columns: 1).write(predictions.flatMap(\.mean), to: path)
            }
            return ["columns": Double(features.columns), "trees": Double(model.summary["trees"] ?? "") ?? .nan]
        }
    }
}

private func modelAndFeatures(_ context: BenchmarkContext) throws -> (BoostedTreesModel, FeatureMatrix) {
    guard let path = context.options["model"] else {
        let input = try BoostedTreesInput(context)
        let rows = context.tiny ? 300 : 200_000
        let model = try context.fitBoostedTrees(input.train)
        return (model, input.test.features.selecting((0..<rows).map { $0 % input.test.features.rows }))
    }
    let features = try MatrixFile.read(try context.required("input"))
    let model =
        path.hasSuffix(".txt")
        ? try BoostedTreesModel(lightGBMText: path) : try BoostedTreesModel(parameters: try ModelFile(path: path).parameters)
    guard model.featureCount == features.columns else {
        throw MatSieveError.input("\(path) was trained on \(model.featureCount) columns, the input has \(features.columns)")
    }
    return (model, features)
}
