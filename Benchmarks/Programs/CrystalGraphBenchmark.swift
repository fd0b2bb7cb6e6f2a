import BenchmarkHarness
import Descriptors
import MaterialsCore
import Screening

extension Benchmark {
    /// Crystals to graphs: edges with images, vectors and lengths, and node features, in arrays.
    static let crystalGraph = Benchmark(
        name: "crystal-graph", unit: "structures",
        summary: "structures to crystal graphs (--rule cutoff: within 5 Å; nearest: the 12 nearest)",
        optionNames: ["input", "rule", "rows", "edges", "graphs"]
    ) { context in
        let isNearest = try context.choice("rule", among: ["cutoff", "nearest"]) == "nearest"
        let input = context.options["input"] ?? context.datasets + "/structures/perov5_heat_ref.json.zip"
        let limit = context.tiny ? 200 : try context.integer("rows", default: Int.max)
        let work = GraphTiming(
            crystals: try readCrystals(input, limit: limit), rule: isNearest ? .nearest(12) : .cutoff(5), threads: context.threads)
        return BenchmarkWork(
            rows: work.crystals.count, run: { try work.run() }, checksum: { try work.summaries().reduce(0) { $0 + $1 } },
            finish: {
                if let path = context.options["graphs"] { try MatrixFile.write(work.summaries(), columns: 2, to: path) }
                if let path = context.options["edges"] { try MatrixFile.write(work.edges(ofFirst: 300), columns: 7, to: path) }
                let summaries = try work.summaries()
                return ["edges": stride(from: 0, to: summaries.count, by: 2).reduce(0) { $0 + summaries[$1] }]
            })
    }

    private static func readCrystals(_ path: String, limit: Int) throws -> StructureColumn {
        let source = try CandidateInput.open(path, request: TableRequest(columns: []))
        let reader = try source.reader(positions: 0..<1 << 48)
        var crystals = StructureColumn()
        while let pending = try reader.next() {
            for batch in try pending.decode() {
                guard let structures = batch.structures else { throw MatSieveError.input("\(path): has no structures") }
                for row in 0..<batch.count where crystals.count < limit { crystals.append(structures[row]) }
            }
        }
        return crystals
    }
}

/// Structures in memory, and what makes graphs of them.
private struct GraphTiming: Sendable {
    private struct Scratch {
        var builder: CrystalGraphBuilder
        var graphs = CrystalGraphColumn()
        var features: [Float] = []
    }
    /// Structures that share arrays, as in the command.
    private static let rowsPerPiece = 32

    let crystals: StructureColumn
    let rule: GraphRule
    let threads: Int
    private let nodeFeatures = NodeFeatures(.oneHot)

    init(crystals: StructureColumn, rule: GraphRule, threads: Int) {
        (self.crystals, self.rule, self.threads) = (crystals, rule, threads)
    }

    private func build(_ rows: Range<Int>, _ scratch: inout Scratch) throws(CandidateDefect) {
        scratch.graphs.removeAll()
        for row in rows { if let crystal = crystals[row] { try scratch.builder.append(crystal, to: &scratch.graphs) } }
        scratch.features = nodeFeatures.rows(scratch.graphs.atomicNumbers)
    }

    private var pieces: [Range<Int>] {
        stride(from: 0, to: crystals.count, by: Self.rowsPerPiece).map { $0..<min($0 + Self.rowsPerPiece, crystals.count) }
    }

    /// Builds all graphs; each piece takes the place of the one before.
    func run() throws {
        let pieces = pieces
        let workers = Slots(count: threads) { _ in Scratch(builder: CrystalGraphBuilder(rule)) }
        let failures = Slots(count: threads) { _ in CandidateDefect?.none }
        inParallel(pieces.count, threads: threads) { worker, piece in
            do throws(CandidateDefect) { try build(pieces[piece], &workers[worker]) } catch { failures[worker] = error }
        }
        if let defect = failures.all.compactMap(\.self).first { throw MatSieveError.input(defect.detail) }
    }

    /// Number of edges and sum of their lengths of each structure.
    func summaries() throws -> [Double] {
        var values: [Double] = []
        try forEachGraph(crystals.count) { _, graphs in
            values += [Double(graphs.edgeCount), graphs.distances.reduce(0, +)]
        }
        return values
    }

    /// Structure, source, target, image and length of each edge.
    func edges(ofFirst count: Int) throws -> [Double] {
        var values: [Double] = []
        try forEachGraph(min(count, crystals.count)) { row, graphs in
            for e in 0..<graphs.edgeCount {
                let n = SIMD3<Double>(graphs.images[e].cells)
                values += [Double(row), Double(graphs.sources[e]), Double(graphs.targets[e]), n.x, n.y, n.z, graphs.distances[e]]
            }
        }
        return values
    }

    private func forEachGraph(_ count: Int, _ body: (Int, CrystalGraphColumn) -> Void) throws {
        var scratch = Scratch(builder: CrystalGraphBuilder(rule))
        for row in 0..<count {
            try build(row..<row + 1, &scratch)
            body(row, scratch.graphs)
        }
    }
}
