import BenchmarkHarness
import Foundation
import MaterialsCore
import Models

extension Benchmark {
    /// Features to predictions by a model of another program, or by ours written as ONNX and read back.
    static let foreignModel = Benchmark(
        name: "foreign-model", unit: "rows",
        summary: "predicts with a model of LightGBM, XGBoost or ONNX; without --model with ours as ONNX",
        optionNames: ["model", "input", "outputs", "scores", "labels", "kind", "task", "onnx", "queries"]
    ) { context in
        let (foreign, features) = try context.options["model"].map { try read($0, context) } ?? example(context)
        guard foreign.featureCount == features.columns else {
            throw MatSieveError.input("--model has \(foreign.featureCount) features, --input \(features.columns)")
        }
        // The closures of a benchmark run one after the other.
        nonisolated(unsafe) var prediction = Prediction(rows: features.rows, classCount: foreign.classes.count)
        return BenchmarkWork(
            rows: features.rows, run: { foreign.model.predict(features, into: &prediction) },
            checksum: { prediction.mean.reduce(0, +) },
            finish: {
                if let path = context.options["outputs"] { try write(prediction, foreign, to: path) }
                if let path = context.options["labels"] { try MatrixFile.write(prediction.mean, columns: 1, to: path) }
                if let path = context.options["scores"], let trees = foreign.model as? ImportedTreesModel {
                    let scores = trees.scores(features)
                    try MatrixFile.write(scores.values, columns: scores.columns, to: path)
                }
                return ["columns": Double(features.columns)]
            })
    }

    private static func read(_ path: String, _ context: BenchmarkContext) throws -> (ForeignModel, FeatureMatrix) {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw MatSieveError.input("\(path): no such file; check the path")
        }
        let matrix = try MatrixFile(path: try context.required("input")).matrix
        return (try ForeignModel.read([UInt8](bytes), fileName: path), matrix)
    }

    /// Regression: a value a row. Classification: the probabilities of all classes.
    private static func write(_ prediction: Prediction, _ foreign: ForeignModel, to path: String) throws {
        guard foreign.task == .classification else { return try MatrixFile.write(prediction.mean, columns: 1, to: path) }
        let values = (0..<prediction.rows).flatMap { row in
            foreign.classes.indices.map { prediction.probability(ofClass: $0, row: row) }
        }
        try MatrixFile.write(values, columns: foreign.classes.count, to: path)
    }

    /// A model of ours on seeded data, as ONNX and read back; what it says itself goes to `--outputs` of the file's own.
    private static func example(_ context: BenchmarkContext) throws -> (ForeignModel, FeatureMatrix) {
        let kind = try context.choice("kind", among: ["boosted-trees", "extra-trees", "random-forest", "ridge"])
        let task = try context.choice("task", among: ["regression", "two-classes", "three-classes"])
        let classes = task == "regression" ? 0 : task == "two-classes" ? 2 : 3
        var random = SplitMix64(seed: 5)
        func table(_ rows: Int) -> FeatureMatrix {
            var table = FeatureMatrix(rows: rows, columns: 6)
            for i in table.values.indices {
                table.values[i] = i % 6 == 5 ? (random.nextUnit() * 90).rounded(.down) : random.nextUnit() * 20 - 10
                if random.nextUnit() < 0.05 { table.values[i] = .nan }
            }
            return table
        }
        let train = table(context.tiny ? 200 : 2000)
        var queries = table(context.tiny ? 200 : 10_000)
        // Ties with thresholds, and doubles beside them.
        for i in 0..<min(queries.values.count, train.values.count) / 2 {
            queries.values[i] = i % 2 == 0 ? train.values[i] : Double(Float(train.values[i]))
        }
        let scores = (0..<train.rows).map { row in
            (train[row, 0].isNaN ? 0 : train[row, 0]) + (train[row, 5].isNaN ? 0 : Double(Int(train[row, 5]) % 7))
        }
        let targets = classes == 0 ? scores : scores.map { $0 < 0 ? 0 : classes == 2 || $0 < 6 ? 1 : 2 }
        let data = TrainingData(
            features: train, targets: targets, featureNames: (0..<6).map { "x\($0)" }, categoricalColumns: kind == "ridge" ? [] : [5],
            task: classes == 0 ? .regression : .classification, classCount: classes)
        var settings = Settings(subject: kind)
        let model = try ModelRegistry.entry(named: kind).fit(data, &settings, TrainingContext(seed: 7))
        let bytes = try ONNXWriter.write(model, featureNames: data.featureNames)
        if let path = context.options["onnx"], !FileManager.default.createFile(atPath: path, contents: Data(bytes)) {
            throw MatSieveError.input("\(path): cannot be written; check the folder")
        }
        if let path = context.options["queries"] { try MatrixFile.write(queries.values, columns: 6, to: path) }
        return (try ForeignModel.read(bytes, fileName: "written"), queries)
    }
}
