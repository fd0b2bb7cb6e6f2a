import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    private static let mlpOptions = ["train", "target", "test", "predictions", "members", "epochs", "batch-size", "hidden", "copies"]

    /// Training of the ensemble: encoding, epochs, noise.
    static let mlpFit = Benchmark(
        name: "mlp-fit", unit: "rows", summary: "trains mlp: two hidden layers, ReLU, squared loss, Adam at a constant rate",
        optionNames: mlpOptions
    ) { context in
        let (data, test) = try mlpTables(context)
        let settings = try mlpSettings(context)
        let training = TrainingContext(seed: 7, threads: context.threads)
        var trained: MLPModel!
        return BenchmarkWork(
            rows: data.features.rows,
            run: {
                var own = try Settings(settings, subject: "mlp")
                trained = try MLPModel.fit(data, settings: &own, context: training)
            },
            checksum: { trained.predictions(test).mean.reduce(0, +) },
            finish: {
                if let path = context.options["predictions"] {
                    try MatrixFile.write(trained.predictions(test).mean, columns: 1, to: path)
                }
                return ["columns": Double(test.columns)]
            })
    }

    /// Features to predictions of the same ensemble; the test rows, copied.
    static let mlpPredict = Benchmark(
        name: "mlp-predict", unit: "rows", summary: "predicts with a trained mlp", optionNames: mlpOptions
    ) { context in
        let (data, test) = try mlpTables(context)
        var settings = try Settings(mlpSettings(context), subject: "mlp")
        let model = try MLPModel.fit(data, settings: &settings, context: TrainingContext(seed: 7, threads: context.threads))
        let copies = try context.integer("copies", default: context.tiny ? 1 : 20)
        let rows = test.rows * copies
        let many = FeatureMatrix(rows: rows, columns: test.columns, values: (0..<copies).flatMap { _ in test.values })
        var prediction = Prediction(rows: rows)
        return BenchmarkWork(
            rows: rows, run: { model.predict(many, into: &prediction) }, checksum: { prediction.mean.reduce(0, +) },
            finish: { ["columns": Double(test.columns)] })
    }

    private static func mlpTables(_ context: BenchmarkContext) throws -> (TrainingData, FeatureMatrix) {
        guard let train = context.options["train"] else {
            let (data, test, _) = try TrainedTrees.example(context)
            return (data, test)
        }
        let features = try MatrixFile(path: train).matrix
        let test = try MatrixFile(path: try context.required("test")).matrix
        let targets = try MatrixFile.column(path: try context.required("target"), rows: features.rows)
        guard test.columns == features.columns else { throw MatSieveError.input("--test has other columns than --train") }
        return (TrainingData(features: features, targets: targets, featureNames: (0..<features.columns).map { "f\($0)" }), test)
    }

    /// What scikit-learn's MLPRegressor does by default, but for the sizes.
    private static func mlpSettings(_ context: BenchmarkContext) throws -> Setting {
        func number(_ value: Double) -> Setting { Setting(.number(value), source: "\(value)") }
        let width = Double(try context.integer("hidden", default: context.tiny ? 8 : 256))
        return Setting(
            .mapping([
                ("members", 0, number(Double(try context.integer("members", default: 1)))),
                ("epochs", 0, number(Double(try context.integer("epochs", default: context.tiny ? 2 : 20)))),
                ("batch_size", 0, number(Double(try context.integer("batch-size", default: 128)))),
                ("hidden", 0, Setting(.list([number(width), number((width / 2).rounded(.up))]))),
                ("activation", 0, Setting(.text("relu"))), ("loss", 0, Setting(.text("squared"))),
                ("schedule", 0, Setting(.text("constant"))), ("learning_rate", 0, number(0.001)), ("dropout", 0, number(0)),
                ("weight_decay", 0, number(0)), ("clip", 0, number(1e6)),
            ]))
    }
}
