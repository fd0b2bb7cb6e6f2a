import MaterialsCore

/// The fetched columns of one row chunk; decodes to batches of the grid in any thread.
struct StoredBlock: Sendable {
    let schema: CandidateSchema
    let rows: Range<Int>
    let ids: TextSlice
    let compositionOffsets: [Int]
    let atomicNumbers: ColumnSlice
    let amounts: ColumnSlice
    let numeric: [ColumnSlice]
    let text: [TextSlice]
    let structures: StructureSlice?

    /// Inflates the columns and cuts them on the grid.
    func decode() throws -> [CandidateBatch] {
        let columns = DecodedBlock(
            ids: try ids.bytes.values(), atomicNumbers: try atomicNumbers.values(), amounts: try amounts.values(),
            numeric: try numeric.map { try $0.values() }, text: try text.map { try $0.bytes.values() },
            structures: try structures?.decode())
        return stride(from: rows.lowerBound, to: rows.upperBound, by: CandidateGrid.batchSize).map { start in
            let end = min(start + CandidateGrid.batchSize, rows.upperBound)
            return batch(start - rows.lowerBound..<end - rows.lowerBound, columns)
        }
    }

    private func batch(_ local: Range<Int>, _ columns: DecodedBlock) -> CandidateBatch {
        let first = rows.lowerBound
        let parts =
            compositionOffsets[local.lowerBound] - compositionOffsets[0]..<compositionOffsets[local.upperBound] - compositionOffsets[0]
        var composition = StoredCompositions(
            offsets: rebased(compositionOffsets, local), atomicNumbers: Array(columns.atomicNumbers[parts]),
            amounts: Array(columns.amounts[parts]))
        var faults = composition.check()
        let structures = columns.structures.map { $0.rows(local) }
        if let structures { faults += StoredStructures.faults(structures) }
        var batch = CandidateBatch(
            schema: schema, indices: local.map { CandidateIndex(source: 0, position: first + $0) },
            ids: textColumn(ids, columns.ids, local), compositionOffsets: composition.offsets,
            atomicNumbers: composition.atomicNumbers, amounts: composition.amounts,
            numericColumns: columns.numeric.map { Array($0[local]) },
            textColumns: zip(text, columns.text).map { textColumn($0, $1, local) }, structures: structures)
        if !faults.isEmpty { drop(faults, from: &batch) }
        return batch
    }

    private func drop(_ faults: [(row: Int, defect: CandidateDefect)], from batch: inout CandidateBatch) {
        var keep = [Bool](repeating: true, count: batch.count)
        for (row, defect) in faults.sorted(by: { $0.row < $1.row }) where keep[row] {
            keep[row] = false
            batch.rejections.append(Rejection(index: batch.indices[row], id: batch.ids[row], stage: .read, defect: defect))
        }
        batch.compact(keeping: keep)
    }
}

/// The inflated columns of a block.
private struct DecodedBlock {
    let ids: [UInt8]
    let atomicNumbers: [UInt8]
    let amounts: [Double]
    let numeric: [[Double]]
    let text: [[UInt8]]
    let structures: DecodedStructures?
}

/// Offsets of some rows, from 0.
func rebased(_ offsets: [Int], _ rows: Range<Int>) -> [Int] {
    let base = offsets[rows.lowerBound]
    return offsets[rows.lowerBound...rows.upperBound].map { $0 - base }
}

private func textColumn(_ slice: TextSlice, _ bytes: [UInt8], _ rows: Range<Int>) -> TextColumn {
    let base = slice.offsets[0]
    let range = slice.offsets[rows.lowerBound] - base..<slice.offsets[rows.upperBound] - base
    return TextColumn(offsets: rebased(slice.offsets, rows), bytes: Array(bytes[range]))
}

/// Compositions of a batch as a file gave them.
struct StoredCompositions {
    private(set) var offsets: [Int]
    private(set) var atomicNumbers: [UInt8]
    private(set) var amounts: [Double]

    init(offsets: [Int], atomicNumbers: [UInt8], amounts: [Double]) {
        (self.offsets, self.atomicNumbers, self.amounts) = (offsets, atomicNumbers, amounts)
    }

    /// Brings elements into ascending order where they are not.
    /// - Returns: rows that are no composition, with the reason.
    mutating func check() -> [(row: Int, defect: CandidateDefect)] {
        var faults: [(row: Int, defect: CandidateDefect)] = []
        var isOrdered = true
        for row in 0..<offsets.count - 1 {
            var last: UInt8 = 0
            var isSound = offsets[row] < offsets[row + 1]
            for i in offsets[row]..<offsets[row + 1] {
                let z = atomicNumbers[i]
                isOrdered = isOrdered && z > last
                isSound = isSound && z >= 1 && z <= 118 && amounts[i] > 0 && amounts[i] < .infinity
                last = z
            }
            if !isSound { faults.append((row, CandidateDefect("bad-composition", fault(of: row)))) }
        }
        if !isOrdered { sort(except: Set(faults.map(\.row))) }
        return faults
    }

    private func fault(of row: Int) -> String {
        let range = offsets[row]..<offsets[row + 1]
        if range.isEmpty { return "the store gives no element" }
        for i in range where !(1...118).contains(atomicNumbers[i]) { return "the store gives atomic number \(atomicNumbers[i])" }
        let bad = range.first { !(amounts[$0] > 0 && amounts[$0] < .infinity) }!
        return "the store gives the amount \(amounts[bad]) of atomic number \(atomicNumbers[bad])"
    }

    private mutating func sort(except faulty: Set<Int>) {
        var sorted = StoredCompositions(offsets: [0], atomicNumbers: [], amounts: [])
        for row in 0..<offsets.count - 1 {
            if !faulty.contains(row) {
                let parts = (offsets[row]..<offsets[row + 1]).map { (Element(atomicNumber: Int(atomicNumbers[$0]))!, amounts[$0]) }
                let composition = Composition(parts.map { (element: $0.0, amount: $0.1) })
                sorted.atomicNumbers += composition.atomicNumbers
                sorted.amounts += composition.amounts
            }
            sorted.offsets.append(sorted.atomicNumbers.count)
        }
        self = sorted
    }
}
