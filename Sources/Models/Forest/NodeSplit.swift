/// The best split of a node so far; a gain is `numerator / denominator`, compared without dividing.
struct NodeSplit {
    /// Column of the binned training rows; -1 for none.
    var column = -1
    /// Numbers: last bin of the left side.
    var leftBin = 0
    var missingLeft = false
    /// Categories: bins of the left side.
    var leftSet: BinSet?
    var numerator = -1.0
    var denominator = 1.0

    /// Whether a gain is larger; a side without weight gains nothing.
    @inline(__always)
    func isBeaten(by numerator: Double, _ denominator: Double) -> Bool {
        denominator > 0 && numerator * self.denominator > self.numerator * denominator
    }

    /// Becomes a cut of numbers; the gain is set already.
    @inline(__always)
    mutating func set(column: Int, leftBin: Int, missingLeft: Bool) {
        (self.column, self.leftBin, self.missingLeft) = (column, leftBin, missingLeft)
        if leftSet != nil { leftSet = nil }
    }
}

/// Sums of one bin or side: target relative to the node's mean times weight, and weight.
typealias TermSums = SIMD2<Double>

extension BinSet {
    /// The listed bins.
    init(_ bins: UnsafePointer<Int32>, count: Int) {
        self.init()
        for k in 0..<count { insert(Int(bins[k])) }
    }
}
