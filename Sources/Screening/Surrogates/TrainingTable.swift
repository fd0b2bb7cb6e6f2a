import MaterialsCore
import Models
import Storage

/// The rows of a training table that can be learned from, read whole.
struct TrainingTable: Sendable {
    /// Batches of usable rows.
    private(set) var batches: [CandidateBatch] = []
    /// What is learned, one column a target; a row has a value in at least one.
    private(set) var targets: [TargetColumn] = []
    /// Weight of each row; nil where all count the same.
    private(set) var weights: [Double]?
    /// Label of each row.
    private(set) var ids: [String] = []
    /// Fold value of each row, where a column gives it.
    private(set) var folds: [String] = []
    /// Rows that could not be used, in index order.
    private(set) var rejections: [Rejection]
    /// What people should mind of the table.
    let notes: [String]
    /// Where it comes from.
    let provenance: SourceProvenance
    /// Columns that are features.
    private let columns: [CandidateColumn]

    /// Rows that can be learned from.
    var count: Int { ids.count }

    /// Reads the table of a plan.
    init(_ plan: TrainingPlan, path: String, workers: Workers) throws {
        try Self.checkColumns(plan, path: path)
        let source = try Self.open(plan, path: path)
        var stated = source.provenance
        stated.dataClass = max(stated.dataClass, plan.dataClass ?? .open)
        stated.license = plan.license ?? stated.license
        (provenance, columns, rejections) = (stated, plan.columns + (try plan.descriptorColumns()), [])
        var (tally, read) = (ReadTally(), [CandidateBatch]())
        try source.forEachBatch(
            workers, transform: { $0 },
            commit: {
                tally.add($0)
                read.append($0)
            })
        notes = tally.notes + source.notes
        batches = read
        rejections = read.flatMap(\.rejections)
        ids = read.flatMap { b in (0..<b.count).map { b.ids[$0] } }
        weights = plan.weights.map { name in read.flatMap { $0.numericColumn(name)! } }
        if case .column(let name) = plan.validation { folds = texts(name) }
        targets = try plan.targets.map { try target($0, plan, source.schema, path: path) }
        dropUnusableRows(plan)
        guard count > 0 else { throw nothingUsable(path) }
        for (t, target) in targets.enumerated() where !target.values.contains(where: { !$0.isNaN }) {
            throw selecting(target: t).table.nothingUsable(path)
        }
    }

    private func nothingUsable(_ path: String) -> MatSieveError {
        let why = rejections.first.map { "; the first: \($0.defect.detail)" } ?? ""
        return MatSieveError.input("\(path): no row can be learned from (\(rejections.count) unusable\(why))")
    }

    private func target(_ name: String, _ plan: TrainingPlan, _ schema: CandidateSchema, path: String) throws -> TargetColumn {
        let unit = schema.numeric.first { $0.name == name }?.unit
        if let stated = plan.unit, let unit, stated != unit {
            throw MatSieveError.usage(
                "\(path): column '\(name)' is in \(unit), the plan says \(stated); correct the plan or convert the column")
        }
        let numbers = batches.allSatisfy { $0.numericColumn(name) != nil } ? batches.flatMap { $0.numericColumn(name)! } : nil
        if plan.task == .regression { return TargetColumn(name: name, unit: plan.unit ?? unit, numbers: numbers!) }
        let words = numbers?.map { $0.isNaN ? "" : numberText($0) } ?? texts(name)
        return try TargetColumn(name: name, unit: plan.unit ?? unit, texts: words, path: path)
    }

    /// A text column over all rows.
    private func texts(_ name: String) -> [String] {
        batches.flatMap { b in
            let column = b.textColumn(name)!
            return (0..<b.count).map { column[$0] }
        }
    }

    /// Moves the rows without a weight or without any target to the rejections.
    private mutating func dropUnusableRows(_ plan: TrainingPlan) {
        var missing = [Int](repeating: 0, count: count)
        for target in targets { for (row, _) in target.defects { missing[row] += 1 } }
        var defects = targets[0].defects.filter { missing[$0.row] == targets.count }
        if let weights, let name = plan.weights {
            for row in weights.indices where !(weights[row] > 0 && weights[row].isFinite) {
                let found = weights[row].isNaN ? "empty" : numberText(weights[row])
                defects.append((row, CandidateDefect("bad-weight", "column '\(name)' is \(found), a weight is a positive number")))
            }
        }
        drop(defects, stage: .read)
    }

