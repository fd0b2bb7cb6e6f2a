import MaterialsCore

/// Makes candidates of records: cells, numbers, formulas.
struct CSVBatchDecoder {
    private let plan: CSVColumnPlan
    private var splitter: CSVCells
    private var parser = FormulaParser()
    private var indices: [CandidateIndex] = []
    private var ids = TextColumn()
    private var offsets = [0]
    private var atomicNumbers: [UInt8] = []
    private var amounts: [Double] = []
    private var numeric: [[Double]]
    private var text: [TextColumn]
    private var structures: StructureColumn?
    private var rejections: [Rejection] = []
    private var warnings: [Rejection] = []

    /// A decoder for the columns of `plan`.
    init(_ plan: CSVColumnPlan) {
        self.plan = plan
        splitter = CSVCells(separator: plan.separator)
        numeric = plan.schema.numeric.map { _ in [] }
        text = plan.schema.text.map { _ in TextColumn() }
        structures = plan.schema.hasStructures ? StructureColumn() : nil
    }

    /// One batch a grid cell; `first` is the position of the block's first record and lies on the grid.
    static func batches(of block: CSVBlock, first: Int, plan: CSVColumnPlan) -> [CandidateBatch] {
        stride(from: 0, to: block.count, by: CandidateGrid.batchSize).map { start in
            var decoder = CSVBatchDecoder(plan)
            let rows = start..<min(start + CandidateGrid.batchSize, block.count)
            decoder.reserve(rows.count, bytes: block.ends[rows.upperBound - 1] - block.starts[start])
            let bytes = block.bytes.span
            for row in rows {
                decoder.read(bytes, block.starts[row], block.ends[row], position: first + row, line: block.lines[row])
            }
            return decoder.batch()
        }
    }

    private mutating func reserve(_ rows: Int, bytes: Int) {
        indices.reserveCapacity(rows)
        offsets.reserveCapacity(rows + 1)
        ids.reserveCapacity(rows: rows, bytes: 8 * rows)
        atomicNumbers.reserveCapacity(4 * rows)
        amounts.reserveCapacity(4 * rows)
        for k in numeric.indices { numeric[k].reserveCapacity(rows) }
    }

    private consuming func batch() -> CandidateBatch {
        var batch = CandidateBatch(
            schema: plan.schema, indices: indices, ids: ids, compositionOffsets: offsets, atomicNumbers: atomicNumbers, amounts: amounts,
            numericColumns: numeric, textColumns: text, structures: structures, rejections: rejections)
        batch.warnings = warnings
        return batch
    }

    private mutating func read(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, position: Int, line: Int) {
        splitter.split(bytes, start, end)
        if splitter.isRewritten {
            let rewritten = splitter.rewritten
            readCells(rewritten.span, position, line)
        } else {
            readCells(bytes, position, line)
        }
    }

    private mutating func readCells(_ bytes: Span<UInt8>, _ position: Int, _ line: Int) {
        let index = CandidateIndex(source: 0, position: position)
        var structure: CrystalStructure?
        do throws(CandidateDefect) {
            try checkShape()
            try readFormula(bytes)
            try readNumbers(bytes)
            try readTexts(bytes)
            if let place = plan.structure { structure = try readStructure(bytes, place) }
        } catch {
            undo()
            let defect = CandidateDefect(error.reason, "line \(line), row \(position + 1): \(error.detail)")
            rejections.append(Rejection(index: index, id: label(bytes, position), stage: .read, defect: defect))
            return
        }
        appendID(bytes, position)
        indices.append(index)
        offsets.append(atomicNumbers.count)
        structures?.append(structure)
        if !parser.warnings.isEmpty { warn(position, line) }
    }

    private func checkShape() throws(CandidateDefect) {
        let (found, expected) = (splitter.cells.count, plan.header.count)
        if splitter.isUnclosed { throw CandidateDefect("bad-quote", "a quote is never closed") }
        if found == expected { return }
        if found > expected, splitter.cells[expected...].allSatisfy({ $0.isEmpty }) { return }
        throw CandidateDefect("ragged-row", "\(found) cells, the header has \(expected)")
    }

