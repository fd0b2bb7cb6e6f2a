import MaterialsCore
import Models
import Storage

/// The rows of a training table that can be learned from, read whole.
struct TrainingTable: Sendable {
    /// Batches of usable rows.
    var batches: [CandidateBatch]
    /// Target of each row.
    var targets: [Double]
    /// Label of each row.
    var ids: [String]
    /// Fold value of each row, where a column gives it.
    var folds: [String]
    /// Rows that could not be used.
    var rejections: [Rejection]
    /// What people should mind of the table.
    var notes: [String] = []
    /// Where it comes from.
    var provenance: SourceProvenance
    /// SHA-256 of the usable rows.
    var hash: String
    /// Unit of the target, where the table says.
    var unit: String?

    /// Rows that can be learned from.
    var count: Int { targets.count }

    /// Reads the table of a plan.
    init(_ plan: TrainingPlan, path: String, workers: Workers) throws {
        try Self.checkColumns(plan, path: path)
        var foldColumn: String?
        if case .column(let name) = plan.validation { foldColumn = name }
        let source = try Self.open(plan, path: path)
        (batches, targets, ids, folds, rejections) = ([], [], [], [], [])
        provenance = source.provenance
        provenance.dataClass = max(provenance.dataClass, plan.dataClass ?? .open)
        provenance.license = plan.license ?? provenance.license
        unit = source.schema.numeric.first { $0.name == plan.target }?.unit
        if let stated = plan.unit, let unit, stated != unit {
            throw MatSieveError.usage(
                "\(path): column '\(plan.target)' is in \(unit), the plan says \(stated); correct the plan or convert the column")
        }
        hash = ""
        var tally = ReadTally()
        try source.forEachBatch(
            workers, transform: { $0 },
            commit: {
                tally.add($0)
                try add($0, plan: plan, foldColumn: foldColumn)
            })
        notes = tally.notes + source.notes
        hash = contentHash(columns: plan.columns + (try plan.descriptorColumns()))
        guard count > 0 else {
            let why = rejections.first.map { "; the first: \($0.defect.detail)" } ?? ""
            throw MatSieveError.input("\(path): no row can be learned from (\(rejections.count) unusable\(why))")
        }
    }

    /// Opens the table; refused where it has no structures and a descriptor needs them.
    private static func open(_ plan: TrainingPlan, path: String) throws -> any CandidateSource {
        let structural = try plan.structureDescriptors()
        let source = try CandidateInput.open(
            path, format: plan.format,
            request: plan.keys.request(plan.tableColumns + plan.descriptorColumns(), structures: !structural.isEmpty))
        try requireStructures(source, by: structural)
        return source
    }

    /// Checks that the table has structures where a descriptor needs them, without reading the rows.
    static func checkStructures(_ plan: TrainingPlan, path: String) throws {
        if try !plan.structureDescriptors().isEmpty { _ = try open(plan, path: path) }
    }

    /// Checks that the table has every column once that the plan needs, without reading the rows.
    static func checkColumns(_ plan: TrainingPlan, path: String) throws {
        let needed = try (plan.tableColumns + plan.descriptorColumns()).map(\.name)
        let names = try CandidateInput.columnNames(path, format: plan.format)
        for name in needed where !names.contains(name) {
            throw MatSieveError.usage("\(path): has no column '\(name)'" + suggestion(for: name, among: names))
        }
        guard Set(needed).count == needed.count else {
            throw MatSieveError.usage("\(path): a column is used twice among target, features and folds")
        }
    }

    private mutating func add(_ batch: CandidateBatch, plan: TrainingPlan, foldColumn: String?) throws {
        var screened = ScreenedBatch(candidates: batch, propertyCount: 0)
        let values = batch.numericColumn(plan.target)!
        let bad = values.indices.compactMap { row -> (row: Int, defect: CandidateDefect)? in
            if values[row].isNaN { return (row, CandidateDefect("missing-target", "column '\(plan.target)' is empty")) }
            if !values[row].isFinite { return (row, CandidateDefect("bad-target", "column '\(plan.target)' is infinite")) }
            if plan.task == .classification && values[row] != 0 && values[row] != 1 {
                return (row, CandidateDefect("bad-target", "column '\(plan.target)' is \(numberText(values[row])), a class is 0 or 1"))
            }
            return nil
        }
        screened.reject(bad, stage: .read)
        append(screened.candidates, plan: plan, foldColumn: foldColumn)
    }

    private mutating func append(_ usable: CandidateBatch, plan: TrainingPlan, foldColumn: String?) {
        rejections += usable.rejections
        targets += usable.numericColumn(plan.target)!
        ids += (0..<usable.count).map { usable.ids[$0] }
        if let foldColumn {
            let column = usable.textColumn(foldColumn)!
            folds += (0..<usable.count).map { column[$0] }
        }
        batches.append(usable)
    }

