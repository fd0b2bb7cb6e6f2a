import BenchmarkHarness
import Generation
import MaterialsCore

extension Benchmark {
    /// Compositions of a chemical system, tested and brought into batches.
    static let enumerate = Benchmark(
        name: "enumerate", unit: "stoichiometries", summary: "finds the charge-neutral compositions of some elements",
        optionNames: ["elements", "components", "max-coefficient", "oxidation-states", "unique"]
    ) { context in
        let source = try enumeration(context)
        let pieces = try source.pieces()
        let threads = context.threads
        var kept = KeptRows()
        return BenchmarkWork(rows: source.positionCount()) {
            let parts = Slots(count: pieces.count) { _ in Result { try KeptRows([]) } }
            inParallel(pieces.count, threads: threads) { _, piece in
                parts[piece] = Result { try KeptRows(pieces[piece].decode()) }
            }
            kept = try parts.all.reduce(into: KeptRows()) { try $0.add($1.get()) }
        } checksum: {
            kept.positions
        } finish: {
            ["kept": Double(kept.count)]
        }
    }

    /// What came out of some pieces.
    private struct KeptRows: Sendable {
        var count = 0
        /// Positions added up.
        var positions = 0.0

        init() {}

        init(_ batches: [CandidateBatch]) throws {
            for batch in batches {
                count += batch.count
                for index in batch.indices { positions += Double(index.position) }
            }
        }

        mutating func add(_ other: KeptRows) {
            count += other.count
            positions += other.positions
        }
    }

    /// Elements joined by hyphens, `2-4` components, and SMACT's `species_unique`.
    private static func enumeration(_ context: BenchmarkContext) throws -> EnumerationSource {
        let symbols = context.options["elements"] ?? (context.tiny ? "Cu-Zn-S" : "Li-Na-Mg-Ca-Ba-Ti-Mn-Fe-Cu-Zn-Sn-O-S-Cl")
        let list = context.options["oxidation-states"] ?? "icsd24"
        func setting(_ text: String) -> Setting { Setting(.text(text), source: text) }
        var settings = try Settings(
            Setting(
                .mapping([
                    ("elements", 0, Setting(.list(symbols.split(separator: "-").map { setting(String($0)) }))),
                    ("components", 0, setting(context.options["components"] ?? "2-4")), ("oxidation_states", 0, setting(list)),
                    ("max_coefficient", 0, Setting(.number(try context.number("max-coefficient", default: 8)))),
                    ("species_unique", 0, Setting(.boolean(context.options["unique"].map { $0 == "species" } ?? false))),
                ])), subject: "enumerate")
        return try EnumerationSource(EnumerationRules(&settings))
    }
}

extension CandidateSource {
    /// All pending batches in order.
    func pieces() throws -> [PendingBatches] {
        let reader = try reader(positions: 0..<positionCount())
        var pieces: [PendingBatches] = []
        while let piece = try reader.next() { pieces.append(piece) }
        return pieces
    }
}
