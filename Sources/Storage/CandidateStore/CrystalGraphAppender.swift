import MaterialsCore

/// Appends crystal graphs: `/graph` of a candidate store, one graph a row.
///
/// | dataset | shape | type | what |
/// |---|---|---|---|
/// | `node_offset` | n+1 | u64 | nodes of graph g are `node_offset[g]` up to `node_offset[g+1]` |
/// | `node_atomic_number` | nodes | u8 | |
/// | `node_feature` | nodes × F | f32 | labels in `node_feature_name` |
/// | `edge_offset` | n+1 | u64 | edges of a graph |
/// | `edge_source`, `edge_target` | edges | u32 | nodes, counted within the graph |
/// | `edge_image` | edges × 3 | i32 | cells by which the target is moved along a, b, c |
/// | `edge_distance` | edges | f32 | Å |
/// | `edge_vector` | edges × 3 | f32 | from source to target, Å; only where asked for |
/// | `edge_center` | G | f64 | centres of the Gaussians, Å; their width is the attribute `edge_width` of the group |
/// | `edge_feature` | edges × G | f32 | exp(−(d − centre)² / width²); only where asked for |
/// | `line_offset` | n+1 | u64 | pairs of a graph |
/// | `line_edge_pair` | pairs × 2 | u32 | edges that leave one node, counted within the graph |
/// | `line_angle` | pairs | f32 | angle between them, radians |
///
/// Attributes of the group: `graph_version` (1), `rule`, `symmetric` (0 or 1), and `line_cutoff` where line graphs leave long edges out.
final class CrystalGraphAppender {
    static let version = 1
    /// Values a chunk.
    private static let valuesPerChunk = 1 << 16

    private let layout: CrystalGraphLayout
    private let nodeOffset, edgeOffset, atomicNumber, source, target, image, distance: ChunkAppender
    private var nodeFeature, edgeFeature, vector, lineOffset, linePair, lineAngle: ChunkAppender?

    init(_ group: HDF5Group, _ layout: CrystalGraphLayout) throws {
        self.layout = layout
        let rows = CandidateStoreSchema.rowsPerChunk
        nodeOffset = try Self.column(group, "node_offset", .u64, chunk: rows)
        atomicNumber = try Self.column(group, "node_atomic_number", .u8)
        edgeOffset = try Self.column(group, "edge_offset", .u64, chunk: rows)
        source = try Self.column(group, "edge_source", .u32)
        target = try Self.column(group, "edge_target", .u32)
        image = try Self.column(group, "edge_image", .i32, width: 3)
        distance = try Self.column(group, "edge_distance", .f32)
        try nodeOffset.append([UInt64(0)])
        try edgeOffset.append([UInt64(0)])
        try makeFeatures(group)
        if layout.lineCutoff != nil { try makeLines(group) }
        try describe(group.attributes)
    }

    private static func column(_ group: HDF5Group, _ name: String, _ type: ElementType, width: Int? = nil, chunk: Int? = nil) throws
        -> ChunkAppender
    {
        let row = width.map { [$0] } ?? []
        let rows = chunk ?? max(1, valuesPerChunk / (width ?? 1))
        return ChunkAppender(try group.createDataset(name, type: type, shape: [0] + row, chunk: [rows] + row, growing: true))
    }

    private func makeFeatures(_ group: HDF5Group) throws {
        let names = layout.nodeFeatureNames
        if !names.isEmpty {
            nodeFeature = try Self.column(group, "node_feature", .f32, width: names.count)
            try group.writeStrings(names, as: "node_feature_name", shape: [names.count])
        }
        if layout.hasVectors { vector = try Self.column(group, "edge_vector", .f32, width: 3) }
        let centers = layout.edgeCenters
        if centers.isEmpty { return }
        let list = try Self.column(group, "edge_center", .f64, chunk: centers.count)
        try list.append(centers)
        try list.finish()
        if layout.expandsEdges { edgeFeature = try Self.column(group, "edge_feature", .f32, width: centers.count) }
    }

    private func makeLines(_ group: HDF5Group) throws {
        lineOffset = try Self.column(group, "line_offset", .u64, chunk: CandidateStoreSchema.rowsPerChunk)
        linePair = try Self.column(group, "line_edge_pair", .u32, width: 2)
        lineAngle = try Self.column(group, "line_angle", .f32)
        try lineOffset?.append([UInt64(0)])
    }

    private func describe(_ attributes: HDF5Attributes) throws {
        try attributes.set("graph_version", Self.version)
        try attributes.set("rule", layout.rule)
        try attributes.set("symmetric", layout.isSymmetric ? 1 : 0)
        if !layout.edgeCenters.isEmpty { try attributes.set("edge_width", layout.edgeWidth) }
        if let cutoff = layout.lineCutoff, cutoff < .infinity { try attributes.set("line_cutoff", cutoff) }
    }

    /// Graphs so far.
    var rows: Int { nodeOffset.rows - 1 }

    func append(_ more: CrystalGraphRows) throws {
        let graphs = more.graphs
        precondition(more.nodeFeatures.count == graphs.nodeCount * layout.nodeFeatureNames.count)
        precondition(more.edgeFeatures.count == (layout.expandsEdges ? graphs.edgeCount * layout.edgeCenters.count : 0))
        precondition((more.lines != nil) == (layout.lineCutoff != nil))
        let (nodes, edges) = (UInt64(atomicNumber.rows), UInt64(source.rows))
        try nodeOffset.append(graphs.nodeOffsets.dropFirst().map { nodes + UInt64($0) })
        try edgeOffset.append((0..<graphs.count).map { edges + UInt64(graphs.edges($0).upperBound) })
        try atomicNumber.append(graphs.atomicNumbers)
        try source.append(graphs.sources.map { UInt32($0) })
        try target.append(graphs.targets.map { UInt32($0) })
        try image.append(Self.flat(graphs.images.map(\.cells)))
        try distance.append(graphs.distances.map { Float($0) })
        try nodeFeature?.append(more.nodeFeatures)
        try edgeFeature?.append(more.edgeFeatures)
        if let vector { try vector.append(Self.flat(graphs.vectors.map { SIMD3<Float>($0.angstroms) })) }
        if let lines = more.lines { try append(lines, more.angles) }
    }

    private func append(_ lines: LineGraphColumn, _ angles: [Float]) throws {
        guard let lineOffset, let linePair, let lineAngle else { return }
        let base = UInt64(lineAngle.rows)
        try lineOffset.append(lines.offsets.dropFirst().map { base + UInt64($0) })
        var pairs: [UInt32] = []
        pairs.reserveCapacity(2 * lines.pairCount)
        for p in 0..<lines.pairCount {
            pairs.append(lines.firstEdges[p])
            pairs.append(lines.secondEdges[p])
        }
        try linePair.append(pairs)
        try lineAngle.append(angles)
    }

    private static func flat<T: SIMDScalar>(_ triples: [SIMD3<T>]) -> [T] {
        var values: [T] = []
        values.reserveCapacity(3 * triples.count)
        for v in triples {
            values.append(v.x)
            values.append(v.y)
            values.append(v.z)
        }
        return values
    }

    func finish() throws {
        let optional = [nodeFeature, edgeFeature, vector, lineOffset, linePair, lineAngle].compactMap(\.self)
        for column in [nodeOffset, edgeOffset, atomicNumber, source, target, image, distance] + optional { try column.finish() }
    }
}
