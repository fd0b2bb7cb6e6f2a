import Descriptors
import MaterialsCore

/// From candidates to the rows that a model reads: descriptors in order, then columns of the input.
struct FeaturePipeline: Sendable {
    /// A column of the input used as a feature.
    struct Column: Sendable, Equatable {
        var name: String
        /// Categories in sorted order, code = position; nil for a number.
        var categories: [String]?
    }

    /// A batch of 1,024 rows is 800 MB then.
    private static let mostFeatures = 100_000

    let descriptors: [NamedSettings]
    let columns: [Column]
    /// Labels of all features.
    let featureNames: [String]
    /// Features that hold category codes.
    let categoricalColumns: Set<Int>
    /// Which features come from which descriptor or column.
    let groups: [FeatureGroup]
    /// Same text, same features.
    let identity: String
    private let computed: [any Descriptor]
    /// Code of each category, one table a column; empty for numbers.
    private let codes: [[String: Double]]

    init(descriptors: [NamedSettings], columns: [Column]) throws {
        self.descriptors = descriptors
        self.columns = columns
        computed = try descriptors.map { d in
            do {
                var settings = try Settings(d.settings, subject: "descriptor '\(d.name)'")
                let made = try DescriptorRegistry.entry(named: d.name).make(&settings)
                try settings.finish()
                return made
            } catch let e as MatSieveError where d.line > 0 && !e.message.hasPrefix("line ") {
                throw Settings.error(d.line, e.message)
            }
        }
        codes = columns.map {
            Dictionary(($0.categories ?? []).enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
        }
        identity =
            descriptors.map(\.canonicalText).joined(separator: ";") + "|"
            + columns.map { "\($0.name)\($0.categories ?? [])" }.joined(separator: ";")
        let described = computed.flatMap(\.featureNames)
        featureNames = described + columns.map(\.name)
        groups = Self.groups(
            descriptors.map(\.name) + columns.map { "column \($0.name)" },
            widths: computed.map(\.featureNames.count) + columns.map { _ in 1 })
        categoricalColumns = Set(columns.indices.filter { columns[$0].categories != nil }.map { described.count + $0 })
        guard Set(featureNames).count == featureNames.count else {
            let twice = Dictionary(grouping: featureNames) { $0 }.filter { $1.count > 1 }.keys.sorted()
            throw MatSieveError.usage("the feature '\(twice[0])' comes from two descriptors or columns; name each once")
        }
        guard featureNames.count <= Self.mostFeatures else {
            throw MatSieveError.usage(
                "\(descriptors.map(\.name).joined(separator: ", ")): \(featureNames.count) features a candidate; at most \(Self.mostFeatures) fit in memory, choose fewer columns or species, or smaller settings"
            )
        }
        if featureNames.isEmpty { throw MatSieveError.usage("a model needs at least one descriptor or column") }
    }

    private static func groups(_ names: [String], widths: [Int]) -> [FeatureGroup] {
        var first = 0
        return zip(names, widths).map { name, width in
            defer { first += width }
            return FeatureGroup(name: name, columns: first..<first + width)
        }
    }

    /// Names of the descriptors that need structures.
    var structureDescriptors: [String] {
        zip(descriptors, computed).filter { type(of: $1).requiresStructure }.map(\.0.name)
    }

    /// True where structures must be read.
    var requiresStructures: Bool { !structureDescriptors.isEmpty }

    /// Refuses a source without structures where a descriptor needs them.
    func requireStructures(_ source: any CandidateSource) throws { try Screening.requireStructures(source, by: structureDescriptors) }

    /// The columns that a source must carry.
    var requiredColumns: [CandidateColumn] {
        let own = columns.map { CandidateColumn(name: $0.name, kind: $0.categories == nil ? .numeric : .text) }
        return own + descriptorColumns.filter { column in !own.contains { $0.name == column.name } }
    }

    /// The columns that the descriptors read, each once.
    var descriptorColumns: [CandidateColumn] {
        computed.flatMap(\.requiredColumns).reduce(into: []) { all, c in if !all.contains(c) { all.append(c) } }
    }

    /// Features of a batch, and the rows that have none.
    func features(of batch: CandidateBatch) -> (matrix: FeatureMatrix, defects: [(row: Int, defect: CandidateDefect)]) {
        var matrix = FeatureMatrix(rows: batch.count, columns: featureNames.count)
        var defects: [(row: Int, defect: CandidateDefect)] = []
        var first = 0
        for d in computed {
            defects += d.compute(batch, into: &matrix, firstColumn: first)
            first += d.featureNames.count
        }
        for i in columns.indices { fill(i, at: first + i, from: batch, into: &matrix) }
        return (matrix, defects)
    }

    private func fill(_ index: Int, at target: Int, from batch: CandidateBatch, into matrix: inout FeatureMatrix) {
        let column = columns[index]
        if column.categories != nil {
            let codes = codes[index]
            guard let texts = batch.textColumn(column.name) else { return fillMissing(target, &matrix) }
            for row in 0..<batch.count { matrix[row, target] = codes[texts[row]] ?? .nan }
        } else {
            guard let values = batch.numericColumn(column.name) else { return fillMissing(target, &matrix) }
            for row in 0..<batch.count { matrix[row, target] = values[row] }
        }
    }

    private func fillMissing(_ column: Int, _ matrix: inout FeatureMatrix) {
        for row in 0..<matrix.rows { matrix[row, column] = .nan }
    }
}

/// Refuses a source without structures where some descriptors need them.
func requireStructures(_ source: any CandidateSource, by descriptors: [String]) throws {
    guard let first = descriptors.first, !source.schema.hasStructures else { return }
    throw MatSieveError.input(
        "\(source.provenance.path): has no structures, which \(first) needs; name the column that holds them (structure_column, --structure-column), or give structure files"
    )
}
