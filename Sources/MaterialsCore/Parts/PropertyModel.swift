/// Rows to learn from.
public struct TrainingData: Sendable {
    /// Rows × features.
    public var features: FeatureMatrix
    /// One target a row; classification: 0 or 1.
    public var targets: [Double]
    /// Labels of the columns.
    public var featureNames: [String]
    /// Columns that hold category codes (0, 1, 2, … or NaN) instead of numbers.
    public var categoricalColumns: Set<Int>
    /// Numbers or classes.
    public var task: LearningTask

    /// Rows to learn from; counts must agree.
    public init(
        features: FeatureMatrix, targets: [Double], featureNames: [String], categoricalColumns: Set<Int> = [],
        task: LearningTask = .regression
    ) {
        precondition(features.rows == targets.count && features.columns == featureNames.count)
        (self.features, self.targets, self.featureNames) = (features, targets, featureNames)
        (self.categoricalColumns, self.task) = (categoricalColumns, task)
    }

    /// Only the given rows.
    public func selecting(_ rows: [Int]) -> TrainingData {
        TrainingData(
            features: features.selecting(rows), targets: rows.map { targets[$0] }, featureNames: featureNames,
            categoricalColumns: categoricalColumns, task: task)
    }
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
    /// Settings that were used, chosen ones included, for the model card; has a default.
    var summary: [String: String] { get }
}

extension PropertyModel {
    /// Nothing to tell.
    public var summary: [String: String] { [:] }
}

/// A line of the model registry.
public struct ModelEntry: Sendable {
    /// Name in plans.
    public let name: String
    /// Learns with the given settings.
    public let fit: @Sendable (TrainingData, inout Settings, TrainingContext) throws -> any PropertyModel
    /// A trained model from its parameters.
    public let load: @Sendable (ParameterArchive) throws -> any PropertyModel

    /// Registers a model.
    public init<M: PropertyModel>(_ type: M.Type) {
        name = M.name
        fit = { try M.fit($0, settings: &$1, context: $2) }
        load = { try M(parameters: $0) }
    }
}
