import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// Coding the features and growing all trees.
    static let forestFit = Benchmark(
        name: "forest-fit", unit: "rows", summary: "trains random-forest or extra-trees: coding the features and growing all trees",
        optionNames: ["model", "train", "target", "test", "test-target", "predictions", "trees", "max-features", "seed"]
    ) { context in
        let (data, test, testTargets) = try TrainedForest.data(context)
        let entry = try ModelRegistry.entry(named: context.options["model"] ?? RandomForestModel.name)
        let settings = try TrainedForest.settings(context)
        let training = TrainingContext(seed: UInt64(try context.integer("seed", default: 7)), threads: context.threads)
        var trained: (any PropertyModel)!
        return BenchmarkWork(
            rows: data.features.rows,
            run: {
                var own = try Settings(settings, subject: entry.name)
                trained = try entry.fit(data, &own, training)
            },
            checksum: { trained.predictions(test).mean.reduce(0, +) },
            finish: {
                let predicted = trained.predictions(test).mean
                if let path = context.options["predictions"] { try MatrixFile.write(predicted, columns: 1, to: path) }
                let scores = Metrics.regression(predicted: predicted, observed: testTargets)
                return ["columns": Double(test.columns), "mae": scores["mae"]!, "rmse": scores["rmse"]!]
            })
    }

    /// Features to predictions with standard deviations, batch by batch as a run does it.
    static let forestPredict = Benchmark(
        name: "forest-predict", unit: "rows", summary: "predicts with a random-forest trained on the first rows",
        optionNames: ["model", "train", "target", "test", "test-target", "input", "trees", "max-features", "seed"]
    ) { context in
        let (data, test, _) = try TrainedForest.data(context)
        let entry = try ModelRegistry.entry(named: context.options["model"] ?? RandomForestModel.name)
        var own = try Settings(TrainedForest.settings(context), subject: entry.name)
        let model = try entry.fit(data, &own, TrainingContext(seed: 7, threads: context.threads))
        let features = try context.options["input"].map { try MatrixFile(path: $0).matrix } ?? test
        guard features.columns == test.columns else { throw MatSieveError.input("--input has other columns than the training rows") }
        let size = CandidateGrid.batchSize
        let batches = stride(from: 0, to: features.rows, by: size).map { first in
            features.selecting(Array(first..<min(first + size, features.rows)))
        }
        let predictions = Slots(count: batches.count) { Prediction(rows: batches[$0].rows) }
        let threads = context.threads
        return BenchmarkWork(
            rows: features.rows,
            run: {
                inParallel(batches.count, threads: threads) { _, b in model.predict(batches[b], into: &predictions[b]) }
            },
            checksum: { predictions.all.reduce(0) { $1.mean.reduce($0, +) } },
            finish: { ["columns": Double(features.columns)] })
    }
}
