import MaterialsCore
import Selection
import Storage

/// The proposals file of a closed-loop laboratory: `actions` (row of the candidates file, from 0), then its columns but the objectives.
enum ProposalTable {
    /// Writes proposals in the order of their choice. Cells of a table are passed on as they are written there.
    static func write(_ proposals: [Proposal], _ columns: SuggestionColumns, _ request: SuggestionRequest, to output: String) throws {
        let cells = try cells(of: proposals.map(\.position), columns, request)
        var writer = CSVWriter(header: ["actions"] + (columns.isStore ? ["id"] : []) + columns.passedOn.map(\.name))
        for (proposal, row) in zip(proposals, cells) {
            writer.write(proposal.position)
            for cell in row { writer.write(cell) }
            writer.endRow()
        }
        let file = try AtomicFile(path: output)
        try file.write(writer.take())
        try file.commit()
    }

    /// The text of some rows, in the order of `positions`.
    private static func cells(of positions: [Int], _ columns: SuggestionColumns, _ request: SuggestionRequest) throws -> [[String]] {
        let source = try columns.openForProposals(request)
        let order = positions.indices.sorted { positions[$0] < positions[$1] }
        var result = [[String]](repeating: [], count: positions.count)
        var next = 0
        while next < order.count {
            // A store starts anywhere; a table is read on from its start.
            let start = source.isAddressable ? positions[order[next]] / CandidateGrid.batchSize * CandidateGrid.batchSize : 0
            let end = source.isAddressable ? start + CandidateGrid.batchSize : positions[order.last!] + 1
            let reader = try source.reader(positions: start..<end)
            while let pending = try reader.next() {
                for batch in try pending.decode() {
                    for row in 0..<batch.count where next < order.count && batch.indices[row].position == positions[order[next]] {
                        result[order[next]] = cells(batch, row, columns)
                        next += 1
                    }
                }
            }
            if !source.isAddressable, next < order.count {
                throw MatSieveError.input("\(request.candidates) has changed since it was opened; run again")
            }
        }
        return result
    }

    private static func cells(_ batch: CandidateBatch, _ row: Int, _ columns: SuggestionColumns) -> [String] {
        (columns.isStore ? [batch.ids[row]] : [])
            + columns.passedOn.map { column in
                column.kind == .text
                    ? batch.textColumn(column.name)?[row] ?? "" : numberText(batch.numericColumn(column.name)?[row] ?? .nan)
            }
    }
}
