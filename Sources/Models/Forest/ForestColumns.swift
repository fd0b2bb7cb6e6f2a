import CKernels
import MaterialsCore
import Synchronization

/// Training rows as bin numbers, row after row: a small node's rows stay in the first cache while its features are tried.
///
/// Features are rounded to float32 first; values that are not finite then are missing. Up to `mostBins` distinct values have a
/// bin each, so splits are exact.
final class ForestColumns: Sendable {
    /// A feature with at least two bins.
    final class Column: Sendable {
        let bins: FeatureBins
        /// Bins that hold numbers or known categories.
        let knownCount: Int
        /// Smallest and largest training value of each bin of a number.
        let low: [Float]
        let high: [Float]

        init(bins: FeatureBins, knownCount: Int, low: [Float], high: [Float]) {
            (self.bins, self.knownCount, self.low, self.high) = (bins, knownCount, low, high)
        }

        var isCategorical: Bool { bins.categories != nil }

        func shape(firstBin: Int) -> Shape {
            Shape(
                binCount: Int32(bins.count), missingBin: Int32(bins.missingBin ?? -1), firstBin: Int32(firstBin),
                isCategorical: isCategorical)
        }
    }

    /// What the search asks of a column for every node: nothing that counts references.
    struct Shape: BitwiseCopyable {
        var binCount: Int32
        /// -1 where no row misses.
        var missingBin: Int32
        /// Place of its first bin in `low` and `high`.
        var firstBin: Int32
        var isCategorical: Bool
        /// Numbers of which none is missing.
        var isPlain: Bool { !isCategorical && missingBin < 0 }
    }

    /// Most bins of a feature, the one for missing values aside.
    static let mostBins = 4_095
    private static let blockWidth = 16

    let rows: Int
    let columns: [Column]
    let shapes: SharedBuffer<Shape>
    /// Whether all columns hold numbers of which none is missing.
    let isPlain: Bool
    /// Smallest and largest training value of each bin of each column of numbers.
    let low: SharedBuffer<Float>
    let high: SharedBuffer<Float>
    /// Rows × columns.
    let codes: SharedBuffer<UInt16>
    /// Rows × `wideWidth`: largest value of each row's bin, 0 in columns of categories or with missing values; nil where not asked for.
    let wide: SharedBuffer<Float>?
    /// Columns rounded up to blocks of the kernels.
    let wideWidth: Int
    /// Bins of the column that has most.
    var largestBinCount: Int { columns.map(\.bins.count).max() ?? 1 }

    /// Cuts every feature into bins and codes all rows.
    /// - Throws: `MatSieveError.input` for category codes that are no whole numbers from 0 to 65,535.
    init(_ data: TrainingData, threads: Int, model: String, wide wantsWide: Bool = false) throws {
        for column in data.categoricalColumns.sorted() { try BinnedMatrix.checkCategories(data, column: column, model: model) }
        let sources = data.features.columns
        let blocks = (sources + Self.blockWidth - 1) / Self.blockWidth
        let found = Mutex<[[(Column, [UInt16])]]>(Array(repeating: [], count: blocks))
        parallelLoop(blocks, threads: threads) { block in
            let columns = Array(block * Self.blockWidth..<min((block + 1) * Self.blockWidth, sources))
            let values = BinnedMatrix.columnValues(data.features, columns)
            let coded = columns.indices.compactMap { Self.code(values[$0], column: columns[$0], data) }
            found.withLock { $0[block] = coded }
        }
        let coded = found.withLock { $0.flatMap { $0 } }
        (rows, columns) = (data.features.rows, coded.map(\.0))
        var firstBin = 0
        let shapes = columns.map { column in
            defer { firstBin += column.low.count }
            return column.shape(firstBin: firstBin)
        }
        isPlain = shapes.allSatisfy(\.isPlain)
        self.shapes = SharedBuffer(shapes, padding: Shape(binCount: 0, missingBin: -1, firstBin: 0, isCategorical: false))
        low = SharedBuffer(columns.flatMap(\.low), padding: 0)
        high = SharedBuffer(columns.flatMap(\.high), padding: 0)
        codes = SharedBuffer(count: rows * coded.count, repeating: 0)
        for (index, column) in coded.enumerated() {
            for (row, code) in column.1.enumerated() { codes.pointer[row * coded.count + index] = code }
        }
        let block = Int(MATSIEVE_CUT_BLOCK)
        wideWidth = (coded.count + block - 1) / block * block
        wide = wantsWide ? SharedBuffer(count: rows * wideWidth, repeating: 0) : nil
        guard let wide else { return }
        for (index, column) in coded.enumerated() where !column.0.isCategorical && column.0.bins.missingBin == nil {
            for (row, code) in column.1.enumerated() { wide.pointer[row * wideWidth + index] = column.0.high[Int(code)] }
        }
    }

