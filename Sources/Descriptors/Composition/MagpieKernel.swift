import MaterialsCore

/// The loops of `MagpieDescriptor`: eight properties at a time, elements in ascending atomic number.
///
/// Pointers here because the 132 scattered writes a row cost more than the arithmetic when each is checked.
struct MagpieKernel: Sendable {
    static let lastElement = 112
    static let statistics = 6
    private static let lanes = 8
    private static let groups = 3

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

    /// Three groups of eight properties for each atomic number, the last two lanes empty.
    private let table: [SIMD8<Double>]
    /// By atomic number: nothing is wrong with the element, so the row needs no second look.
    private let isPlain: [Bool]
    private let missing: MissingElementValue

    init(missing: MissingElementValue) {
        self.missing = missing
        let columns = Self.properties.map { missing == .impute ? imputingMean($0.table) : $0.table }
        var table = [SIMD8<Double>](repeating: .zero, count: 256 * Self.groups)
        for z in 1...Self.lastElement {
            for (p, column) in columns.enumerated() { table[z * Self.groups + p / Self.lanes][p % Self.lanes] = column[z] }
        }
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
            for row in 0..<rows {
                let elements = offsets[row]..<offsets[row + 1]
                let (z, a) = (atomicNumbers.extracting(elements), amounts.extracting(elements))
                let out = UnsafeMutableBufferPointer(rebasing: values[(row * columns + firstColumn)...])
                if isPlainRow(z) {
                    fill(z, a, out.baseAddress!)
                } else if let defect = defect(z) {
                    defects.append((row, defect))
                } else {
                    fill(z, a, out.baseAddress!)
                    markMissing(z, a, out)
                }
            }
        }
        return defects
    }

    @inline(__always)
    private func isPlainRow(_ z: Span<UInt8>) -> Bool {
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

    /// Amount from which on an element counts as one of the most abundant, as numpy's `isclose` has it.
    @inline(__always)
    private func abundanceBound(_ a: Span<Double>) -> (sum: Double, largest: Double, slack: Double) {
        var (sum, largest) = (0.0, 0.0)
        for i in a.indices {
            sum += a[i]
            largest = a[i] > largest ? a[i] : largest
        }
        return (sum, largest, 1e-8 + 1e-5 * largest)
    }

    @inline(__always)
    private func fill(_ z: Span<UInt8>, _ a: Span<Double>, _ out: UnsafeMutablePointer<Double>) {
        let (sum, largest, slack) = abundanceBound(a)
        for group in 0..<Self.groups {
            let first = table[Int(z[0]) * Self.groups + group]
            var (low, high, total) = (first, first, first * a[0])
            for i in 1..<z.count {
                let v = table[Int(z[i]) * Self.groups + group]
                low.replace(with: v, where: v .< low)
                high.replace(with: v, where: v .> high)
                total += v * a[i]
            }
            let mean = total / sum
            var deviation = SIMD8<Double>.zero
            var mode = SIMD8<Double>(repeating: .infinity)
            for i in z.indices {
                let v = table[Int(z[i]) * Self.groups + group]
                deviation += magnitude(v - mean) * a[i]
                if largest - a[i] <= slack { mode.replace(with: v, where: v .< mode) }
            }
            store(low, high, mean, deviation / sum, mode, out + group * Self.lanes * Self.statistics, lanes: group == 2 ? 6 : 8)
        }
    }

    @inline(__always)
    private func store(
        _ low: SIMD8<Double>, _ high: SIMD8<Double>, _ mean: SIMD8<Double>, _ deviation: SIMD8<Double>, _ mode: SIMD8<Double>,
        _ out: UnsafeMutablePointer<Double>, lanes: Int
    ) {
        let range = high - low
        for lane in 0..<lanes {
            let o = out + lane * Self.statistics
            (o[0], o[1], o[2]) = (low[lane], high[lane], range[lane])
            (o[3], o[4], o[5]) = (mean[lane], deviation[lane], mode[lane])
        }
    }

    /// Puts NaN where a value is missing: the mode only depends on the most abundant elements.
    private func markMissing(_ z: Span<UInt8>, _ a: Span<Double>, _ out: UnsafeMutableBufferPointer<Double>) {
        let (_, largest, slack) = abundanceBound(a)
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

@inline(__always)
private func magnitude(_ x: SIMD8<Double>) -> SIMD8<Double> {
    SIMD8<Double>(bitPattern: SIMD8<UInt64>(bitPatternOf: x) & SIMD8<UInt64>(repeating: ~(1 << 63)))
}

extension SIMD8<UInt64> {
    fileprivate init(bitPatternOf x: SIMD8<Double>) { self = unsafeBitCast(x, to: SIMD8<UInt64>.self) }
}

extension SIMD8<Double> {
    fileprivate init(bitPattern x: SIMD8<UInt64>) { self = unsafeBitCast(x, to: SIMD8<Double>.self) }
}
