import BenchmarkHarness
import MaterialsCore
import Models

/// Rows and settings of the benchmarks of kernel models.
struct KernelExample {
    var data: TrainingData
    var input: FeatureMatrix

    /// Options that they share.
    static let optionNames = ["train", "target", "input", "predictions", "kernel", "length-scale", "noise", "rows"]

    /// Matrix files, or measured band gaps with their features.
    init(_ context: BenchmarkContext) throws {
        guard let train = context.options["train"] else {
            let (data, test, _) = try TrainedTrees.example(context)
            self.data = data
            input = test
            return
        }
        let features = try MatrixFile(path: train).matrix
        let targets = try MatrixFile.column(path: try context.required("target"), rows: features.rows)
        data = TrainingData(features: features, targets: targets, featureNames: (0..<features.columns).map { "f\($0)" })
        input = try MatrixFile(path: try context.required("input")).matrix
        guard input.columns == features.columns else { throw MatSieveError.input("--input has other columns than --train") }
    }

    /// A kernel with fixed parameters; `noise` goes under the model's own name for it.
    static func settings(_ context: BenchmarkContext, noiseName: String, _ more: [(String, Double)] = []) throws -> Settings {
        let numbers = [
            ("length_scale", try context.number("length-scale", default: 10)), (noiseName, try context.number("noise", default: 0.01)),
        ]
        let entries = (numbers + more).map { (key: $0.0, line: 0, value: Setting(.number($0.1), source: "\($0.1)")) }
        let kernel = context.options["kernel"] ?? "rbf"
        return try Settings(
            Setting(.mapping(entries + [(key: "kernel", line: 0, value: Setting(.text(kernel)))])), subject: "kernel model")
    }

    /// The input again and again, at least `rows` rows, in batches as a run has them.
    func batches(_ rows: Int) -> [FeatureMatrix] {
        let (size, count) = (CandidateGrid.batchSize, max(input.rows, rows))
        return stride(from: 0, to: count, by: size).map { first in
            input.selecting((first..<min(first + size, count)).map { $0 % input.rows })
        }
    }
}