    /// Moves rows to the rejections.
    /// - Returns: the rows that are left
    @discardableResult
    mutating func drop(_ defects: [(row: Int, defect: CandidateDefect)], stage: RejectionStage) -> [Int] {
        var keep = [Bool](repeating: true, count: count)
        let places = batches.flatMap { b in b.indices }
        for (row, defect) in defects where keep[row] {
            keep[row] = false
            rejections.append(Rejection(index: places[row], id: ids[row], stage: stage, defect: defect))
        }
        rejections.sort { $0.index < $1.index }
        let rows = keep.indices.filter { keep[$0] }
        if rows.count < count { keepOnly(rows) }
        return rows
    }

    private mutating func keepOnly(_ rows: [Int]) {
        var (first, next) = (0, 0)
        for i in batches.indices {
            let end = first + batches[i].count
            var mine: [Int] = []
            while next < rows.count, rows[next] < end {
                mine.append(rows[next] - first)
                next += 1
            }
            if mine.count < batches[i].count { batches[i] = batches[i].selecting(mine) }
            first = end
        }
        ids = rows.map { ids[$0] }
        weights = weights.map { w in rows.map { w[$0] } }
        if !folds.isEmpty { folds = rows.map { folds[$0] } }
        targets = targets.map { $0.selecting(rows) }
    }

    /// The table of one target: the rows that have a value of it.
    /// - Returns: the table, and its rows as rows of this one
    func selecting(target t: Int) -> (table: TrainingTable, rows: [Int]) {
        var result = self
        let defects = targets[t].values.indices.filter { targets[t].values[$0].isNaN }.map {
            (row: $0, defect: CandidateDefect("missing-target", "column '\(targets[t].name)' has no value to learn"))
        }
        let rows = result.drop(defects, stage: .read)
        result.targets = [result.targets[t]]
        return (result, rows)
    }

    /// Distinct categories of a text column, sorted.
    func categories(of column: String) -> [String] { Set(texts(column)).subtracting([""]).sorted() }

    /// Compositions of all rows.
    var compositions: [Composition] { batches.flatMap { b in (0..<b.count).map { b.composition($0) } } }

    /// Keys of all distinct compositions.
    func compositionKeys() -> CompositionKeySet { CompositionKeySet(compositions.lazy.map { compositionKey($0) }) }

    /// `elements[z]`: true where a row holds the element.
    func elementMask() -> [Bool] {
        var mask = [Bool](repeating: false, count: 119)
        for b in batches { for z in b.atomicNumbers { mask[Int(z)] = true } }
        return mask
    }
}

extension TrainingTable {
    /// Opens the table; refused where it has no structures and a descriptor needs them.
    private static func open(_ plan: TrainingPlan, path: String) throws -> any CandidateSource {
        let structural = try plan.structureDescriptors()
        let columns = try plan.tableColumns { try targetKind($0, plan, path: path) }
        let source = try CandidateInput.open(
            path, format: plan.format, request: plan.keys.request(columns + plan.descriptorColumns(), structures: !structural.isEmpty))
        try requireStructures(source, by: structural)
        return source
    }

    /// Classes are read as text, but for numbers of a store.
    private static func targetKind(_ name: String, _ plan: TrainingPlan, path: String) throws -> ColumnKind {
        if plan.task == .regression { return .numeric }
        return try CandidateInput.storedKind(ofColumn: name, in: path, format: plan.format) ?? .text
    }

    /// Checks that the table has structures where a descriptor needs them, without reading the rows.
    static func checkStructures(_ plan: TrainingPlan, path: String) throws {
        if try !plan.structureDescriptors().isEmpty { _ = try open(plan, path: path) }
    }

    /// Checks that the table has every column once that the plan needs, without reading the rows.
    static func checkColumns(_ plan: TrainingPlan, path: String) throws {
        let needed = try (plan.tableColumns { _ in .numeric } + plan.descriptorColumns()).map(\.name)
        let names = try CandidateInput.columnNames(path, format: plan.format)
        let present = Set(names)
        for name in needed where !present.contains(name) {
            throw MatSieveError.usage("\(path): has no column '\(name)'" + suggestion(for: name, among: names))
        }
        guard Set(needed).count == needed.count else {
            throw MatSieveError.usage("\(path): a column is used twice among targets, features, weights and folds")
        }
    }

    /// SHA-256 of the rows that a target is learned from.
    func contentHash(target t: Int) -> String {
        let one = targets.count == 1 ? self : selecting(target: t).table
        return one.contentHash
    }

    private var contentHash: String {
        var hash = SHA256()
        hash.update(targets[0].values)
        for name in targets[0].classes { hash.update(name) }
        if let weights { hash.update(weights) }
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

    private static func add(_ structures: StructureColumn, to hash: inout SHA256) {
        hash.update(structures.lattices)
        hash.update(structures.periodic)
        hash.update(structures.offsets.map(Double.init))
        hash.update(structures.atomicNumbers)
        hash.update(structures.fractional)
        hash.update(structures.occupancies)
        hash.update(structures.sites.map(Double.init))
    }
}
