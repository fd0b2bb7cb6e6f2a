import BenchmarkHarness
import MaterialsCore
import Models
import Storage

extension Benchmark {
    /// Features and targets to trees.
    static let boostedTreesFit = Benchmark(
        name: "boosted-trees-fit", unit: "rows", summary: "binning and growing all trees; without --train on 20,000 rows of Datasets",
        optionNames: [
            "train", "target", "test", "test-target", "model-out", "predictions", "trees", "leaves", "learning-rate", "bins",
            "min-leaf-rows",
            "seed",
        ]
    ) { context in
        let input = try BoostedTreesInput(context)
        var model: BoostedTreesModel?
        var predicted: [Double] = []
        return BenchmarkWork(rows: input.train.targets.count) {
            model = try context.fitBoostedTrees(input.train)
        } checksum: {
            predicted = model?.means(input.test.features) ?? []
            return predicted.reduce(0, +)
        } finish: {
            if let path = context.options["model-out"], let model {
                try ModelFile(parameters: model.parameters, attributes: ["model": BoostedTreesModel.name]).write(to: path)
            }
            if let path = context.options["predictions"] { try MatrixFile(rows: predicted.count, columns: 1).write(predicted, to: path) }
            return figures(predicted, input.test.targets, model: model, columns: input.train.features.columns)
        }
    }
}

private func figures(_ predicted: [Double], _ targets: [Double], model: BoostedTreesModel?, columns: Int) -> [String: Double] {
    let errors = zip(predicted, targets).map { $0 - $1 }
    let count = Double(errors.count)
    return [
        "columns": Double(columns), "mae": errors.reduce(0) { $0 + abs($1) } / count,
        "rmse": (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot(),
        "trees": Double(model?.summary["trees"] ?? "") ?? .nan, "leaves": Double(model?.summary["leaves"] ?? "") ?? .nan,
    ]
}
