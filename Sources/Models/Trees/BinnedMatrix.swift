import MaterialsCore
import Synchronization

/// A set of bins of one feature.
struct BinSet: Equatable, Sendable {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    mutating func insert(_ bin: Int) {
        let bit: UInt64 = 1 << UInt64(bin & 63)
        switch bin >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    func contains(_ bin: Int) -> Bool {
        let word =
            switch bin >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word >> UInt64(bin & 63) & 1 == 1
    }

    static func == (a: BinSet, b: BinSet) -> Bool { a.words == b.words }
}

/// The training rows as bin numbers, in blocks of 16 columns: `codes[block][row][column in block]`.
///
/// A row's 16 codes lie together, so a scattered leaf touches one cache line a block; a block's histograms fit the first cache.
struct BinnedMatrix: Sendable {
    static let blockWidth = 16
    let rows: Int
    /// Features with at least two bins, in column order.
    let features: [FeatureBins]
    let codes: SharedBuffer<UInt8>

    var blockCount: Int { (features.count + Self.blockWidth - 1) / Self.blockWidth }

    /// Codes of one column; row r's is at `r * blockWidth`.
    func column(_ column: Int) -> UnsafePointer<UInt8> {
        UnsafePointer(codes.pointer + (column / Self.blockWidth * rows * Self.blockWidth + column % Self.blockWidth))
    }

    /// Cuts every feature into bins, then codes all rows.
    ///
    /// Bins come from at most 200,000 evenly spaced rows. Features are rounded to float32 first; values that are not finite then are missing.
    /// - Throws: `MatSieveError.input` for category codes that are no whole numbers from 0 to 65,535.
    init(_ data: TrainingData, mostBins: Int, context: TrainingContext) throws {
        for column in data.categoricalColumns.sorted() { try Self.checkCategories(data, column: column) }
        let sourceColumns = Array(0..<data.features.columns)
        let sourceBlocks = (sourceColumns.count + Self.blockWidth - 1) / Self.blockWidth
        let found = Mutex<[[FeatureBins]]>(Array(repeating: [], count: sourceBlocks))
        parallelLoop(sourceBlocks, threads: context.threads) { block in
            let columns = Array(sourceColumns[block * Self.blockWidth..<min((block + 1) * Self.blockWidth, sourceColumns.count)])
            let bins = Self.bins(data, columns: columns, mostBins: mostBins)
            found.withLock { $0[block] = bins }
        }
        let features = found.withLock { $0.flatMap { $0 } }.filter { $0.count > 1 }
        let rows = data.features.rows
        let blocks = (features.count + Self.blockWidth - 1) / Self.blockWidth
        let codes = SharedBuffer<UInt8>(count: blocks * rows * Self.blockWidth, repeating: 0)
        parallelLoop(blocks, threads: context.threads) { block in
            let bins = Array(features[block * Self.blockWidth..<min((block + 1) * Self.blockWidth, features.count)])
            let values = Self.columnValues(data.features, bins.map(\.column))
            for (index, bin) in bins.enumerated() {
                Self.encode(values[index], bin, into: codes.pointer + (block * rows * Self.blockWidth + index))
            }
        }
        (self.rows, self.features, self.codes) = (rows, features, codes)
    }

    /// Columns as float32, gathered together so that each row is read once; NaN where missing.
    static func columnValues(_ features: FeatureMatrix, _ columns: [Int]) -> [[Float]] {
        let rows = features.rows
        let gathered = SharedBuffer<Float>(count: rows * columns.count, repeating: 0)
        // Pointers: one pass over all values, without bounds checks.
        features.values.withUnsafeBufferPointer { values in
            for row in 0..<rows {
                for (index, column) in columns.enumerated() {
                    let value = Float(values[row * features.columns + column])
                    gathered.pointer[index * rows + row] = value.isFinite ? value + 0 : .nan
                }
            }
        }
        return columns.indices.map { Array(UnsafeBufferPointer(start: gathered.pointer + $0 * rows, count: rows)) }
    }

    /// Refuses category codes that are no whole numbers from 0 to 65,535.
    static func checkCategories(_ data: TrainingData, column: Int, model: String = BoostedTreesModel.name) throws {
        for row in 0..<data.features.rows {
            let code = data.features[row, column]
            guard code.isNaN || (code >= 0 && code < Double(FeatureBins.categoryLimit) && code == code.rounded()) else {
                throw MatSieveError.input(
                    "\(model): '\(data.featureNames[column])' of training row \(row + 1) is \(code); categories are whole numbers from 0 to \(FeatureBins.categoryLimit - 1)"
                )
            }
        }
    }

    private static func bins(_ data: TrainingData, columns: [Int], mostBins: Int) -> [FeatureBins] {
        let values = columnValues(data.features, columns)
        return columns.indices.map { index in
            let all = values[index]
            if data.categoricalColumns.contains(columns[index]) {
                return .categorical(column: columns[index], codes: all.lazy.filter { !$0.isNaN }.map { Int32($0) })
            }
            let mostSampled = 200_000
            let sample = all.count <= mostSampled ? all : (0..<mostSampled).map { all[$0 * all.count / mostSampled] }
            // Fewer rows than this in a bin tell noise from signal badly (LightGBM's min_data_in_bin).
            let fewestRows = 3
            return .numeric(
                column: columns[index], sorted: sample.filter { !$0.isNaN }.radixSorted(), hasMissing: all.contains { $0.isNaN },
                most: mostBins, fewestRows: fewestRows)
        }
    }

    private static func encode(_ values: [Float], _ bins: FeatureBins, into target: UnsafeMutablePointer<UInt8>) {
        let missing = UInt8(bins.missingBin ?? 0)
        if let categories = bins.categories {
            var binOfCode = [UInt8](repeating: missing, count: FeatureBins.categoryLimit)
            for (bin, code) in categories.enumerated() { binOfCode[Int(code)] = UInt8(bin) }
            for (row, value) in values.enumerated() { target[row * blockWidth] = value.isNaN ? missing : binOfCode[Int(value)] }
            return
        }
        bins.limits.withUnsafeBufferPointer { limits in
            for (row, value) in values.enumerated() { target[row * blockWidth] = value.isNaN ? missing : UInt8(bin(of: value, limits)) }
        }
    }

    /// Number of limits below the value, by halving.
    @inline(__always)
    static func bin(of value: Float, _ limits: UnsafeBufferPointer<Float>) -> Int {
        guard var base = limits.baseAddress else { return 0 }
        let start = base
        var length = limits.count
        while length > 1 {
            let half = length / 2
            base += base[half - 1] < value ? half : 0
            length -= half
        }
        return base - start + (length == 1 && base[0] < value ? 1 : 0)
    }
}
