import MaterialsCore
import Stability
import Storage

/// `matsieve hull`: energy above hull and decomposition of entries or candidates.
public struct StabilityTable: Sendable {
    /// Entries of the hull: a table or computed entries.
    public var entries: String
    /// Column with energies in eV/atom; nil for computed entries.
    public var energy: String?
    /// What the energies are; nil for total energies of computed entries, formation energies of tables.
    private var kind: PhaseDiagram.EnergyKind?
    /// Table to judge; nil judges the entries.
    public var candidates: String?
    /// Column of the candidates' energies, where it has another name.
    public var candidateEnergy: String?
    /// Column of the candidates that says what their predicted energies should have been.
    public var trueEnergy: String?
    /// `.csv`, `.csv.gz` or `.h5`.
    public var output: String
    /// Format of both inputs, where their names do not say.
    public var format: String?
    /// Columns that say what a row is.
    public var keys = KeyColumns()
    /// Compares entries of different functionals or correction schemes as they are.
    public var allowsMixing = false
    /// Figures: a chemical system and a file each.
    public var figures: [SystemOutput] = []
    /// Tables of chemical potentials: a chemical system and a file each.
    public var windows: [SystemOutput] = []
    /// Threads, and the request to stop.
    public var workers: Workers

    /// How well predicted energies find what is stable; see `DiscoveryMetrics`.
    public struct Metrics: Encodable, Sendable {
        /// Rates.
        public let precision, recall, f1, discoveryAccelerationFactor, prevalence, accuracy: Double
        /// Counts.
        public let truePositives, falsePositives, falseNegatives, trueNegatives: Int
        /// Errors in eV/atom, and the coefficient of determination.
        public let mae, rmse, r2: Double

        init(_ m: DiscoveryMetrics) {
            (precision, recall, f1, accuracy) = (m.precision, m.recall, m.f1, m.accuracy)
            (discoveryAccelerationFactor, prevalence) = (m.discoveryAccelerationFactor, m.prevalence)
            (truePositives, falsePositives) = (m.truePositives, m.falsePositives)
            (falseNegatives, trueNegatives) = (m.falseNegatives, m.trueNegatives)
            (mae, rmse, r2) = (m.meanAbsoluteError, m.rootMeanSquareError, m.determination)
        }
    }

    /// What came out.
    public struct Outcome: Sendable {
        /// Entries of the hull.
        public var entries = 0
        /// Chemical systems of two or more elements with entries.
        public var systems = 0
        /// Rows judged.
        public var judged = 0
        /// Rows on the hull or below it.
        public var stable = 0
        /// Rows that could not be used, of both tables.
        public var rejected = 0
        /// The first of them.
        public var rejections: [Rejection] = []
        /// What people should mind.
        public var notes: [String] = []
        /// How well predicted energies find what is stable, where that was asked.
        public var metrics: Metrics?
        /// Wall time.
        public var seconds = 0.0
    }

    /// A judgement of `entries` that goes to `output`.
    public init(entries: String, output: String, workers: Workers) {
        (self.entries, self.output, self.workers) = (entries, output, workers)
    }

    /// Takes `formation` or `total`; nil leaves it to the input.
    /// - Errors: `.usage` for anything else
    public mutating func setEnergyKind(_ name: String?) throws {
        guard let name else {
            kind = nil
            return
        }
        guard let known = PhaseDiagram.EnergyKind(rawValue: name) else {
            throw MatSieveError.usage(
                "--energy-kind \(name): give formation or total"
                    + suggestion(for: name, among: PhaseDiagram.EnergyKind.allCases.map(\.rawValue)))
        }
        kind = known
    }

    /// Reads, judges, writes.
    public func run() throws -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        try requireEnding(output, [".csv", ".csv.gz", ".h5"])
        guard trueEnergy == nil || candidates != nil else {
            throw MatSieveError.usage("--true-energy compares predicted energies of --candidates; name them")
        }
        let columns = EnergyTable.Columns(energy: energy, format: format, keys: keys)
        let reference = try HullReference(entries, columns, kind: kind, allowsMixing: allowsMixing, workers: workers)
        let judged = try candidates.map { try candidateTable($0, reference) }
        let judgement = try Judgement(judged ?? reference.table, reference, areEntries: judged == nil, workers: workers)
        let dataClass = max(reference.table.provenance.dataClass, judged?.provenance.dataClass ?? .open)
        for figure in figures { try writeFigure(figure, reference.diagram, judgement.areEntries ? nil : judgement) }
        for window in windows { try writeWindows(window, reference.diagram) }
        try judgement.write(to: output, dataClass: dataClass)
        var outcome = Outcome(
            entries: reference.table.ids.count, systems: reference.diagram.systems.count, judged: judgement.table.ids.count)
        outcome.stable = judgement.stableCount
        outcome.rejections = reference.table.rejections + (judged?.rejections ?? [])
        outcome.rejected = outcome.rejections.count
        outcome.notes = reference.notes + (judged?.notes ?? []) + judgement.notes
        if dataClass != .open {
            outcome.notes.append("the data are \(dataClass.rawValue): \(output) carries no mark of that unless it is .h5")
        }
        outcome.metrics = judgement.metrics.map(Metrics.init)
        outcome.seconds = (clock.now - start) / .seconds(1)
        return outcome
    }

    private func candidateTable(_ path: String, _ reference: HullReference) throws -> EnergyTable {
        guard candidateEnergy != nil || energy != nil || EnergyTable.holdsEntries(path, EnergyTable.Columns(format: format)) else {
            throw MatSieveError.usage("\(path): name the column with the energies of the candidates with --candidate-energy")
        }
        let columns = EnergyTable.Columns(energy: candidateEnergy ?? energy, trueEnergy: trueEnergy, format: format, keys: keys)
        var table = try EnergyTable(path, columns, workers: workers)
        if table.levels != nil, reference.kind != .total {
            throw MatSieveError.usage("\(path): computed entries hold total energies, the hull is one of formation energies; name --energy")
        }
        if let levels = table.levels {
            do { _ = try checkComparable(levels + (reference.table.levels ?? []), allowsMixing: allowsMixing) } catch let e as MatSieveError
            {
                throw MatSieveError(e.kind, "\(entries) and \(path): \(e.message)")
            }
        }
        table = table.filtered(reference.defect)
        guard !table.ids.isEmpty else {
            throw MatSieveError.input("\(path): no candidate can be judged; the first: \(table.rejections.last!.defect.detail)")
        }
        if let doubt = energyPlausibility(table.energies, atomCounts: table.compositions.map(\.atomCount), kind: reference.kind) {
            table.note("\(path): \(doubt)")
        }
        return table
    }
}