    private mutating func readFormula(_ bytes: Span<UInt8>) throws(CandidateDefect) {
        guard let place = plan.formula else { return }
        let formula = bytes.extracting(trimmedCell(place, bytes))
        if formula.isEmpty {
            // A structure in the row says as much.
            if let structure = plan.structure, !trimmedCell(structure, bytes).isEmpty { return }
            throw CandidateDefect("missing-formula", "column '\(plan.header[place])' is blank")
        }
        do throws(FormulaError) {
            try parser.append(formula, atomicNumbers: &atomicNumbers, amounts: &amounts)
        } catch {
            if !TextBytes.isUTF8(formula) { throw badEncoding(place) }
            throw CandidateDefect("bad-formula", "'\(TextBytes.clipped(formula))' \(error)")
        }
    }

    private mutating func readNumbers(_ bytes: Span<UInt8>) throws(CandidateDefect) {
        if numeric.isEmpty { return }
        for k in plan.uses.indices where plan.uses[k].numeric >= 0 {
            let cell = bytes.extracting(trimmedCell(k, bytes))
            switch DecimalNumber.read(cell) {
            case .number(let value): numeric[plan.uses[k].numeric].append(value)
            case .missing: numeric[plan.uses[k].numeric].append(.nan)
            case .invalid:
                throw CandidateDefect("bad-number", "column '\(plan.header[k])' has '\(TextBytes.clipped(cell))', which is no number")
            }
        }
    }

    private mutating func readTexts(_ bytes: Span<UInt8>) throws(CandidateDefect) {
        if let id = plan.id, !TextBytes.isUTF8(bytes.extracting(splitter.cells[id])) { throw badEncoding(id) }
        if text.isEmpty { return }
        for k in plan.uses.indices where plan.uses[k].text >= 0 {
            let cell = bytes.extracting(splitter.cells[k])
            if !TextBytes.isUTF8(cell) { throw badEncoding(k) }
            text[plan.uses[k].text].append(utf8: cell)
        }
    }

    /// The structure of a row, which gives the composition where there is no formula.
    private mutating func readStructure(_ bytes: Span<UInt8>, _ place: Int) throws(CandidateDefect) -> CrystalStructure? {
        let name = plan.header[place]
        guard let structure = try CSVStructureCell.read(bytes.extracting(splitter.cells[place]), column: name) else {
            if plan.formula != nil { return nil }
            throw CandidateDefect("missing-structure", "column '\(name)' is blank")
        }
        if atomicNumbers.count == offsets[offsets.count - 1] {
            let composition = structure.composition
            atomicNumbers += composition.atomicNumbers
            amounts += composition.amounts
        } else {
            let start = offsets[offsets.count - 1]
            let formula = Composition(sortedAtomicNumbers: Array(atomicNumbers[start...]), amounts: Array(amounts[start...]))
            try CSVStructureCell.check(structure, against: formula, column: name)
        }
        return structure
    }

    private func badEncoding(_ column: Int) -> CandidateDefect {
        CandidateDefect("bad-encoding", "column '\(plan.header[column])' is not UTF-8")
    }

    /// The cell of a column without the spaces around it.
    private func trimmedCell(_ column: Int, _ bytes: Span<UInt8>) -> Range<Int> {
        let cell = splitter.cells[column]
        let inner = TextBytes.trimmed(bytes.extracting(cell))
        return cell.lowerBound + inner.lowerBound..<cell.lowerBound + inner.upperBound
    }

    /// Takes back what a rejected record had added.
    private mutating func undo() {
        let extra = atomicNumbers.count - offsets[offsets.count - 1]
        atomicNumbers.removeLast(extra)
        amounts.removeLast(extra)
        for k in numeric.indices where numeric[k].count > indices.count { numeric[k].removeLast() }
        for k in text.indices where text[k].count > indices.count { text[k] = text[k].selecting(Array(0..<indices.count)) }
    }

    private mutating func appendID(_ bytes: Span<UInt8>, _ position: Int) {
        guard let id = plan.id else { return ids.append(String(position + 1)) }
        ids.append(utf8: bytes.extracting(trimmedCell(id, bytes)))
    }

    private mutating func warn(_ position: Int, _ line: Int) {
        for warning in parser.warnings {
            let defect = CandidateDefect(warning.kind.rawValue, "line \(line), row \(position + 1): formula, \(warning)")
            warnings.append(
                Rejection(index: CandidateIndex(source: 0, position: position), id: ids[ids.count - 1], stage: .read, defect: defect))
        }
    }

    /// The id for a rejection; the row number where the record has none.
    private func label(_ bytes: Span<UInt8>, _ position: Int) -> String {
        guard let id = plan.id, id < splitter.cells.count else { return String(position + 1) }
        return TextBytes.clipped(bytes.extracting(trimmedCell(id, bytes)))
    }
}
