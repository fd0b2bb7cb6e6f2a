import MaterialsCore
import Storage

/// A column of an output table.
struct TableColumn: Sendable {
    var name: String
    var unit: String? = nil
    /// Names of classes where the values are codes, which are written by name.
    var classes: [String] = []

    /// The text of a code; nothing where it is missing.
    func className(_ code: Double) -> String { code.isNaN ? "" : classes[Int(code)] }
}

/// Where `describe` and `predict` write rows: `id,formula,` and then the columns.
protocol TableSink: AnyObject {
    func append(_ batch: CandidateBatch, _ values: FeatureMatrix) throws
    /// Brings the output under its own name.
    func finish() throws
}

/// A sink by the ending of `output`: HDF5 for `.h5`, else CSV.
func openTableSink(_ output: String, columns: [TableColumn], asFeatures: Bool, provenance: SourceProvenance) throws -> any TableSink {
    if output.hasSuffix(".h5") || output.hasSuffix(".hdf5") {
        return try HDF5TableSink(output, columns: columns, asFeatures: asFeatures, provenance: provenance)
    }
    try requireEnding(output, [".csv", ".csv.gz", ".h5"])
    return try CSVTableSink(output, columns: columns)
}

private final class CSVTableSink: TableSink {
    private let file: AtomicFile
    private var writer: CSVWriter
    private let columns: [TableColumn]

    init(_ output: String, columns: [TableColumn]) throws {
        self.columns = columns
        file = try AtomicFile(path: output)
        writer = CSVWriter(header: ["id", "formula"] + columns.map(\.name))
    }

    func append(_ batch: CandidateBatch, _ values: FeatureMatrix) throws {
        for row in 0..<batch.count {
            writer.write(batch.ids[row])
            writer.write(batch.composition(row).reducedFormula)
            for c in 0..<values.columns {
                if columns[c].classes.isEmpty { writer.write(values[row, c]) } else { writer.write(columns[c].className(values[row, c])) }
            }
            writer.endRow()
        }
        try flush()
    }

    private func flush() throws { try file.write(writer.take()) }

    func finish() throws {
        try flush()
        try file.commit()
    }
}

/// Descriptors go to `/features` with their labels, predictions to `/property/<name>`, names of classes to `/text/<name>`.
private final class HDF5TableSink: TableSink {
    private let writer: TableFileWriter
    private let columns: [TableColumn]
    private let asFeatures: Bool

    init(_ output: String, columns: [TableColumn], asFeatures: Bool, provenance: SourceProvenance) throws {
        (self.columns, self.asFeatures) = (columns, asFeatures)
        let layout =
            asFeatures
            ? TableLayout(featureNames: columns.map(\.name))
            : TableLayout(
                properties: columns.filter(\.classes.isEmpty).map { PropertyDefinition(name: $0.name, unit: $0.unit) },
                texts: columns.filter { !$0.classes.isEmpty }.map(\.name))
        writer = try TableFileWriter(path: output, layout: layout, attributes: ["data_class": provenance.dataClass.rawValue])
    }

    func append(_ batch: CandidateBatch, _ values: FeatureMatrix) throws {
        let formulas = TextColumn((0..<batch.count).map { batch.composition($0).reducedFormula })
        try writer.append(
            TableRows(
                ids: batch.ids, formulas: formulas,
                properties: asFeatures ? [] : columns.indices.filter { columns[$0].classes.isEmpty }.map(values.column),
                features: asFeatures ? values : nil,
                texts: columns.indices.filter { !columns[$0].classes.isEmpty }.map { c in
                    TextColumn(values.column(c).map(columns[c].className))
                }))
    }

    func finish() throws { try writer.finish() }
}
