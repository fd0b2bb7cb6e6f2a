import BenchmarkHarness
import MaterialsCore
import Stability

extension Benchmark {
    /// Compositions and energies to judgements of all of them against each other, the sorting of the phases included.
    static let hull = Benchmark(
        name: "hull", unit: "compositions", summary: "judges every known composition against all the others",
        optionNames: ["input", "energy", "output"]
    ) { context in
        let (compositions, energies) = try knownCompositions(context)
        let systems = compositions.map { ChemicalSystem($0.atomicNumbers) }
        let threads = context.threads
        let judged = Slots(count: compositions.count) { _ in (above: Double.nan, apart: Double.nan) }
        return BenchmarkWork(
            rows: compositions.count,
            run: {
                let diagram = try PhaseDiagram(compositions: compositions, energiesEVPerAtom: energies, kind: .formation)
                let order = systems.indices.sorted { systems[$0] != systems[$1] ? systems[$0] < systems[$1] : $0 < $1 }
                inParallel((order.count + 2047) / 2048, threads: threads) { _, piece in
                    var search = HullSearch(diagram)
                    for i in order[piece * 2048..<min(piece * 2048 + 2048, order.count)] {
                        let judgement = search.judgement(ofEntry: i)
                        judged[i] = (judgement.energyAboveHull, judgement.decompositionEnergy)
                    }
                }
            },
            checksum: { judged.all.reduce(0) { $0 + $1.above + ($1.apart.isNaN ? 0 : $1.apart) } },
            finish: {
                if let path = context.options["output"] {
                    try MatrixFile.write(judged.all.flatMap { [$0.above, $0.apart] }, columns: 2, to: path)
                }
                return ["chemical systems": Double(Set(systems).count)]
            })
    }

    /// Random compositions of one chemical system, whose facets are made in the first run, to hull energies.
    static let hullQueries = Benchmark(
        name: "hull-queries", unit: "compositions", summary: "finds the hull energy of random compositions of a chemical system",
        optionNames: ["input", "energy", "output", "rows", "system"]
    ) { context in
        let (compositions, energies) = try knownCompositions(context)
        let diagram = try PhaseDiagram(compositions: compositions, energiesEVPerAtom: energies, kind: .formation)
        let z = try (context.options["system"] ?? "Li-Fe-P-O").split(separator: "-").map { symbol in
            guard let element = Element(symbol: String(symbol)) else { throw MatSieveError.usage("--system: '\(symbol)' is no element") }
            return element.atomicNumber
        }.sorted()
        let rows = try context.integer("rows", default: context.tiny ? 1_000 : 1_000_000)
        var random = SplitMix64(seed: 1)
        let amounts = (0..<rows).map { _ in z.map { _ in Double(1 + random.nextInt(below: 12)) } }
        var found = [Double](repeating: 0, count: rows)
        let threads = context.threads
        let searches = Slots(count: threads) { _ in HullSearch(diagram) }
        return BenchmarkWork(
            rows: rows,
            run: {
                let values = Slots(count: (rows + 4095) / 4096) { _ in [Double]() }
                inParallel(values.count, threads: threads) { worker, piece in
                    values[piece] = amounts[piece * 4096..<min(piece * 4096 + 4096, rows)].map {
                        searches[worker].hullEnergy(atomicNumbers: z.span, amounts: $0.span)
                    }
                }
                found = values.all.flatMap(\.self)
            },
            checksum: { found.reduce(0, +) },
            finish: {
                if let path = context.options["output"] {
                    try MatrixFile.write(zip(amounts, found).flatMap { $0 + [$1] }, columns: z.count + 1, to: path)
                }
                return ["elements": Double(z.count)]
            })
    }

    private static func knownCompositions(_ context: BenchmarkContext) throws -> ([Composition], [Double]) {
        let column = context.options["energy"] ?? "formation_energy_ev_per_atom"
        let path = context.options["input"] ?? context.datasets + "/mp_stability/formation_energy.csv.gz"
        let table = try FormulaTable(path: path, numeric: [column], rows: context.tiny ? 3_000 : nil)
        let compositions = try (0..<table.formulas.count).map { try Composition(formula: table.formulas[$0]) }
        return (compositions, table.columns[0])
    }
}
