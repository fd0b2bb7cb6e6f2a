/// What a user should know of a trained model: data, method, how well it does and where it may be trusted.
public struct ModelCard: Codable, Equatable, Sendable {
    /// Property that it predicts, under its name in the plan.
    public var property: String
    /// Registry name of the model.
    public var model: String
    /// Column that it learned.
    public var target: String
    /// Unit of the target, where known.
    public var unit: String?
    /// Numbers or classes.
    public var task: LearningTask
    /// Registry names of the descriptors.
    public var descriptors: [String]
    /// Columns that the descriptors make.
    public var featureCount: Int
    /// Rows it learned from.
    public var rows: Int
    /// Rows that could not be used.
    public var rejectedRows: Int
    /// Where the rows came from.
    public var data: TrainingSource
    /// Settings used, chosen ones included.
    public var settings: [String: String]
    /// How it does on rows that it did not see; nil where it was not validated.
    public var validation: Validation?
    /// The same figures for predicting the mean (or the commonest class) of the training rows.
    public var baseline: [String: Double]
    /// Symbols of the elements in the training rows.
    public var elements: [String]
    /// Distinct compositions in the training rows; such candidates are marked `known`.
    public var knownCompositions: Int
    /// Seed of every random choice.
    public var seed: UInt64
    /// Version of MatSieve that trained it.
    public var version: String
    /// What speaks against trusting it, one line each.
    public var warnings: [String]
    /// Names of the classes by code; empty in a regression, `0` and `1` where the table gives numbers.
    public var classes: [String] = []
    /// True where the file holds rows of the training data, as kernels and neighbours do.
    public var holdsTrainingRows = false
    /// Column that weighs the rows.
    public var weightColumn: String?
    /// How well the standard deviations or probabilities match the errors on rows that a fit did not see.
    public var calibration: CalibrationSummary?
    /// Error by the number of rows learned from, smallest first.
    public var learningCurve: [LearningPoint] = []
    /// The rows with the largest errors among those that a fit did not see, worst first.
    public var worstErrors: [WorstError] = []
    /// Features that matter most, first by permutation.
    public var importance: [FeatureImportance] = []

    /// Training rows on disk.
    public struct TrainingSource: Codable, Equatable, Sendable {
        /// Path as given.
        public var path: String
        /// Hash of the content, hexadecimal.
        public var sha256: String
        /// Who may see what was learned from it.
        public var dataClass: DataClass
        /// Licence, as stated.
        public var license: String?

        /// Describes training rows.
        public init(path: String, sha256: String, dataClass: DataClass = .open, license: String? = nil) {
            (self.path, self.sha256, self.dataClass, self.license) = (path, sha256, dataClass, license)
        }
    }

    /// Figures on rows that a fit did not see.
    public struct Validation: Codable, Equatable, Sendable {
        /// How rows were parted: `hold-out`, `k-fold`, `fold-column`.
        public var scheme: String
        /// Number of parts.
        public var folds: Int
        /// Figures by name: `mae`, `rmse`, `r2`, …
        public var metrics: [String: Metric]

        /// Describes a validation.
        public init(scheme: String, folds: Int, metrics: [String: Metric]) {
            (self.scheme, self.folds, self.metrics) = (scheme, folds, metrics)
        }
    }

    /// A figure over the folds.
    public struct Metric: Codable, Equatable, Sendable {
        /// Mean over the folds that tell.
        public var mean: Double
        /// Standard deviation over the folds that tell; nil for a single one.
        public var std: Double?
        /// One value a fold; NaN where the fold does not tell, such as an area under a curve of one class.
        public var perFold: [Double]

        /// Reads a figure; what no fold tells is written as a missing number and read as NaN.
        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            mean = try values.decodeIfPresent(Double.self, forKey: .mean) ?? .nan
            std = try values.decodeIfPresent(Double.self, forKey: .std)
            perFold = try values.decode([Double?].self, forKey: .perFold).map { $0 ?? .nan }
        }

        /// Makes a figure.
        public init(mean: Double, std: Double? = nil, perFold: [Double] = []) { (self.mean, self.std, self.perFold) = (mean, std, perFold) }

        /// The figure of the values of the folds, with their population standard deviation where there are several.
        public init(perFold: [Double]) {
            let telling = perFold.filter { !$0.isNaN }
            let count = Double(telling.count)
            let mean = telling.reduce(0, +) / count
            let variance = telling.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
            self.init(mean: mean, std: perFold.count > 1 ? variance.squareRoot() : nil, perFold: perFold)
        }
    }

    /// Makes a card.
    public init(
        property: String, model: String, target: String, unit: String? = nil, task: LearningTask = .regression, descriptors: [String],
        featureCount: Int, rows: Int, rejectedRows: Int = 0, data: TrainingSource, settings: [String: String] = [:],
        validation: Validation? = nil,
        baseline: [String: Double] = [:], elements: [String] = [], knownCompositions: Int = 0, seed: UInt64 = 0, version: String,
        warnings: [String] = []
    ) {
        (self.property, self.model, self.target, self.unit, self.task) = (property, model, target, unit, task)
        (self.descriptors, self.featureCount, self.rows, self.rejectedRows) = (descriptors, featureCount, rows, rejectedRows)
        (self.data, self.settings, self.validation, self.baseline) = (data, settings, validation, baseline)
        (self.elements, self.knownCompositions, self.seed, self.version) = (elements, knownCompositions, seed, version)
        self.warnings = warnings
    }
}
