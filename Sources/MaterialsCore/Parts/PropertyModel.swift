/// Rows to learn from.
public struct TrainingData: Sendable {
    /// Rows × features; NaN is missing.
    public var features: FeatureMatrix
    /// One target a row; classification: code of the class, 0, 1, …
    public var targets: [Double]
    /// How much each row counts: positive and finite, with a mean of 1; nil where all count the same.
    public var weights: [Double]?
    /// Labels of the columns.
    public var featureNames: [String]
    /// Columns that hold category codes (0, 1, 2, … or NaN) instead of numbers.
    public var categoricalColumns: Set<Int>
    /// Numbers or classes.
    public var task: LearningTask
    /// Classes that targets can have; 0 in a regression. A part of the rows may lack some of them.
    public var classCount: Int
    /// Consecutive columns that come from one descriptor or input column, in column order; empty where nobody says.
    public var groups: [FeatureGroup]

    /// Rows to learn from; counts must agree. Weights are scaled to a mean of 1.
    public init(
        features: FeatureMatrix, targets: [Double], weights: [Double]? = nil, featureNames: [String], categoricalColumns: Set<Int> = [],
        task: LearningTask = .regression, classCount: Int? = nil, groups: [FeatureGroup] = []
    ) {
        precondition(features.rows == targets.count && features.columns == featureNames.count)
        precondition(weights == nil || weights?.count == targets.count)
        (self.features, self.targets, self.featureNames) = (features, targets, featureNames)
        (self.categoricalColumns, self.task, self.groups) = (categoricalColumns, task, groups)
        self.classCount = task == .regression ? 0 : classCount ?? 2
        self.weights = weights.map(Self.withMeanOne)
    }

    private static func withMeanOne(_ weights: [Double]) -> [Double] {
        let mean = weights.reduce(0, +) / Double(max(weights.count, 1))
        return mean > 0 && mean.isFinite ? weights.map { $0 / mean } : weights
    }

    /// Weight of a row; 1 where all count the same.
    @inlinable
    public func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

    /// Only the given rows.
    public func selecting(_ rows: [Int]) -> TrainingData {
        var result = self
        result.features = features.selecting(rows)
        result.targets = rows.map { targets[$0] }
        result.weights = weights.map { w in Self.withMeanOne(rows.map { w[$0] }) }
        return result
    }

    /// Only the given columns, ascending.
    public func selectingColumns(_ columns: [Int]) -> TrainingData {
        var result = self
        result.features = features.selectingColumns(columns)
        result.featureNames = columns.map { featureNames[$0] }
        result.categoricalColumns = Set(columns.indices.filter { categoricalColumns.contains(columns[$0]) })
        result.groups = groups(of: columns)
        return result
    }

    private func groups(of columns: [Int]) -> [FeatureGroup] {
        var owner = [Int](repeating: -1, count: features.columns)
        for (g, group) in groups.enumerated() { for c in group.columns { owner[c] = g } }
        var places = [(first: Int, last: Int)?](repeating: nil, count: groups.count)
        for (i, c) in columns.enumerated() where owner[c] >= 0 { places[owner[c]] = (places[owner[c]]?.first ?? i, i) }
        return groups.indices.compactMap { g in
            places[g].map { FeatureGroup(name: groups[g].name, columns: $0.first..<$0.last + 1) }
        }
    }

    /// With further numeric columns behind.
    public func appending(_ columns: FeatureMatrix, names: [String]) -> TrainingData {
        var result = self
        result.features = features.appending(columns)
        result.featureNames += names
        return result
    }

    /// The same rows with other targets.
    public func replacingTargets(_ targets: [Double], task: LearningTask, classCount: Int = 0) -> TrainingData {
        precondition(targets.count == self.targets.count)
        var result = self
        (result.targets, result.task, result.classCount) = (targets, task, task == .regression ? 0 : max(classCount, 2))
        return result
    }
}

/// Columns of one descriptor or input column.
public struct FeatureGroup: Equatable, Sendable {
    /// Name of the descriptor, or `column NAME`.
    public var name: String
    /// Its columns.
    public var columns: Range<Int>

    /// Names some columns.
    public init(name: String, columns: Range<Int>) { (self.name, self.columns) = (name, columns) }
}

