import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// The covariances of all rows, their Cholesky factor and the weights; nothing is chosen.
    static let gaussianProcessFit = Benchmark(
        name: "gaussian-process-fit", unit: "rows", summary: "exact gaussian-process of fixed parameters: covariances and Cholesky factor",
        optionNames: KernelExample.optionNames
    ) { context in
        let example = try KernelExample(context)
        let data = example.data
        let probe = example.input.selecting(Array(0..<min(100, example.input.rows)))
        let training = TrainingContext(seed: 7, threads: context.threads)
        var trained: GaussianProcessModel!
        return BenchmarkWork(
            rows: data.targets.count,
            run: {
                var settings = try KernelExample.settings(
                    context, noiseName: "noise", [("variance_rows", 1), ("exact_rows", Double(max(data.targets.count, 1)))])
                trained = try GaussianProcessModel.fit(data, settings: &settings, context: training)
            },
            checksum: { trained.means(probe).reduce(0, +) },
            finish: {
                let n = Double(data.targets.count)
                return ["columns": Double(data.features.columns), "cholesky_operations": n * n * n / 3]
            })
    }
}
