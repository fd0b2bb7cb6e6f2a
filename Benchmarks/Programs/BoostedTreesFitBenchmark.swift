import BenchmarkHarness
import MaterialsCore
import Models

extension Benchmark {
    /// Binning and growing all trees.
    static let boostedTreesFit = Benchmark(
        name: "boosted-trees-fit", unit: "rows", summary: "trains boosted-trees: binning and growing all trees",
        optionNames: [
            "train", "target", "test", "test-target", "model-out", "predictions", "trees", "leaves", "learning-rate", "bins",
            "min-leaf-rows",
            "seed", "classes",
        ]
    ) { context in
        let (data, test, testTargets) = try trainingData(context)
        let settings = try TrainedTrees.settings(context)
        let training = TrainingContext(seed: UInt64(try context.integer("seed", default: 7)), threads: context.threads)
        var trained: BoostedTreesModel!
        func predictions() -> [Double] { trained.predictions(test, classCount: data.classCount).mean }
        return BenchmarkWork(
            rows: data.features.rows,
            run: {
                var own = try Settings(settings, subject: "boosted-trees")
                trained = try BoostedTreesModel.fit(data, settings: &own, context: training)
            },
            checksum: { predictions().reduce(0, +) },
            finish: {
                if let path = context.options["model-out"] { try TrainedTrees.write(trained, to: path) }
                if let path = context.options["predictions"] { try MatrixFile.write(predictions(), columns: 1, to: path) }
                var figures = ["columns": Double(test.columns), "leaves": try context.number("leaves", default: context.tiny ? 7 : 31)]
                if data.task == .classification {
                    figures["log_loss"] = logLoss(trained.predictions(test, classCount: data.classCount), testTargets)
                } else {
                    let scores = Metrics.regression(predicted: predictions(), observed: testTargets)
                    figures["trees"] = Double(try TrainedTrees.treeCount(trained))
                    (figures["mae"], figures["rmse"]) = (scores["mae"]!, scores["rmse"]!)
                }
                return figures
            })
    }

    private static func logLoss(_ p: Prediction, _ classes: [Double]) -> Double {
        let sum = classes.indices.reduce(0.0) { $0 - PortableMath.log(max(p.probability(ofClass: Int(classes[$1]), row: $1), 1e-300)) }
        return sum / Double(classes.count)
    }

    private static func trainingData(_ context: BenchmarkContext) throws -> (TrainingData, FeatureMatrix, [Double]) {
        guard let train = context.options["train"] else { return try TrainedTrees.example(context) }
        let features = try MatrixFile(path: train).matrix
        let test = try MatrixFile(path: try context.required("test")).matrix
        let targets = try MatrixFile.column(path: try context.required("target"), rows: features.rows)
        let testTargets = try MatrixFile.column(path: try context.required("test-target"), rows: test.rows)
        guard test.columns == features.columns else { throw MatSieveError.input("--test has other columns than --train") }
        // Targets are codes of so many classes where `--classes` says so.
        let classes = try context.integer("classes", default: 0)
        let data = TrainingData(
            features: features, targets: targets, featureNames: (0..<features.columns).map { "f\($0)" },
            task: classes > 0 ? .classification : .regression, classCount: classes)
        return (data, test, testTargets)
    }
}
