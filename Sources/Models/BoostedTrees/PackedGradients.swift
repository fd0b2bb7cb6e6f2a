/// Gradients and hessians of all rows as integers, both in one 64-bit word, so that a histogram adds one word a row and any
/// order of additions gives the same sum.
///
///     word = round(gradient · gradientScale) · 2^hessianBits + round(hessian · hessianScale)
///
/// - Numerics: a sum over all rows fits by construction. With 100,000 rows a gradient keeps 27 bits of the largest one
///   (squared error), or 15 bits and 12 of the hessian (logistic).
struct PackedGradients: Sendable {
    /// With more rows too few bits would be left for a gradient.
    static let mostRows = 100_000_000
    /// Low bits that hold the sum of hessians.
    let hessianBits: Int64
    /// Largest gradient as an integer.
    let gradientLimit: Double
    /// Hessian 1 as an integer; 1 where hessians are counts.
    let hessianScale: Double
    /// Gradient 1 as an integer; set by each `pack`.
    private(set) var gradientScale = 1.0
    let words: SharedBuffer<Int64>

    /// Room for the rows of a matrix.
    /// - Parameter largestHessian: nil where every hessian is 1.
    init(rows: Int, largestHessian: Double?) {
        let rowBits = Int.bitWidth - rows.leadingZeroBitCount
        let free = max(62 - 2 * rowBits, 2)
        // Few rows leave bits for small weights.
        let hessianPart = largestHessian == nil ? 0 : min(20, max(min(12, free / 2), free / 2 - 4))
        hessianBits = Int64(rowBits + hessianPart)
        gradientLimit = Double(Int64(1) << Int64(min(free - hessianPart, 40))) - 1
        hessianScale = largestHessian.map { (Double(Int64(1) << Int64(hessianPart)) - 1) / $0 } ?? 1
        words = SharedBuffer(count: rows, repeating: 0)
    }

    /// Packs the given rows.
    /// - Returns: false where all gradients are 0.
    mutating func pack(_ rows: [Int32], gradients: [Double], hessians: [Double]?) -> Bool {
        var largest = 0.0
        for row in rows { largest = max(largest, gradients[Int(row)].magnitude) }
        guard largest > 0, largest.isFinite else { return false }
        gradientScale = gradientLimit / largest
        let target = words.pointer
        for row in rows {
            let r = Int(row)
            let gradient = Self.rounded(gradients[r] * gradientScale)
            let hessian = hessians.map { max(1, Self.rounded($0[r] * hessianScale)) } ?? 1
            target[r] = gradient << hessianBits &+ hessian
        }
        return true
    }

    /// To the nearest whole number, ties to even, for magnitudes below 2^51.
    @inline(__always)
    private static func rounded(_ value: Double) -> Int64 {
        let shift = 0x1.8p52
        return Int64(value + shift - shift)
    }

    /// The gradient part of a word or a sum of words.
    @inline(__always)
    func gradient(_ word: Int64) -> Double { Double(word >> hessianBits) }

    /// The hessian part of a word or a sum of words.
    @inline(__always)
    func hessian(_ word: Int64) -> Double { Double(word & (1 << hessianBits - 1)) }
}
