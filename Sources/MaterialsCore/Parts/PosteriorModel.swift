/// What is believed of a function at some rows: a normal distribution each.
public struct PosteriorValues: Equatable, Sendable {
    /// Expected value of each row, in the target's unit.
    public var mean: [Double]
    /// Variance of each row's value, without the noise of a measurement.
    public var variance: [Double]

    /// Takes over values.
    public init(mean: [Double], variance: [Double]) { (self.mean, self.variance) = (mean, variance) }

    /// Standard deviation of a row.
    @inlinable
    public func deviation(_ row: Int) -> Double { max(variance[row], 0).squareRoot() }
}

/// A function drawn from a posterior.
public protocol FunctionSample: Sendable {
    /// Its values at some rows.
    func values(at rows: FeatureMatrix) -> [Double]
}

/// A distribution of functions given measured rows: what an acquisition asks, batch by batch.
///
/// Rows are standardised over all candidates (mean 0, deviation 1 a column). A row's answer has the same bits whatever batch it stands in,
/// the threads and the vector width of the CPU.
public protocol PosteriorModel: Sendable {
    /// Name in commands: lower-case with hyphens, never changes.
    static var name: String { get }
    /// Learns from measured rows; reads its settings strictly.
    ///
    /// With a previous posterior the search for its parameters starts from that one's.
    static func fit(
        _ rows: FeatureMatrix, targets: [Double], settings: inout Settings, previous: Self?, context: TrainingContext
    ) throws -> Self
    /// Variance of a single measurement about the function.
    var noiseVariance: Double { get }
    /// What was chosen, for people.
    var summary: [String: String] { get }
    /// Mean of the function, without its variance, which takes most of the time.
    func means(at rows: FeatureMatrix) -> [Double]
    /// Mean and variance of the function.
    func values(at rows: FeatureMatrix) -> PosteriorValues
    /// Covariances of the function at `rows` with that at `anchors`: rows × anchors.
    func covariances(of rows: FeatureMatrix, with anchors: FeatureMatrix) throws -> FeatureMatrix
    /// A function of this distribution.
    func sample(seed: UInt64) throws -> any FunctionSample
    /// Takes in a further measured row with all parameters as they are.
    mutating func condition(on row: FeatureMatrix, target: Double) throws
}

/// A line of the posterior registry.
public struct PosteriorEntry: Sendable {
    /// Name in commands.
    public let name: String
    /// Learns with the given settings.
    public let fit: @Sendable (FeatureMatrix, [Double], inout Settings, TrainingContext) throws -> any PosteriorModel

    /// Registers a posterior.
    public init<M: PosteriorModel>(_ type: M.Type) {
        name = M.name
        fit = { try M.fit($0, targets: $1, settings: &$2, previous: nil, context: $3) }
    }
}
