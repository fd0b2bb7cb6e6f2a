import MaterialsCore

/// How one feature is cut into at most 256 bins.
struct FeatureBins: Sendable {
    /// Column of the feature matrix.
    let column: Int
    /// Numbers: bin b holds values above limit b - 1 and up to limit b; the last bin has no limit.
    var limits: [Float] = []
    /// Categories: the code of bin b, most frequent first; nil for numbers. Codes without a bin share one behind them.
    var categories: [Int32]?
    /// Bin of missing values; nil where there were none in training.
    var missingBin: Int?
    /// All bins, the one for missing values included.
    var count = 1

    /// Most categories that get a bin of their own.
    static let mostCategories = 254
    /// Codes are below this.
    static let categoryLimit = 65_536

    /// Bins of numbers: one a distinct value where there are few, else about equally filled.
    ///
    /// - Parameter sorted: values in ascending order, all finite.
    static func numeric(column: Int, sorted: [Float], hasMissing: Bool, most: Int, fewestRows: Int) -> FeatureBins {
        var bins = FeatureBins(column: column)
        bins.limits = limits(distinct(sorted), total: sorted.count, most: most, fewestRows: fewestRows)
        bins.count = bins.limits.count + 1
        if hasMissing {
            bins.missingBin = bins.count
            bins.count += 1
        }
        return bins
    }

    /// Bins of category codes.
    static func categorical(column: Int, codes: [Int32]) -> FeatureBins {
        var bins = FeatureBins(column: column)
        var counts = [Int](repeating: 0, count: categoryLimit)
        for code in codes { counts[Int(code)] += 1 }
        let present = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        let kept = present.prefix(mostCategories).map { Int32($0) }
        bins.categories = kept
        bins.missingBin = kept.count
        bins.count = kept.count + 1
        return bins
    }

    private struct Value {
        let value: Float
        let rows: Int
    }

    private static func distinct(_ sorted: [Float]) -> [Value] {
        var result: [Value] = []
        var start = 0
        for i in sorted.indices where i + 1 == sorted.count || sorted[i + 1] != sorted[i] {
            result.append(Value(value: sorted[i], rows: i + 1 - start))
            start = i + 1
        }
        return result
    }

    /// Greedy cutting: a frequent value gets a bin of its own, the others fill bins to the mean of what is left.
    private static func limits(_ values: [Value], total: Int, most: Int, fewestRows: Int) -> [Float] {
        var limits: [Float] = []
        let isFew = values.count <= most
        let mean = Double(total) / Double(most)
        let frequent = values.map { !isFew && Double($0.rows) >= mean }
        var binsLeft = most - frequent.count { $0 }
        var rowsLeft = zip(values, frequent).reduce(0) { $0 + ($1.1 ? 0 : $1.0.rows) }
        var share = isFew ? Double(fewestRows) : max(Double(rowsLeft) / Double(max(binsLeft, 1)), Double(fewestRows))
        var rows = 0
        for i in values.indices.dropLast() {
            rows += values[i].rows
            if !frequent[i] { rowsLeft -= values[i].rows }
            let isHalfFullBeforeFrequent = frequent[i + 1] && Double(rows) >= max(1, share / 2)
            guard frequent[i] || Double(rows) >= share || isHalfFullBeforeFrequent else { continue }
            limits.append(between(values[i].value, values[i + 1].value))
            if limits.count == most - 1 { break }
            rows = 0
            if !frequent[i], !isFew {
                binsLeft -= 1
                share = max(Double(rowsLeft) / Double(max(binsLeft, 1)), Double(fewestRows))
            }
        }
        return limits
    }

    /// The middle of two values, rounded down so that a ≤ limit < b.
    static func between(_ a: Float, _ b: Float) -> Float {
        let middle = Float((Double(a) + Double(b)) / 2)
        return middle >= a && middle < b ? middle : a
    }
}

extension [Float] {
    /// Ascending order of finite values by radix: -0 stands before 0.
    func radixSorted() -> [Float] {
        var keys = map { value -> UInt32 in
            let bits = value.bitPattern
            return bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
        }
        var other = keys
        for shift in [UInt32(0), 11, 22] {
            var start = [Int](repeating: 0, count: 2_049)
            for key in keys { start[Int(key >> shift & 2_047) + 1] += 1 }
            for digit in 0..<2_048 { start[digit + 1] += start[digit] }
            for key in keys {
                let digit = Int(key >> shift & 2_047)
                other[start[digit]] = key
                start[digit] += 1
            }
            swap(&keys, &other)
        }
        return keys.map { Float(bitPattern: $0 >> 31 == 1 ? $0 & 0x7fff_ffff : ~$0) }
    }
}
