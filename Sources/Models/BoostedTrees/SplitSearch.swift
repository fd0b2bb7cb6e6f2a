/// What a split must satisfy.
struct SplitRules: Sendable {
    var fewestRows: Double
    var l2: Double
    var leastGain: Double
    /// Least hessian of a leaf; keeps leaf values of a logistic fit finite.
    var leastHessian = 1e-3
}

/// Sums of a leaf.
struct LeafSums: Sendable {
    var word: Int64
    /// Rows that the leaf really has.
    var rows: Int
}

/// The best split of a leaf so far.
struct Split: Sendable {
    /// Gain in units of the packed gradients: comparable within one tree only.
    var gain = 0.0
    /// Column of the binned matrix; -1 for none.
    var column = -1
    /// Numbers: last bin of the left side.
    var bin = 0
    var missingLeft = false
    /// Categories: bins of the left side.
    var leftBins: BinSet?
    var leftWord: Int64 = 0
}

/// Searches the histograms of one leaf for the split of largest gain
///
///     G_left² / (H_left + λ) + G_right² / (H_right + λ) - G² / (H + λ)
///
/// - Numerics: prefix sums are integers; among equal gains the first column and bin win.
/// - Source: T. Chen, C. Guestrin, KDD 2016, doi:10.1145/2939672.2939785, eq. 7; G. Ke et al., NIPS 2017 (LightGBM)
struct SplitSearch {
    let gradients: PackedGradients
    let rules: SplitRules
    let leaf: LeafSums
    /// l2 and least hessian in units of the packed hessians.
    let lambda: Double
    private let leastHessian: Double
    private let totalGradient: Double
    private let totalHessian: Double
    private let parentScore: Double
    let leastGainOfSplit: Double

    init(gradients: PackedGradients, rules: SplitRules, leaf: LeafSums) {
        (self.gradients, self.rules, self.leaf) = (gradients, rules, leaf)
        lambda = rules.l2 * gradients.hessianScale
        totalGradient = gradients.gradient(leaf.word)
        totalHessian = gradients.hessian(leaf.word)
        // Rows are told from hessians where these are not counts: as a share of the leaf's.
        let hessianPerRow = totalHessian / Double(max(leaf.rows, 1))
        // To the nearest row, as LightGBM counts.
        leastHessian = max((rules.fewestRows - 0.5) * hessianPerRow, rules.leastHessian * gradients.hessianScale)
        parentScore = totalGradient * totalGradient / (totalHessian + lambda)
        leastGainOfSplit = rules.leastGain * gradients.gradientScale * gradients.gradientScale / gradients.hessianScale
    }

    /// Sides of a split in doubles.
    struct Sides {
        let leftGradient, leftHessian, rightGradient, rightHessian: Double
    }

    @inline(__always)
    func sides(_ left: Int64) -> Sides {
        let (g, h) = (gradients.gradient(left), gradients.hessian(left))
        return Sides(leftGradient: g, leftHessian: h, rightGradient: totalGradient - g, rightHessian: totalHessian - h)
    }

    @inline(__always)
    func isAllowed(_ s: Sides) -> Bool { s.leftHessian >= leastHessian && s.rightHessian >= leastHessian }

    /// Gain in units of the packed gradients.
    @inline(__always)
    func gain(_ s: Sides, lambda: Double) -> Double {
        let (a, b) = (s.leftHessian + lambda, s.rightHessian + lambda)
        return (s.leftGradient * s.leftGradient * b + s.rightGradient * s.rightGradient * a) / (a * b) - parentScore
    }

    /// Looks at all splits of one column.
    func search(_ histogram: UnsafePointer<Int64>, _ bins: FeatureBins, column: Int, best: inout Split) {
        if bins.categories != nil { return searchCategories(histogram, bins, column: column, best: &best) }
        let missing = bins.missingBin.map { histogram[$0] } ?? 0
        let last = bins.missingBin == nil || missing == 0 ? bins.limits.count - 1 : bins.limits.count
        scan(histogram, through: last, start: 0, missingLeft: false, column: column, best: &best)
        if missing != 0 {
            scan(histogram, through: bins.limits.count - 1, start: missing, missingLeft: true, column: column, best: &best)
        }
    }

    private func scan(
        _ histogram: UnsafePointer<Int64>, through last: Int, start: Int64, missingLeft: Bool, column: Int, best: inout Split
    ) {
        guard last >= 0 else { return }
        var left = start
        var bestGain = max(best.gain, leastGainOfSplit)
        for bin in 0...last {
            let word = histogram[bin]
            if word == 0 { continue }
            left &+= word
            let s = sides(left)
            if s.leftHessian < leastHessian { continue }
            if s.rightHessian < leastHessian { break }
            let gain = gain(s, lambda: lambda)
            guard gain > bestGain else { continue }
            bestGain = gain
            best = Split(gain: gain, column: column, bin: bin, missingLeft: missingLeft, leftBins: nil, leftWord: left)
        }
    }
}
