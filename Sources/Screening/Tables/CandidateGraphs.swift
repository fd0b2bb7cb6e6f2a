import Descriptors
import Foundation
import MaterialsCore
import Storage

/// `matsieve graph`: the candidates of an input with their crystal graphs, as a candidate store that a graph network can read.
public struct CandidateGraphs: Sendable {
    /// Which atoms are joined.
    public var rule: GraphRule
    /// What nodes are told of their elements.
    public var nodeFeatures = NodeFeatures.Kind.oneHot
    /// Gaussians of an edge's length, from 0 to `gaussianStop`; 0 leaves them out.
    public var gaussians = 0
    /// Centre of the last Gaussian, Å; nil takes the cutoff, or 8 Å where there is none.
    public var gaussianStop: Double?
    /// True to store the Gaussians' values of every edge, and not only their centres.
    public var expandsEdges = false
    /// True to store the vectors of the edges.
    public var hasVectors = false
    /// Longest edge that takes part in the line graphs, Å; nil makes none.
    public var lineCutoff: Double?

    /// Rows that one piece of work describes; bounds the memory of dense graphs.
    private static let rowsPerPiece = 32

    /// Graphs by a rule.
    public init(rule: GraphRule) { self.rule = rule }

    /// Reads `input` and writes the store, whole or not at all.
    public func run(
        _ input: String, output: String, format: String? = nil, keys: KeyColumns = KeyColumns(), workers: Workers
    ) throws -> TableDescription.Outcome {
        try requireEnding(output, [".h5", ".hdf5"])
        let work = try GraphWork(self)
        let source = try CandidateInput.open(input, format: format, request: keys.request(nil, structures: true))
        guard source.schema.hasStructures else {
            throw MatSieveError.input(
                "\(input): has no structures; graphs need a structure file, or a column named with --structure-column")
        }
        let provenance = source.provenance
        let writer = try CandidateStoreWriter(
            path: output, schema: source.schema,
            description: StoreDescription(
                source: provenance.source, license: provenance.license, dataClass: provenance.dataClass,
                createdBy: "MatSieve \(MatSieve.version)"),
            graphs: work.layout)
        var tally = ReadTally()
        try Self.forEachPiece(
            source, workers, transform: { work.graphs(of: $0) },
            commit: { part in
                try writer.append(part.batch, graphs: part.graphs)
                tally.add(part.batch)
            })
        try tally.requireUsable(input)
        try writer.finish()
        return TableDescription.Outcome(tally, of: source)
    }

    /// Batches are decoded as they are asked for and cut into pieces, which are described on several threads and written in order.
    private static func forEachPiece(
        _ source: any CandidateSource, _ workers: Workers, transform: @escaping @Sendable (CandidateBatch) -> GraphedBatch,
        commit: (GraphedBatch) throws -> Void
    ) throws {
        let reader = try source.reader(positions: 0..<1 << 48)
        var waiting: [CandidateBatch] = []
        let interruption = workers.interruption
        func next() throws -> CandidateBatch? {
            while waiting.isEmpty {
                guard let pending = try reader.next() else { return nil }
                waiting = try pending.decode().flatMap(pieces).reversed()
            }
            return waiting.removeLast()
        }
        try BatchScheduler<GraphedBatch>(threads: workers.threads, isCancelled: { interruption.isRequested }).run(
            next: next, process: { transform($0) }, commit: commit)
        if interruption.isRequested { throw MatSieveError.stopped("stopped by \(interruption.cause); no output was written, run it again") }
    }

    /// The first piece carries what belongs to the whole batch.
    private static func pieces(_ batch: CandidateBatch) -> [CandidateBatch] {
        if batch.count <= rowsPerPiece { return [batch] }
        return stride(from: 0, to: batch.count, by: rowsPerPiece).map { start in
            var piece = batch.selecting(Array(start..<min(start + rowsPerPiece, batch.count)))
            if start > 0 { (piece.rejections, piece.warnings) = ([], []) }
            return piece
        }
    }
}

/// Candidates with their graphs.
struct GraphedBatch: Sendable {
    var batch: CandidateBatch
    var graphs: CrystalGraphRows
}

/// What turns structures into graphs, the same for every piece.
private struct GraphWork: Sendable {
    let layout: CrystalGraphLayout
    private let builder: CrystalGraphBuilder
    private let nodeFeatures: NodeFeatures
    private let gaussians: GaussianExpansion?
    private let expandsEdges: Bool

    init(_ request: CandidateGraphs) throws {
        builder = CrystalGraphBuilder(request.rule)
        nodeFeatures = NodeFeatures(request.nodeFeatures)
        let stop = request.gaussianStop ?? (request.rule.kind == .cutoff ? request.rule.cutoffAngstrom : 8)
        gaussians = request.gaussians == 0 ? nil : GaussianExpansion(count: request.gaussians, stop: stop)
        if request.expandsEdges, gaussians == nil { throw MatSieveError.usage("--expand-edges needs --gaussians N") }
        expandsEdges = request.expandsEdges
        var layout = CrystalGraphLayout(
            rule: request.rule.text, isSymmetric: request.rule.isSymmetric, nodeFeatureNames: nodeFeatures.names)
        (layout.edgeCenters, layout.edgeWidth) = (gaussians?.centers ?? [], gaussians?.width ?? 0)
        (layout.expandsEdges, layout.hasVectors, layout.lineCutoff) = (expandsEdges, request.hasVectors, request.lineCutoff)
        self.layout = layout
    }

    func graphs(of batch: CandidateBatch) -> GraphedBatch {
        var graphs = CrystalGraphColumn()
        var builder = builder
        let (usable, _) = batch.usable(.describe) { row throws(CandidateDefect) in
            try builder.append(batch.structure(row), to: &graphs)
        }
        var lines: LineGraphColumn?
        if let cutoff = layout.lineCutoff {
            var all = LineGraphColumn()
            for g in 0..<graphs.count { all.append(g, of: graphs, cutoff: cutoff) }
            lines = all
        }
        let angles = lines?.cosines.map { Float(PortableMath.acos($0)) } ?? []
        return GraphedBatch(
            batch: usable,
            graphs: CrystalGraphRows(
                graphs: graphs, nodeFeatures: nodeFeatures.rows(graphs.atomicNumbers),
                edgeFeatures: expandsEdges ? gaussians?.rows(graphs.distances) ?? [] : [], lines: lines, angles: angles))
    }
}
