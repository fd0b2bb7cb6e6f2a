import MaterialsCore

/// Tables as text: comma-separated values, also with `;` or tabs, as the header line shows.
///
/// - Input: UTF-8, with or without a byte-order mark; a header line; cells in double quotes may hold separators, line ends and doubled
///   quotes. A column may hold structures as text, each cell in whatever structure format recognizes it. Line ends are `\n`, `\r\n` or `\r`; blank lines are skipped. Columns without a name are `column_<number>`.
/// - Scope: a candidate is rejected as `ragged-row`, `missing-formula`, `bad-formula`, `bad-number`, `bad-encoding` or `bad-quote`; with
///   structures also as `missing-structure`, `unknown-structure`, `composition-mismatch` (the formula is not the structure's), and for the
///   reasons of the structure's format and of `StructureValidation`. A blank structure beside a formula is a candidate without one.
///   Blank cells and `nan`, `NA`, `N/A`, `null`, `None` in any case are missing numbers; infinities are no numbers.
/// - Errors: input errors for an empty file, UTF-16 or binary files, equal column names, missing columns, records over 16 MiB.
/// - Cost: reads from the start; memory for a few batches of records.
/// - Source: RFC 4180.
public enum CSVFormat: TableFormat {
    /// `csv`
    public static var name: String { "csv" }
    /// `.csv` and `.tsv`
    public static var fileExtensions: [String] { ["csv", "tsv"] }

    /// Opens a table. Where the request asks for all columns, the file is read through once to see which are numeric.
    public static func open(_ input: ByteInput, request: TableRequest) throws -> any CandidateSource {
        let reader = try CSVRecordReader(input)
        let (header, separator) = (reader.header, reader.separator)
        if let columns = request.columns {
            let plan = try CSVColumnPlan(header: header, separator: separator, request: request, columns: columns, path: input.path)
            return CSVCandidateSource(input: input, plan: plan, count: nil)
        }
        let found = try CSVColumnKinds.infer(reader, request: request, path: input.path)
        let plan = try CSVColumnPlan(header: header, separator: separator, request: request, columns: found.columns, path: input.path)
        return CSVCandidateSource(input: input, plan: plan, count: found.count)
    }

    /// Names of all columns, in the order of the file.
    public static func columnNames(_ input: ByteInput) throws -> [String] { try CSVRecordReader(input).header }
}

/// Finds out which columns of a file are numeric.
enum CSVColumnKinds {
    /// All columns but formula, id and structure: numeric where every cell is a number or missing, else text. Ragged rows have no say.
    /// Also the number of records, which is known by then.
    static func infer(
        _ reader: CSVRecordReader, request: TableRequest, path: String
    ) throws -> (columns: [CandidateColumn], count: Int) {
        let header = reader.header
        let keys = try CSVColumnPlan.keyColumns(header, request, path)
        let others = header.indices.filter { $0 != keys.formula && $0 != keys.id && $0 != keys.structure }
        var isNumeric = [Bool](repeating: true, count: header.count)
        var splitter = CSVCells(separator: reader.separator)
        var count = 0
        while let block = try reader.nextBatches(limit: .max) {
            count += block.count
            for row in 0..<block.count {
                splitter.split(block.bytes.span, block.starts[row], block.ends[row])
                guard splitter.cells.count == header.count else { continue }
                let source = splitter.isRewritten ? splitter.rewritten : block.bytes
                for k in others where isNumeric[k] { isNumeric[k] = isNumber(source.span.extracting(splitter.cells[k])) }
            }
        }
        let columns = others.map { CandidateColumn(name: header[$0], kind: isNumeric[$0] ? .numeric : .text) }
        return (columns, count)
    }

    private static func isNumber(_ cell: Span<UInt8>) -> Bool { DecimalNumber.read(cell.extracting(TextBytes.trimmed(cell))) != .invalid }
}
