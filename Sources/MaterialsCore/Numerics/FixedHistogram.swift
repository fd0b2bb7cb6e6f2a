/// Counts of doubles in bins that are the same for every run, machine and data set.
///
/// A bin is a sign, an exponent and the top four bits of the mantissa: 16 bins between a number and its double, so that edges
/// lie at most 6.25 % apart. Counts are whole numbers, so merging is exact in any order.
///
/// - Cost: memory for the bins between the smallest and the largest value seen, at most 512 kB.
public struct FixedHistogram: Equatable, Sendable {
    /// Values that are no number.
    public private(set) var missingCount = 0
    /// Values in bins.
    public private(set) var count = 0
    /// Smallest value; +infinity where there is none.
    public private(set) var minimum = Double.infinity
    /// Largest value; -infinity where there is none.
    public private(set) var maximum = -Double.infinity
    /// Bin of `counts[0]`.
    private var firstBin = 0
    private var counts: [UInt64] = []

    /// A histogram of nothing.
    public init() {}

    /// Counts a value.
    public mutating func add(_ x: Double) {
        if x.isNaN {
            missingCount += 1
            return
        }
        // -0.0 + 0.0 is 0.0.
        let value = x + 0.0
        let bin = Self.bin(value)
        if bin < firstBin || bin >= firstBin + counts.count { cover(bin...bin) }
        counts[bin - firstBin] += 1
        count += 1
        if value < minimum { minimum = value }
        if value > maximum { maximum = value }
    }

    /// Adds the counts of another histogram.
    public mutating func merge(_ other: FixedHistogram) {
        missingCount += other.missingCount
        count += other.count
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        guard !other.counts.isEmpty else { return }
        cover(other.firstBin...(other.firstBin + other.counts.count - 1))
        for (k, n) in other.counts.enumerated() { counts[other.firstBin - firstBin + k] += n }
    }

    /// Bins that hold anything, by rising value: lower and upper edge and count.
    public var bins: [(lower: Double, upper: Double, count: Int)] {
        counts.indices.filter { counts[$0] > 0 }.map { k in
            let edges = Self.edges(firstBin + k)
            return (edges.lower, edges.upper, Int(counts[k]))
        }
    }

    /// The value below which a share `q` (0…1) of the values lies, interpolated in its bin; NaN where there is none.
    ///
    /// - Numerics: within the width of a bin, 6.25 % of the value; exact for 0 and 1.
    public func quantile(_ q: Double) -> Double {
        if count == 0 || q.isNaN { return .nan }
        if q <= 0 { return minimum }
        if q >= 1 { return maximum }
        let rank = q * Double(count)
        var below = 0.0
        for bin in bins {
            let n = Double(bin.count)
            if below + n >= rank {
                let (lower, upper) = (max(bin.lower, minimum), min(bin.upper, maximum))
                if !lower.isFinite || !upper.isFinite || lower == upper { return lower.isFinite ? lower : upper }
                return lower + (upper - lower) * ((rank - below) / n)
            }
            below += n
        }
        return maximum
    }

    /// Counts in `binCount` bins of equal width from `first` to `last` and on both sides of them, for display.
    ///
    /// - Output: whole numbers that add up to `count`; a fixed bin that straddles an edge is shared out by width. No bins where the range is
    ///   empty or not finite.
    public func rebinned(_ binCount: Int, from first: Double, to last: Double) -> (below: Int, bins: [Int], above: Int) {
        guard binCount > 0, first < last, first.isFinite, last.isFinite else { return (0, [], 0) }
        var (shared, taken) = (0.0, 0)
        let whole = shares(binCount, from: first, to: last).map { share in
            shared += share
            let before = taken
            taken = min(Int(exactly: shared.rounded()) ?? count, count)
            return taken - before
        }
        return (whole[0], Array(whole[1...binCount]), whole[binCount + 1])
    }

    /// What lies below the bins, in each, and above them.
    private func shares(_ binCount: Int, from first: Double, to last: Double) -> [Double] {
        var result = [Double](repeating: 0, count: binCount + 2)
        let scale = Self.scale(of: last - first)
        let (lower, upper) = (first * scale, last * scale)
        let width = (upper - lower) / Double(binCount)
        func place(_ x: Double) -> Int { Int(min(max(((x - lower) / width).rounded(.down), -1), Double(binCount))) + 1 }
        for bin in bins {
            let (a, b) = (max(bin.lower, minimum) * scale, min(bin.upper, maximum) * scale)
            if b < lower || !a.isFinite || !b.isFinite || a == b {
                // The last bin holds its upper edge.
                result[b == upper ? binCount : b < lower || a == -.infinity ? 0 : place(b)] += Double(bin.count)
                continue
            }
            for k in place(a)...place(b) {
                let left = k == 0 ? a : max(a, lower + Double(k - 1) * width)
                let right = k > binCount ? b : min(b, lower + Double(k) * width)
                result[k] += Double(bin.count) * max(0, right - left) / (b - a)
            }
        }
        return result
    }

    /// A power of two that brings a width which would overflow, or be lost in subnormal numbers, to where it can be divided.
    private static func scale(of width: Double) -> Double { width.isFinite ? (width < 0x1p-900 ? 0x1p200 : 1) : 0x1p-2 }

    /// Writes the histogram; equal histograms give equal bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(count: missingCount)
        writer.write(minimum)
        writer.write(maximum)
        writer.write(count: counts.count)
        writer.write(Int64(firstBin))
        for n in counts { writer.write(n) }
    }

    /// Reads what `encode` wrote.
    /// - Errors: input error where the bytes are damaged.
    public init(from reader: inout ByteReader) throws {
        let damaged = MatSieveError.input("a stored histogram is damaged; remove the file and run again")
        let missing: UInt64 = try reader.read()
        minimum = try reader.readDouble()
        maximum = try reader.readDouble()
        let size: UInt64 = try reader.read()
        let first: Int64 = try reader.read()
        let range = -(1 << 15)...Int64(1 << 15)
        guard missing < 1 << 62, size <= 1 << 16, range.contains(first), range.contains(first + Int64(size)) else { throw damaged }
        (missingCount, firstBin) = (Int(missing), Int(first))
        for _ in 0..<size {
            let n: UInt64 = try reader.read()
            guard n < 1 << 62, count < 1 << 62 else { throw damaged }
            counts.append(n)
            count += Int(n)
        }
    }

    /// Number of the bin of a value, rising with the value.
    private static func bin(_ x: Double) -> Int {
        let k = Int(x.magnitude.bitPattern >> 48)
        return x < 0 ? ~k : k
    }

    /// Smallest and largest end of a bin.
    private static func edges(_ bin: Int) -> (lower: Double, upper: Double) {
        let k = UInt64(bin < 0 ? ~bin : bin)
        let near = Double(bitPattern: k << 48)
        let far = k >= 0x7ff0 ? Double.infinity : Double(bitPattern: (k + 1) << 48)
        return bin < 0 ? (-far, -near) : (near, far)
    }

    /// Makes room; the range of bins is always exactly that of the values seen, so equal contents are equal histograms.
    private mutating func cover(_ range: ClosedRange<Int>) {
        if counts.isEmpty {
            firstBin = range.lowerBound
            counts = [UInt64](repeating: 0, count: range.count)
            return
        }
        if range.lowerBound < firstBin {
            counts.insert(contentsOf: repeatElement(0, count: firstBin - range.lowerBound), at: 0)
            firstBin = range.lowerBound
        }
        let end = firstBin + counts.count
        if range.upperBound >= end { counts.append(contentsOf: repeatElement(0, count: range.upperBound - end + 1)) }
    }
}
