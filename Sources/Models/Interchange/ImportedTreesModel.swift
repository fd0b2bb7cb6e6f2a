import MaterialsCore

/// Trees that LightGBM or XGBoost grew, evaluated in that program's own precision and order.
///
/// - Input:    the features that the other program was trained on, in its order. Missing values (NaN) go the way that each node
///   says; LightGBM's rules for zeros hold.
/// - Output:   regression: mean, spread NaN. Classification: the class and the probabilities.
/// - Errors:   `fit` is refused: the model is read from a file.
/// - Numerics: scores have the bits of LightGBM's (double) and XGBoost's (float32) own. Outputs behind an exponential function
///   are within 2 units in the last place, as theirs depend on the system's mathematics library.
/// - Source:   the file formats of LightGBM 4 (text) and XGBoost 1.6 to 3.2 (JSON, UBJSON).
public struct ImportedTreesModel: PropertyModel {
    /// Name in plans.
    public static let name = "imported-trees"
    /// Weights are in the trees; missing values go where the file says.
    public static let traits = ModelTraits(
        "trees of LightGBM or XGBoost", knowsItsError: false, missingFeatures: "each split knows the way", isImported: true)

    let trees: ImportedTrees
    let task: LearningTask
    /// 0 in a regression.
    let classCount: Int
    let transform: OutputTransform
    let scale: Double
    /// What it was read from, for the model card.
    let format: String
    private let scorer: ImportedTreesScorer

    init(trees: ImportedTrees, task: LearningTask, classCount: Int, transform: OutputTransform, scale: Double = 1, format: String) throws {
        try trees.validate(format)
        let scores = task == .regression || classCount == 2 ? 1 : classCount
        guard trees.outputCount == scores, task == .regression ? classCount == 0 : classCount >= 2, scale.isFinite else {
            throw MatSieveError.input(
                "\(format): \(trees.outputCount) scores a row do not fit \(task == .regression ? "one target" : "\(classCount) classes")")
        }
        (self.trees, self.task, self.classCount) = (trees, task, classCount)
        (self.transform, self.scale, self.format) = (transform, scale, format)
        scorer = ImportedTreesScorer(trees)
    }

    /// Refused: another program learns these.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> ImportedTreesModel {
        throw MatSieveError.usage("'\(name)' is read from a file of another program and cannot be fitted here; use 'matsieve convert'")
    }

    /// A converted model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        guard let task = LearningTask(rawValue: try parameters.string("task")),
            let transform = OutputTransform(rawValue: try parameters.string("transform"))
        else { throw MatSieveError.input("model file: unknown task or transform; convert the model again") }
        try self.init(
            trees: try ImportedTrees(archive: parameters.group("trees")), task: task, classCount: try parameters.integer("class_count"),
            transform: transform, scale: try parameters.double("scale"), format: try parameters.string("format"))
    }

    /// The parameters, enough to make the model again.
    public var parameters: ParameterArchive {
        var archive = ParameterArchive([
            "task": .string(task.rawValue), "class_count": .integers([Int64(classCount)], shape: [1]),
            "transform": .string(transform.rawValue), "scale": .doubles([scale], shape: [1]), "format": .string(format),
        ])
        archive.merge(trees.archive, under: "trees")
        return archive
    }

    /// What it was read from.
    public var summary: [String: String] {
        ["read_from": format, "trees": "\(trees.treeCount)", "output": transform.rawValue]
    }

    /// Scores before the output's transform: rows × scores, as the other program's raw scores or margins.
    public func scores(_ features: FeatureMatrix) -> FeatureMatrix { scorer.scores(features) }

    /// Fills `prediction`; features must have the columns of the file.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == trees.featureCount && prediction.rows == features.rows)
        let scores = scorer.scores(features)
        for row in 0..<features.rows {
            var outputs = Array(scores.row(row))
            transform.apply(&outputs, scale: scale, single: trees.arithmetic == .single)
            prediction.set(outputs, task: task, row: row)
        }
    }
}

extension Prediction {
    /// Fills a row from a value or the probabilities of classes (one: that of class 1).
    mutating func set(_ outputs: [Double], task: LearningTask, row: Int) {
        if task == .regression {
            (mean[row], spread[row]) = (outputs[0], .nan)
        } else if outputs.count == 1 {
            setProbability(outputs[0], row: row)
        } else if outputs.count == max(classCount, 2) {
            setProbabilities(outputs.span, row: row)
        } else {
            let best = outputs.indices.reduce(0) { outputs[$1] > outputs[$0] ? $1 : $0 }
            (mean[row], spread[row]) = (Double(best), outputs[best])
        }
    }
}
