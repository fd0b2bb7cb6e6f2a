/// What people should know of a trained model; stored in its file, shown by `info` and in the report.
///
/// Holds no time and no host, so that the same training gives the same bytes.
public struct ModelCard: Codable, Equatable, Sendable {
    /// The table that the model learned from.
    public struct TrainingTable: Codable, Equatable, Sendable {
        /// Path as given.
        public var path: String
        /// SHA-256 of the rows that were used: compositions, targets, columns.
        public var sha256: String
        /// Rights class; the model inherits it.
        public var dataClass: DataClass
        /// Licence, as stated.
        public var license: String?

        /// Describes a table.
        public init(path: String, sha256: String, dataClass: DataClass = .open, license: String? = nil) {
            (self.path, self.sha256, self.dataClass, self.license) = (path, sha256, dataClass, license)
        }
    }

    /// One measure of error over the folds.
    public struct Metric: Codable, Equatable, Sendable {
        /// Mean over the folds.
        public var mean: Double
        /// Standard deviation over the folds (population); 0 for one fold.
        public var std: Double
        /// Value of each fold.
        public var perFold: [Double]

        /// Makes a metric of the values of the folds.
        public init(perFold: [Double]) {
            self.perFold = perFold
            mean = perFold.reduce(0, +) / Double(max(perFold.count, 1))
            let m = mean
            std = (perFold.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(max(perFold.count, 1))).squareRoot()
        }

        enum CodingKeys: String, CodingKey {
            case mean, std
            case perFold = "per_fold"
        }
    }

    /// How the error was judged.
    public struct Validation: Codable, Equatable, Sendable {
        /// `hold-out 0.2`, `5 folds`, `column fold`.
        public var scheme: String
        /// Number of folds.
        public var folds: Int
        /// Metrics by name: `mae`, `rmse`, `r2`; `balanced_accuracy`, `roc_auc`, `f1`.
        public var metrics: [String: Metric]
        /// The same metrics for predicting the mean of the training rows (the majority class).
        public var baseline: [String: Metric]

        /// Describes a validation.
        public init(scheme: String, folds: Int, metrics: [String: Metric], baseline: [String: Metric] = [:]) {
            (self.scheme, self.folds, self.metrics, self.baseline) = (scheme, folds, metrics, baseline)
        }
    }

    /// Name of the property.
    public var property: String
    /// Registry name of the model.
    public var model: String
    /// Column that was learned.
    public var target: String
    /// Unit of the target.
    public var unit: String?
    /// Numbers or classes.
    public var task: LearningTask
    /// Descriptors with their settings, then columns used as features.
    public var descriptors: [String]
    /// Number of features.
    public var featureCount: Int
    /// Rows learned from.
    public var rows: Int
    /// Rows of the table that could not be used.
    public var rejectedRows: Int
    /// What it learned from.
    public var data: TrainingTable
    /// Settings that were used, chosen ones included.
    public var settings: [String: String]
    /// How its error was judged; nil where it was not.
    public var validation: Validation?
    /// Symbols of the elements in the training data.
    public var elements: [String]
    /// Distinct compositions in the training data.
    public var knownCompositions: Int
    /// Seed.
    public var seed: UInt64
    /// Version of MatSieve that trained it.
    public var version: String
    /// What a user should mind.
    public var warnings: [String]

    /// Makes a card.
    public init(
        property: String, model: String, target: String, unit: String?, task: LearningTask, descriptors: [String], featureCount: Int,
        rows: Int, rejectedRows: Int, data: TrainingTable, settings: [String: String] = [:], validation: Validation? = nil,
        elements: [String] = [], knownCompositions: Int = 0, seed: UInt64 = 0, version: String, warnings: [String] = []
    ) {
        (self.property, self.model, self.target, self.unit, self.task) = (property, model, target, unit, task)
        (self.descriptors, self.featureCount, self.rows, self.rejectedRows) = (descriptors, featureCount, rows, rejectedRows)
        (self.data, self.settings, self.validation, self.elements) = (data, settings, validation, elements)
        (self.knownCompositions, self.seed, self.version, self.warnings) = (knownCompositions, seed, version, warnings)
    }
}