    /// Bins and codes of one column; nil where all rows share a bin.
    private static func code(_ values: [Float], column: Int, _ data: TrainingData) -> (Column, [UInt16])? {
        if data.categoricalColumns.contains(column) {
            let bins = FeatureBins.categorical(column: column, codes: values.filter { !$0.isNaN }.map { Int32($0) })
            guard bins.count > 1 else { return nil }
            var binOfCode = [UInt16](repeating: UInt16(bins.missingBin!), count: FeatureBins.categoryLimit)
            for (bin, code) in bins.categories!.enumerated() { binOfCode[Int(code)] = UInt16(bin) }
            let codes = values.map { $0.isNaN ? UInt16(bins.missingBin!) : binOfCode[Int($0)] }
            return (Column(bins: bins, knownCount: bins.missingBin!, low: [], high: []), codes)
        }
        let known = values.filter { !$0.isNaN }
        let bins = FeatureBins.numeric(
            column: column, sorted: known.radixSorted(), hasMissing: known.count < values.count, most: mostBins, fewestRows: 1)
        guard bins.count > 1, !known.isEmpty else { return nil }
        return codeNumbers(values, bins)
    }

    private static func codeNumbers(_ values: [Float], _ bins: FeatureBins) -> (Column, [UInt16]) {
        let missing = UInt16(bins.missingBin ?? 0)
        let codes = bins.limits.withUnsafeBufferPointer { limits in
            values.map { $0.isNaN ? missing : UInt16(BinnedMatrix.bin(of: $0, limits)) }
        }
        let knownCount = bins.missingBin ?? bins.count
        var low = [Float](repeating: .infinity, count: knownCount)
        var high = [Float](repeating: -.infinity, count: knownCount)
        for (value, code) in zip(values, codes) where !value.isNaN {
            low[Int(code)] = min(low[Int(code)], value)
            high[Int(code)] = max(high[Int(code)], value)
        }
        return (Column(bins: bins, knownCount: knownCount, low: low, high: high), codes)
    }
}

extension ForestColumns {
    /// Position among the occupied bins, ascending, of the last one at or below a uniform random value between the smallest and
    /// the largest; categories: any position but the last.
    func randomCut(_ column: Shape, _ occupied: UnsafePointer<Int32>, known: Int, random: inout SplitMix64) -> Int {
        guard known > 1 else { return 0 }
        guard !column.isCategorical else { return Int(random.nextUnit() * Double(known - 1)) }
        let cut = randomValue(column, from: Int(occupied[0]), to: Int(occupied[known - 1]), random: &random)
        let high = high.pointer + Int(column.firstBin)
        var (below, above) = (0, known - 1)
        while above - below > 1 {
            let middle = (below + above) / 2
            if Double(high[Int(occupied[middle])]) <= cut { below = middle } else { above = middle }
        }
        return below
    }

    /// The same among all bins of a column from the first to the last that a node occupies.
    func randomBin(_ column: Shape, from first: Int, to last: Int, random: inout SplitMix64) -> Int {
        let cut = randomValue(column, from: first, to: last, random: &random)
        let high = high.pointer + Int(column.firstBin)
        var (below, above) = (first, last)
        while above - below > 1 {
            let middle = (below + above) / 2
            if Double(high[middle]) <= cut { below = middle } else { above = middle }
        }
        return below
    }

    /// The last bin, from `first` on, whose values are at most `cut`.
    func lastBin(_ column: Shape, from first: Int, atMost cut: Float) -> Int {
        let high = high.pointer + Int(column.firstBin)
        var (below, above) = (first, Int(column.binCount))
        while above - below > 1 {
            let middle = (below + above) / 2
            if high[middle] <= cut { below = middle } else { above = middle }
        }
        return below
    }

    private func randomValue(_ column: Shape, from first: Int, to last: Int, random: inout SplitMix64) -> Double {
        let (least, most) = (
            Double(low.pointer[Int(column.firstBin) + first]), Double(high.pointer[Int(column.firstBin) + last])
        )
        return least + random.nextUnit() * (most - least)
    }
}