/// What a fit may use beside the data.
public struct TrainingContext: Sendable {
    /// Seed of every random choice.
    public var seed: UInt64
    /// Threads it may use; the result does not depend on them.
    public var threads: Int
    /// Asked now and then; true ends the fit with `MatSieveError.stopped`.
    public var isCancelled: @Sendable () -> Bool

    /// Makes a context.
    public init(seed: UInt64 = 0, threads: Int = 1, isCancelled: @escaping @Sendable () -> Bool = { false }) {
        (self.seed, self.threads, self.isCancelled) = (seed, threads, isCancelled)
    }
}

/// A surrogate: learns from described materials, predicts batches.
///
/// A row's prediction has the same bits whatever the batch it stands in, the threads and the CPU.
public protocol PropertyModel: Sendable {
    /// Name in plans: lower-case with hyphens, never changes.
    static var name: String { get }
    /// Learns; reads its settings strictly.
    static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> Self
    /// A trained model from its parameters.
    init(parameters: ParameterArchive) throws
    /// The parameters, enough to make the model again.
    var parameters: ParameterArchive { get }
    /// Fills `prediction` (as many rows as `features`).
    func predict(_ features: FeatureMatrix, into prediction: inout Prediction)
    /// Columns of the features that it predicts from; -1, the default, where it does not tell.
    var featureCount: Int { get }
    /// Settings that were used, chosen ones included, for the model card; has a default.
    var summary: [String: String] { get }
    /// What it can do and how; has a default.
    static var traits: ModelTraits { get }
}

extension PropertyModel {
    /// Does not tell.
    public var featureCount: Int { -1 }
    /// Nothing to tell.
    public var summary: [String: String] { [:] }
    /// The defaults.
    public static var traits: ModelTraits { ModelTraits() }

    /// Predictions of described rows.
    public func predictions(_ features: FeatureMatrix, classCount: Int = 0) -> Prediction {
        var prediction = Prediction(rows: features.rows, classCount: classCount)
        predict(features, into: &prediction)
        return prediction
    }
}

/// A model that chose among the columns it was given, so that the others need not be computed for it.
public protocol ColumnSelecting: PropertyModel {
    /// Columns that predictions depend on, ascending.
    var usedColumns: [Int] { get }
    /// The same model for features that hold only the columns `kept` (ascending, all used ones among them).
    func restricted(to kept: [Int]) -> Self
}

/// What users should know of a kind of model before they take it.
public struct ModelTraits: Equatable, Sendable {
    /// One line: what it is, for `list models`.
    public var title: String
    /// True where the standard deviation follows the row; else an error model is trained on held-out residuals beside it.
    public var knowsItsError: Bool
    /// True where a trained model holds rows of its training data.
    public var holdsTrainingRows: Bool
    /// What it makes of missing features, for `list models`.
    public var missingFeatures: String

    /// True where it is read from a file of another program and cannot be fitted.
    public var isImported: Bool

    /// Describes a kind of model.
    public init(
        _ title: String = "", knowsItsError: Bool = true, holdsTrainingRows: Bool = false,
        missingFeatures: String = "the training mean stands in",
        isImported: Bool = false
    ) {
        (self.title, self.knowsItsError, self.holdsTrainingRows) = (title, knowsItsError, holdsTrainingRows)
        (self.missingFeatures, self.isImported) = (missingFeatures, isImported)
    }
}

extension PropertyModel {
    /// Refuses a model whose file was put together from parts of others.
    public func requireFeatures(_ count: Int) throws {
        guard featureCount < 0 || featureCount == count else {
            throw MatSieveError.input(
                "model file: a model of \(featureCount) features stands beside \(count); it is damaged, train it anew")
        }
    }
}

/// A line of the model registry.
public struct ModelEntry: Sendable {
    /// Name in plans.
    public let name: String
    /// What it can do and how.
    public let traits: ModelTraits
    /// Learns with the given settings.
    public let fit: @Sendable (TrainingData, inout Settings, TrainingContext) throws -> any PropertyModel
    /// A trained model from its parameters.
    public let load: @Sendable (ParameterArchive) throws -> any PropertyModel

    /// Registers a model.
    public init<M: PropertyModel>(_ type: M.Type) {
        name = M.name
        traits = M.traits
        fit = { try M.fit($0, settings: &$1, context: $2) }
        load = { try M(parameters: $0) }
    }
}
