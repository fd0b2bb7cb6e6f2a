import MaterialsCore

/// What `/graph` of a candidate store holds beside nodes and edges, and how the graphs were made.
public struct CrystalGraphLayout: Equatable, Sendable {
    /// How atoms were joined, in words; attribute `rule`.
    public var rule: String
    /// True where every edge also runs backwards; attribute `symmetric`.
    public var isSymmetric: Bool
    /// Labels of `node_feature`; none where there are no such features.
    public var nodeFeatureNames: [String]
    /// Centres of the Gaussians of an edge, Å; none where there are no such features.
    public var edgeCenters: [Double] = []
    /// Width of those Gaussians, Å.
    public var edgeWidth = 0.0
    /// True where `edge_feature` holds the Gaussians' values and not only their centres and width.
    public var expandsEdges = false
    /// True where `edge_vector` is written.
    public var hasVectors = false
    /// Longest edge that takes part in the line graphs, Å; nil where there are none.
    public var lineCutoff: Double?

    /// A layout.
    public init(rule: String, isSymmetric: Bool, nodeFeatureNames: [String] = []) {
        (self.rule, self.isSymmetric, self.nodeFeatureNames) = (rule, isSymmetric, nodeFeatureNames)
    }
}

/// Graphs of some candidates, one a row, in the form in which they are stored.
public struct CrystalGraphRows: Sendable {
    /// Nodes and edges.
    public var graphs: CrystalGraphColumn
    /// Nodes × features.
    public var nodeFeatures: [Float]
    /// Edges × Gaussians; empty where they are not expanded.
    public var edgeFeatures: [Float]
    /// Pairs of edges; nil where the layout has none.
    public var lines: LineGraphColumn?
    /// Angle of each pair, radians.
    public var angles: [Float]

    /// Graphs of some candidates; lengths must agree.
    public init(
        graphs: CrystalGraphColumn, nodeFeatures: [Float] = [], edgeFeatures: [Float] = [], lines: LineGraphColumn? = nil,
        angles: [Float] = []
    ) {
        precondition(lines.map { $0.count == graphs.count && $0.pairCount == angles.count } ?? angles.isEmpty)
        (self.graphs, self.nodeFeatures, self.edgeFeatures) = (graphs, nodeFeatures, edgeFeatures)
        (self.lines, self.angles) = (lines, angles)
    }
}
