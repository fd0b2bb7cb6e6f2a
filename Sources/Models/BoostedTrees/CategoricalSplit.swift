/// Limits of splits on categories, as LightGBM's defaults.
private enum CategoryRules {
    /// Fewer rows than this: the category stays on the right.
    static let fewestRows = 10.0
    /// Added to the hessian in the order of categories.
    static let smoothing = 10.0
    /// Added to l2.
    static let l2 = 10.0
    /// Most categories on the left.
    static let most = 32
    /// Up to this many categories each is tried alone.
    static let alone = 4
}

extension SplitSearch {
    /// Many against many: categories in the order of gradient / (hessian + smoothing), cut anywhere, from either end.
    ///
    /// Rare, unseen and missing categories go right.
    /// - Source: W. D. Fisher, JASA 53, 789 (1958), doi:10.1080/01621459.1958.10501479; G. Ke et al., NIPS 2017
    func searchCategories(_ histogram: UnsafePointer<Int64>, _ bins: FeatureBins, column: Int, best: inout Split) {
        let scale = gradients.hessianScale
        let hessianPerRow = gradients.hessian(leaf.word) / Double(max(leaf.rows, 1))
        let few = min(CategoryRules.fewestRows, rules.fewestRows) * hessianPerRow
        let known = (0..<bins.categories!.count).filter { gradients.hessian(histogram[$0]) >= few && histogram[$0] != 0 }
        if known.count <= CategoryRules.alone {
            for bin in known { take([bin][...], histogram, column: column, lambda: lambda, best: &best) }
            return
        }
        let order = known.map { (key: key(histogram[$0], scale), bin: $0) }.sorted { ($0.key, $0.bin) < ($1.key, $1.bin) }.map(\.bin)
        let most = min(CategoryRules.most, (order.count + 1) / 2)
        for ordered in [order, order.reversed()] {
            for count in 1...most {
                take(ordered[..<count], histogram, column: column, lambda: lambda + CategoryRules.l2 * scale, best: &best)
            }
        }
    }

    private func key(_ word: Int64, _ scale: Double) -> Double {
        gradients.gradient(word) / (gradients.hessian(word) + CategoryRules.smoothing * scale)
    }

    private func take(_ bins: ArraySlice<Int>, _ histogram: UnsafePointer<Int64>, column: Int, lambda: Double, best: inout Split) {
        var left: Int64 = 0
        for bin in bins { left &+= histogram[bin] }
        let s = sides(left)
        guard isAllowed(s) else { return }
        let gain = gain(s, lambda: lambda)
        guard gain > best.gain, gain > leastGainOfSplit else { return }
        var set = BinSet()
        for bin in bins { set.insert(bin) }
        best = Split(gain: gain, column: column, bin: 0, missingLeft: false, leftBins: set, leftWord: left)
    }
}
