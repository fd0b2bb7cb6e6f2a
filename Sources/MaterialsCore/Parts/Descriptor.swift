/// Where a thing is published.
public struct Citation: Hashable, Codable, Sendable {
    /// Authors, journal, year.
    public var text: String
    /// DOI without a prefix, or nil.
    public var doi: String?

    /// Makes a citation.
    public init(_ text: String, doi: String? = nil) { (self.text, self.doi) = (text, doi) }
}

/// Turns candidates into rows of numbers, a batch at a time.
public protocol Descriptor: Sendable {
    /// Name in plans: lower-case with hyphens, never changes.
    static var name: String { get }
    /// Where it is published.
    static var references: [Citation] { get }
    /// True where it needs the structures of the batch.
    static var requiresStructure: Bool { get }
    /// Reads its settings strictly.
    init(settings: inout Settings) throws
    /// Labels of the columns it fills.
    var featureNames: [String] { get }
    /// Columns of the input that it reads beside compositions and structures; none by default.
    var requiredColumns: [CandidateColumn] { get }
    /// Fills columns `firstColumn..<firstColumn + featureNames.count` of `features`, one row a candidate.
    /// - Returns: the rows that can't be described, ascending, with the reason; their values are not used.
    func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(row: Int, defect: CandidateDefect)]
}

extension Descriptor {
    /// Compositions will do.
    public static var requiresStructure: Bool { false }
    /// None.
    public var requiredColumns: [CandidateColumn] { [] }
}

/// A descriptor that looks at one composition at a time.
public protocol CompositionDescriptor: Descriptor {
    /// Fills one row; all values of `features` must be set (NaN where there is none).
    /// - Parameters:
    ///   - atomicNumbers: ascending, distinct
    ///   - amounts: positive, beside `atomicNumbers`
    func describe(
        _ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>
    ) throws(CandidateDefect)
}

extension CompositionDescriptor {
    /// Goes through the rows of the batch.
    public func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(
        row: Int, defect: CandidateDefect
    )] {
        let width = featureNames.count
        let z = batch.atomicNumbers.span
        let x = batch.amounts.span
        var defects: [(row: Int, defect: CandidateDefect)] = []
        for row in 0..<batch.count {
            let range = batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1]
            do throws(CandidateDefect) {
                try features.withRow(row, first: firstColumn, width: width) { (out: inout MutableSpan<Double>) throws(CandidateDefect) in
                    try describe(z.extracting(range), x.extracting(range), into: &out)
                }
            } catch { defects.append((row, error)) }
        }
        return defects
    }
}

/// A line of the descriptor registry.
public struct DescriptorEntry: Sendable {
    /// Name in plans.
    public let name: String
    /// Where it is published.
    public let references: [Citation]
    /// True where it needs structures.
    public let requiresStructure: Bool
    /// What leaves its values as they are; nil for descriptors of compositions.
    public let invariances: Invariances?
    /// True where shared and partly occupied positions are described.
    public let supportsDisorder: Bool
    /// True where structures that do not repeat along all axes are described.
    public let supportsOpenAxes: Bool
    /// Makes one with the given settings.
    public let make: @Sendable (inout Settings) throws -> any Descriptor

    /// Registers a descriptor.
    public init<D: Descriptor>(_ type: D.Type) {
        name = D.name
        references = D.references
        requiresStructure = D.requiresStructure
        let structural = D.self as? any StructureDescriptor.Type
        invariances = structural?.invariances
        supportsDisorder = structural?.supportsDisorder ?? true
        supportsOpenAxes = structural?.supportsOpenAxes ?? true
        make = { try D(settings: &$0) }
    }
}