    /// Features of all usable rows; rows that can't be described move to the rejections.
    mutating func describe(_ pipeline: FeaturePipeline, workers: Workers) throws -> FeatureMatrix {
        var matrices: [FeatureMatrix] = []
        var described: [(FeatureMatrix, [(row: Int, defect: CandidateDefect)])] = []
        var next = 0
        let all = batches
        try BatchScheduler<(FeatureMatrix, [(row: Int, defect: CandidateDefect)])>(
            threads: workers.threads, isCancelled: { false }
        ).run(
            next: {
                defer { next += 1 }
                return next < all.count ? all[next] : nil
            }, process: { pipeline.features(of: $0) }, commit: { described.append($0) })
        var keep: [Bool] = []
        for (i, (matrix, defects)) in described.enumerated() {
            let bad = Set(defects.map(\.row))
            matrices.append(matrix.selecting((0..<matrix.rows).filter { !bad.contains($0) }))
            keep += (0..<matrix.rows).map { !bad.contains($0) }
            var screened = ScreenedBatch(candidates: batches[i], propertyCount: 0)
            screened.reject(defects, stage: .describe)
            rejections += screened.candidates.rejections.filter { $0.stage == .describe }
            batches[i] = screened.candidates
        }
        let rows = keep.indices.filter { keep[$0] }
        targets = rows.map { targets[$0] }
        ids = rows.map { ids[$0] }
        if !folds.isEmpty { folds = rows.map { folds[$0] } }
        let values = matrices.flatMap(\.values)
        return FeatureMatrix(rows: rows.count, columns: pipeline.featureNames.count, values: values)
    }

    /// Writes the predictions for held-out rows: `id,formula,<target>,predicted,fold`.
    func writeOutOfFold(_ result: CrossValidation?, to path: String, target: String) throws {
        guard let result else { throw MatSieveError.usage("--predictions \(path): needs folds or a hold-out to predict") }
        var writer = CSVWriter(header: ["id", "formula", target, "predicted", "fold"])
        let formulas = batches.flatMap { b in (0..<b.count).map { b.composition($0).reducedFormula } }
        for (fold, rows) in result.folds.testRows.enumerated() {
            for row in rows {
                writer.write(ids[row])
                writer.write(formulas[row])
                writer.write(targets[row])
                writer.write(result.outOfFold.mean[row])
                writer.write(fold)
                writer.endRow()
            }
        }
        try AtomicFile.write(writer.bytes, to: path)
    }

    /// The group of each row, for folds that keep groups whole.
    func groups(by key: TrainingPlan.GroupKey) -> [UInt64] {
        batches.flatMap { b in
            (0..<b.count).map { row in
                let c = b.composition(row)
                let ones = [Double](repeating: 1, count: c.elementCount)
                return compositionKey(key == .composition ? c : Composition(sortedAtomicNumbers: c.atomicNumbers, amounts: ones))
            }
        }
    }

    /// Distinct categories of a text column, sorted.
    func categories(of column: String) -> [String] {
        var found: Set<String> = []
        for b in batches {
            let texts = b.textColumn(column)!
            for row in 0..<b.count where !texts.utf8(row).isEmpty { found.insert(texts[row]) }
        }
        return found.sorted()
    }

    /// Keys of all distinct compositions.
    func compositionKeys() -> CompositionKeySet {
        CompositionKeySet(batches.flatMap { b in (0..<b.count).map { compositionKey(b.composition($0)) } })
    }

    /// `elements[z]`: true where a row holds the element.
    func elementMask() -> [Bool] {
        var mask = [Bool](repeating: false, count: 119)
        for b in batches { for z in b.atomicNumbers { mask[Int(z)] = true } }
        return mask
    }

    private static func add(_ structures: StructureColumn, to hash: inout SHA256) {
        hash.update(structures.lattices)
        hash.update(structures.periodic)
        hash.update(structures.offsets.map(Double.init))
        hash.update(structures.atomicNumbers)
        hash.update(structures.fractional)
        hash.update(structures.occupancies)
        hash.update(structures.sites.map(Double.init))
    }

    private func contentHash(columns: [CandidateColumn]) -> String {
        var hash = SHA256()
        hash.update(targets)
        for b in batches {
            hash.update(b.compositionOffsets.map(Double.init))
            hash.update(b.atomicNumbers)
            hash.update(b.amounts)
            if let s = b.structures { Self.add(s, to: &hash) }
            for c in columns {
                if let values = b.numericColumn(c.name) { hash.update(values) }
                if let texts = b.textColumn(c.name) { for row in 0..<b.count { hash.update(texts[row]) } }
            }
        }
        for f in folds { hash.update(f) }
        return hash.finalize()
    }
}
