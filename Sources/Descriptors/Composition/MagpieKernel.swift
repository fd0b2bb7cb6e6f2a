import CKernels
import MaterialsCore

/// The loops of `MagpieDescriptor`: runs of rows without a missing value go to the kernel at once.
struct MagpieKernel: Sendable {
    static let lastElement = 112
    static let statistics = 6
    private static let tableWidth = 24

    /// The 22 properties under matminer's names, in its order.
    static let properties: [(name: String, table: [Double])] = [
        ("Number", MagpieTable.number), ("MendeleevNumber", MagpieTable.mendeleevNumber), ("AtomicWeight", MagpieTable.atomicWeight),
        ("MeltingT", MagpieTable.meltingTemperature), ("Column", MagpieTable.column), ("Row", MagpieTable.row),
        ("CovalentRadius", MagpieTable.covalentRadius), ("Electronegativity", MagpieTable.electronegativity),
        ("NsValence", MagpieTable.sValence), ("NpValence", MagpieTable.pValence), ("NdValence", MagpieTable.dValence),
        ("NfValence", MagpieTable.fValence), ("NValence", MagpieTable.valence), ("NsUnfilled", MagpieTable.sUnfilled),
        ("NpUnfilled", MagpieTable.pUnfilled), ("NdUnfilled", MagpieTable.dUnfilled), ("NfUnfilled", MagpieTable.fUnfilled),
        ("NUnfilled", MagpieTable.unfilled), ("GSvolume_pa", MagpieTable.groundStateVolume), ("GSbandgap", MagpieTable.groundStateGap),
        ("GSmagmom", MagpieTable.groundStateMagneticMoment), ("SpaceGroupNumber", MagpieTable.spaceGroup),
    ]

    /// 22 properties and two empty places for each atomic number.
    private let table: [Double]
    /// By atomic number: nothing is wrong with the element, so the row needs no second look.
    private let isPlain: [Bool]
    private let missing: MissingElementValue

    init(missing: MissingElementValue) {
        self.missing = missing
        let columns = Self.properties.map { missing == .impute ? imputingMean($0.table) : $0.table }
        var table = [Double](repeating: 0, count: 256 * Self.tableWidth)
        for z in 1...Self.lastElement { for (p, column) in columns.enumerated() { table[z * Self.tableWidth + p] = column[z] } }
        self.table = table
        isPlain = (0..<256).map { z in (1...Self.lastElement).contains(z) && !columns.contains { $0[z].isNaN } }
    }

    /// Fills 132 columns from `firstColumn` on of every row that is not rejected.
    func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(row: Int, defect: CandidateDefect)] {
        let (columns, rows) = (features.columns, batch.count)
        precondition(features.rows == rows && firstColumn + Self.properties.count * Self.statistics <= columns)
        var defects: [(row: Int, defect: CandidateDefect)] = []
        let (offsets, atomicNumbers, amounts) = (batch.compositionOffsets.span, batch.atomicNumbers.span, batch.amounts.span)
        features.values.withUnsafeMutableBufferPointer { values in
            let out = UnsafeMutableBufferPointer(rebasing: values[min(firstColumn, values.count)...])
            var first = 0
            for row in 0..<rows {
                let elements = offsets[row]..<offsets[row + 1]
                let z = atomicNumbers.extracting(elements)
                if isPlainRow(z) { continue }
                fill(batch, first..<row, out, stride: columns)
                first = row + 1
                if let defect = defect(z) {
                    defects.append((row, defect))
                } else {
                    fill(batch, row..<row + 1, out, stride: columns)
                    markMissing(z, amounts.extracting(elements), UnsafeMutableBufferPointer(rebasing: out[(row * columns)...]))
                }
            }
            fill(batch, first..<rows, out, stride: columns)
        }
        return defects
    }

    /// The kernel is C. It trusts the rows, which the batch has checked, and their elements to be no more than there are.
    private func fill(_ batch: CandidateBatch, _ rows: Range<Int>, _ out: UnsafeMutableBufferPointer<Double>, stride: Int) {
        guard !rows.isEmpty, let target = out.baseAddress else { return }
        matsieve_element_statistics(
            table, batch.compositionOffsets, batch.atomicNumbers, batch.amounts, rows.lowerBound, rows.count, target, stride)
    }

    @inline(__always)
    private func isPlainRow(_ z: Span<UInt8>) -> Bool {
        precondition(z.count <= 118, "elements of a composition are distinct")
        var plain = !z.isEmpty
        for i in z.indices { plain = plain && isPlain[Int(z[i])] }
        return plain
    }

    private func defect(_ z: Span<UInt8>) -> CandidateDefect? {
        if z.isEmpty { return .emptyComposition }
        for i in z.indices where !(1...Self.lastElement).contains(Int(z[i])) {
            return .unsupportedElement(z[i], descriptor: MagpieDescriptor.name, last: Self.lastElement)
        }
        if missing == .nan { return nil }
        for i in z.indices {
            if let gap = Self.properties.first(where: { $0.table[Int(z[i])].isNaN }) { return .noElementValue(z[i], property: gap.name) }
        }
        return nil
    }

    /// The largest amount, and how far below it an element still counts as one of the most abundant, as numpy's `isclose` has it.
    private func abundanceBound(_ a: Span<Double>) -> (largest: Double, slack: Double) {
        var largest = 0.0
        for i in a.indices { largest = a[i] > largest ? a[i] : largest }
        return (largest, 1e-8 + 1e-5 * largest)
    }

    /// Puts NaN where a value is missing: the mode only depends on the most abundant elements.
    private func markMissing(_ z: Span<UInt8>, _ a: Span<Double>, _ out: UnsafeMutableBufferPointer<Double>) {
        let (largest, slack) = abundanceBound(a)
        for (p, property) in Self.properties.enumerated() {
            var (isMissing, mode) = (false, Double.infinity)
            for i in z.indices {
                let v = property.table[Int(z[i])]
                isMissing = isMissing || v.isNaN
                if largest - a[i] <= slack { mode = v.isNaN || mode.isNaN ? .nan : min(mode, v) }
            }
            if !isMissing { continue }
            for s in 0..<Self.statistics - 1 { out[p * Self.statistics + s] = .nan }
            out[p * Self.statistics + Self.statistics - 1] = mode
        }
    }
}
