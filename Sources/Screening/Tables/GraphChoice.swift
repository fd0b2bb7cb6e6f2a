import Descriptors
import MaterialsCore

/// The options of a command that say which atoms a graph joins.
public struct GraphChoice: Sendable {
    /// Longest edge, Å.
    public var cutoff: Double?
    /// Nearest neighbours of an atom.
    public var neighbors: Int?
    /// True for covalent radii.
    public var bonds: Bool
    /// Å between ties, or added to the radii.
    public var tolerance: Double?
    /// True to add the reverse of every edge.
    public var symmetric: Bool

    /// The options as given.
    public init(cutoff: Double?, neighbors: Int?, bonds: Bool, tolerance: Double?, symmetric: Bool) {
        (self.cutoff, self.neighbors, self.bonds) = (cutoff, neighbors, bonds)
        (self.tolerance, self.symmetric) = (tolerance, symmetric)
    }

    /// The rule they mean; the 12 nearest without any.
    public func rule() throws -> GraphRule {
        guard [cutoff != nil, neighbors != nil, bonds].count(where: { $0 }) <= 1 else {
            throw MatSieveError.usage("give one of --cutoff, --neighbors, --bonds")
        }
        if let tolerance, !(0...2).contains(tolerance) { throw MatSieveError.usage("--tolerance \(tolerance): give 0 to 2 Å") }
        if let cutoff {
            guard cutoff >= 0.1, cutoff <= 50 else { throw MatSieveError.usage("--cutoff \(cutoff): give 0.1 to 50 Å") }
            if tolerance != nil { throw MatSieveError.usage("--tolerance goes with --neighbors or --bonds, not with --cutoff") }
            return .cutoff(cutoff)
        }
        if bonds { return .covalent(tolerance: tolerance ?? 0.25) }
        let count = neighbors ?? 12
        guard (1...1000).contains(count) else { throw MatSieveError.usage("--neighbors \(count): give a number from 1 to 1000") }
        return .nearest(count, tolerance: tolerance ?? 0.001, symmetric: symmetric)
    }
}

/// What nodes of a graph are told of their elements; see `NodeFeatures`.
public enum NodeFeatureChoice: String, CaseIterable, Sendable {
    case oneHot = "one-hot"
    case magpie, none
}

extension CandidateGraphs {
    /// Takes the features of a command's option.
    public mutating func useNodeFeatures(_ choice: NodeFeatureChoice) {
        switch choice {
        case .oneHot: nodeFeatures = .oneHot
        case .magpie: nodeFeatures = .magpie
        case .none: nodeFeatures = .none
        }
    }
}
