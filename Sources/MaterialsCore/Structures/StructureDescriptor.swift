/// Changes of a structure that leave a descriptor's values as they are, to a stated tolerance.
public struct Invariances: OptionSet, Sendable {
    /// Bits.
    public let rawValue: Int
    /// A set of bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// All positions moved by the same vector.
    public static let translation = Invariances(rawValue: 1)
    /// Lattice and positions rotated.
    public static let rotation = Invariances(rawValue: 2)
    /// Atoms in another order.
    public static let permutation = Invariances(rawValue: 4)
    /// The same crystal in another cell: a supercell, or other lattice vectors.
    public static let cell = Invariances(rawValue: 8)
    /// Lattice and positions mirrored.
    public static let mirror = Invariances(rawValue: 16)

    /// All of them.
    public static let all: Invariances = [.translation, .rotation, .permutation, .cell, .mirror]
    /// Names for listings, in fixed order.
    public var names: [String] {
        let all: [(Invariances, String)] = [
            (.translation, "translation"), (.rotation, "rotation"), (.permutation, "permutation"), (.cell, "cell"), (.mirror, "mirror"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}

/// A descriptor that looks at one structure at a time.
public protocol StructureDescriptor: Descriptor {
    /// What leaves its values as they are; the conformance suite proves it.
    static var invariances: Invariances { get }
    /// True where shared and partly occupied positions are described; else such a structure is rejected as `disordered`.
    static var supportsDisorder: Bool { get }
    /// True where structures that do not repeat along all axes are described; else rejected as `not-periodic`.
    static var supportsOpenAxes: Bool { get }
    /// Fills one row; all values must be set (NaN where there is none).
    func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect)
}

extension StructureDescriptor {
    /// No disorder.
    public static var supportsDisorder: Bool { false }
    /// Crystals only.
    public static var supportsOpenAxes: Bool { false }
    /// Always.
    public static var requiresStructure: Bool { true }

    /// Goes through the rows of the batch; a row without a structure is `no-structure`.
    public func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(
        row: Int, defect: CandidateDefect
    )] {
        let width = featureNames.count
        var defects: [(row: Int, defect: CandidateDefect)] = []
        for row in 0..<batch.count {
            do throws(CandidateDefect) {
                let crystal = try Self.accepted(batch.structures?[row])
                try features.withRow(row, first: firstColumn, width: width) { (out: inout MutableSpan<Double>) throws(CandidateDefect) in
                    try describe(crystal, into: &out)
                }
            } catch { defects.append((row, error)) }
        }
        return defects
    }

    /// The structure, where this descriptor can describe it.
    public static func accepted(_ structure: CrystalStructure?) throws(CandidateDefect) -> CrystalStructure {
        guard let structure else { throw CandidateDefect("no-structure", "\(name) needs a structure, and the candidate has none") }
        if structure.isDisordered, !supportsDisorder {
            throw CandidateDefect("disordered", "\(name) does not describe shared or partly occupied positions")
        }
        if structure.periodicity != .full, !supportsOpenAxes {
            throw CandidateDefect("not-periodic", "\(name) describes structures that repeat along all three axes")
        }
        return structure
    }
}
