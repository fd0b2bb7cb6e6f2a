import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// Features to predictions, batch by batch as a run does it.
    static let kernelRidgePredict = Benchmark(
        name: "kernel-ridge-predict", unit: "rows", summary: "predicts with kernel-ridge of fixed parameters",
        optionNames: KernelExample.optionNames
    ) { context in
        let example = try KernelExample(context)
        var settings = try KernelExample.settings(context, noiseName: "penalty")
        let model = try KernelRidgeModel.fit(example.data, settings: &settings, context: TrainingContext(seed: 7))
        let batches = example.batches(try context.integer("rows", default: context.tiny ? 0 : 50_000))
        let predictions = Slots(count: batches.count) { Prediction(rows: batches[$0].rows) }
        let threads = context.threads
        return BenchmarkWork(
            rows: batches.reduce(0) { $0 + $1.rows },
            run: { inParallel(batches.count, threads: threads) { _, b in model.predict(batches[b], into: &predictions[b]) } },
            checksum: { predictions.all.reduce(0) { $1.mean.reduce($0, +) } },
            finish: {
                if let path = context.options["predictions"] {
                    try MatrixFile.write(predictions.all.flatMap(\.mean), columns: 1, to: path)
                }
                return [
                    "columns": Double(example.data.features.columns), "training_rows": Double(example.data.targets.count),
                    "is_single": model.summary["precision"] == "single" ? 1 : 0,
                ]
            })
    }
}
