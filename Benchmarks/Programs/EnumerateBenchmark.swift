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
        var kept = (rows: 0, weight: 0.0)
        return BenchmarkWork(rows: source.positionCount()) {
            let parts = Slots(count: pieces.count) { _ in Result { [CandidateBatch]() } }
            inParallel(pieces.count, threads: threads) { _, piece in parts[piece] = Result { try pieces[piece].decode() } }
            kept = (0, 0)
            for part in parts.all {
                for batch in try part.get() {
                    kept.rows += batch.count
                    for index in batch.indices { kept.weight += Double(index.position) }
                }
            }
        } checksum: {
            kept.weight
        } finish: {
            ["kept": Double(kept.rows)]
        }
    }

    /// Elements joined by hyphens, `2-4` components, and SMACT's `species_unique`.
    private static func enumeration(_ context: BenchmarkContext) throws -> EnumerationSource {
        let symbols = context.options["elements"] ?? (context.tiny ? "Cu-Zn-S" : "Li-Na-K-Mg-Ca-Ba-Ti-V-Mn-Fe-Cu-Zn-Al-Sn-P-O-S-F-Cl")
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
