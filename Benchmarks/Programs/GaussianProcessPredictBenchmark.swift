import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// Features to means, or to means and spreads, batch by batch as a run does it.
    static let gaussianProcessPredict = Benchmark(
        name: "gaussian-process-predict", unit: "rows",
        summary: "predicts with gaussian-process of fixed parameters (--output mean|spread)",
        optionNames: KernelExample.optionNames + ["output"]
    ) { context in
        let example = try KernelExample(context)
        var settings = try KernelExample.settings(context, noiseName: "noise")
        let model = try GaussianProcessModel.fit(example.data, settings: &settings, context: TrainingContext(seed: 7))
        let wantsSpread = try context.choice("output", among: ["spread", "mean"]) == "spread"
        let batches = example.batches(try context.integer("rows", default: context.tiny ? 0 : wantsSpread ? 10_000 : 50_000))
        let predictions = Slots(count: batches.count) { Prediction(rows: batches[$0].rows) }
        let threads = context.threads
        return BenchmarkWork(
            rows: batches.reduce(0) { $0 + $1.rows },
            run: {
                inParallel(batches.count, threads: threads) { _, b in
                    if wantsSpread {
                        model.predict(batches[b], into: &predictions[b])
                    } else {
                        predictions[b].mean = model.means(batches[b])
                    }
                }
            },
            checksum: { predictions.all.reduce(0) { sum, p in (wantsSpread ? p.spread : p.mean).reduce(sum, +) } },
            finish: {
                if let path = context.options["predictions"] {
                    let values = predictions.all.flatMap { p in zip(p.mean, p.spread).flatMap { [$0, $1] } }
                    try MatrixFile.write(values, columns: 2, to: path)
                }
                return [
                    "columns": Double(example.data.features.columns), "training_rows": Double(example.data.targets.count),
                    "is_single": model.summary["precision"] == "single" ? 1 : 0,
                ]
            })
    }
}
