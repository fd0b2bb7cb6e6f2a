import BenchmarkHarness
import MaterialsCore
import Models
import Storage

/// `boosted-trees` on disk and in examples.
enum TrainedTrees {
    /// A model of `matsieve train`, of `boosted-trees-fit`, or LightGBM's text, by its ending.
    static func read(_ path: String) throws -> BoostedTreesModel {
        if path.hasSuffix(".txt") { return try BoostedTreesModel(parameters: LightGBMText(path: path).parameters) }
        let archive = try ModelFile(path: path).parameters
        guard try archive.string("model_name") == BoostedTreesModel.name else {
            throw MatSieveError.input("\(path): is not a model of \(BoostedTreesModel.name)")
        }
        return try BoostedTreesModel(parameters: archive.group("parameters"))
    }

    /// Writes the trees alone, without descriptors and model card.
    static func write(_ model: BoostedTreesModel, to path: String) throws {
        var archive = ParameterArchive(["model_name": .string(BoostedTreesModel.name)])
        archive.merge(model.parameters, under: "parameters")
        try ModelFile(parameters: archive, attributes: [:]).write(to: path)
    }

    /// Settings as LightGBM's defaults have them; options of the same names change them.
    static func settings(_ context: BenchmarkContext) throws -> Setting {
        let values: [(String, Double)] = [
            ("trees", try context.number("trees", default: context.tiny ? 10 : 300)),
            ("leaves", try context.number("leaves", default: context.tiny ? 7 : 31)),
            ("learning_rate", try context.number("learning-rate", default: 0.1)),
            ("max_bins", try context.number("bins", default: 255)),
            ("min_rows_in_leaf", try context.number("min-leaf-rows", default: 20)),
            ("feature_fraction", 1), ("l2", 0), ("early_stopping_rounds", 0), ("validation_fraction", 0),
        ]
        let loss = [("loss", 0, Setting(.text(context.options["classes"] == nil ? "squared" : "logistic")))]
        return Setting(.mapping(loss + values.map { ($0.0, 0, Setting(.number($0.1), source: "\($0.1)")) }))
    }

    /// Measured band gaps with their features: the last fifth of the rows to test on.
    static func example(_ context: BenchmarkContext) throws -> (train: TrainingData, test: FeatureMatrix, testTargets: [Double]) {
        let table = try FormulaTable(
            path: context.datasets + "/matbench/expt_gap.csv", numeric: ["target"], rows: context.tiny ? 500 : nil)
        let magpie = try MagpieTableDescription(table, threads: 1)
        var values: [Double] = []
        magpie.forEachMatrix { values += $0.values }
        let (rows, columns, targets) = (magpie.table.formulas.count, magpie.names.count, magpie.table.columns[0])
        let cut = rows * 4 / 5
        let train = FeatureMatrix(rows: cut, columns: columns, values: Array(values[..<(cut * columns)]))
        let test = FeatureMatrix(rows: rows - cut, columns: columns, values: Array(values[(cut * columns)...]))
        return (TrainingData(features: train, targets: Array(targets[..<cut]), featureNames: magpie.names), test, Array(targets[cut...]))
    }

    /// Trees of a model.
    static func treeCount(_ model: BoostedTreesModel) throws -> Int { try model.parameters.integers("trees/node_offset").count - 1 }
}
