import MaterialsCore

/// Splits of more than two classes by the Gini impurity they take away:
///
///     gain = Σ_c L_c² / W_left + Σ_c R_c² / W_right - Σ_c T_c² / W,   L, R, T: weights of class c on the sides and in the node
///
/// - Numerics: sums in row order of the node; among equal gains the first column and cut win.
/// - Cost:     classes of the node × occupied bins a column.
/// - Source: L. Breiman, Machine Learning 45, 5 (2001), doi:10.1023/A:1010933404324
final class ClassTerms: NodeTerms {
    private let targets: ForestTargets
    private let choice: CutChoice
    private let leastWeight: Double
    private let rowClass: SharedBuffer<Int32>
    private let rowWeight: SharedBuffer<Double>
    private let histogram: SharedBuffer<Double>
    private let occupied = OccupiedBins()
    private let bins: SharedBuffer<Int32>
    /// Of the listed bins: weights of the node's classes.
    private let sums: SharedBuffer<Double>
    private let left: SharedBuffer<Double>
    /// Sums of all bins that are not missing.
    private let knownSums: SharedBuffer<Double>
    /// Number of a class within the node; -1 where it has none.
    private var local: [Int32]
    private var present: [Int32] = []
    private var totals: [Double] = []

    private(set) var weight = 0.0
    var isPure: Bool { present.count <= 1 }

    init(_ targets: ForestTargets, columns: ForestColumns, choice: CutChoice, leastWeight: Double) {
        (self.targets, self.choice, self.leastWeight) = (targets, choice, leastWeight)
        let (classes, binCount) = (targets.classCount, columns.largestBinCount)
        rowClass = SharedBuffer(count: columns.rows, repeating: 0)
        rowWeight = SharedBuffer(count: columns.rows, repeating: 0)
        histogram = SharedBuffer(count: binCount * classes, repeating: 0)
        bins = SharedBuffer(count: binCount, repeating: 0)
        sums = SharedBuffer(count: binCount * classes, repeating: 0)
        left = SharedBuffer(count: classes, repeating: 0)
        knownSums = SharedBuffer(count: classes, repeating: 0)
        local = [Int32](repeating: -1, count: classes)
    }

    func prepare(_ node: NodeRows) {
        for code in present { local[Int(code)] = -1 }
        present.removeAll(keepingCapacity: true)
        totals.removeAll(keepingCapacity: true)
        weight = 0
        for i in 0..<node.count {
            let row = Int(node.rows[i])
            let (code, w) = (Int(targets.codes[row]), node.weights[row])
            if local[code] < 0 {
                local[code] = Int32(present.count)
                present.append(Int32(code))
                totals.append(0)
            }
            totals[Int(local[code])] += w
            weight += w
            (rowClass.pointer[i], rowWeight.pointer[i]) = (local[code], w)
        }
    }

    var leaf: LeafValues {
        var shares = [Double](repeating: 0, count: targets.classCount)
        for (code, total) in zip(present, totals) { shares[Int(code)] = total / weight }
        return LeafValues(shares, weight: weight)
    }

    /// The gain without its constant last term is at most the weight.
    func isPerfect(_ split: NodeSplit) -> Bool {
        split.column >= 0 && split.numerator >= (1 - 1e-12) * weight * split.denominator
    }

    // MARK: Search

    func search(_ chosen: UnsafeBufferPointer<Int32>, _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit) {
        for index in chosen {
            search(Int(index), node, random: &random, best: &best)
            if isPerfect(best) { return }
        }
    }

    private func search(_ index: Int, _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit) {
        let column = node.columns.shapes.pointer[index]
        let (h, classes) = (histogram.pointer, totals.count)
        var occupied = occupied
        for i in 0..<node.count {
            let code = node.codes(i)[index]
            h[Int(code) &* classes &+ Int(rowClass.pointer[i])] += rowWeight.pointer[i]
            occupied.insert(code)
        }
        let (bins, sums) = (bins.pointer, sums.pointer)
        var count = 0
        occupied.drain { bin in
            bins[count] = Int32(truncatingIfNeeded: bin)
            for c in 0..<classes {
                sums[count &* classes &+ c] = h[bin &* classes &+ c]
                h[bin &* classes &+ c] = 0
            }
            count &+= 1
        }
        guard count > 1 else { return }
        let hasMissing = bins[count - 1] == column.missingBin
        let known = hasMissing ? count - 1 : count
        if column.isCategorical {
            sortByShare(known)
            for c in 0..<classes { knownSums.pointer[c] = (0..<known).reduce(0.0) { $0 + sums[$1 * classes + c] } }
        }
        let first = choice == .best ? 0 : node.columns.columns[index].randomCut(bins, known: known, random: &random)
        let last = max(first, choice == .best ? known - 1 : min(first + 1, known - 1))
        scan(column, index, through: known, tried: first..<last, start: nil, tryAll: hasMissing, best: &best)
        if hasMissing, !column.isCategorical {
            scan(column, index, through: last, tried: first..<last, start: known, tryAll: false, best: &best)
        }
    }

    /// Adds the listed bins to the left side one after the other and tries the cuts of a range behind them.
    /// - Parameters:
    ///   - start: listed bin that stands on the left from the start.
    ///   - tryAll: tries the cut behind the last bin too.
    private func scan(
        _ column: ForestColumns.Shape, _ index: Int, through end: Int, tried: Range<Int>, start: Int?, tryAll: Bool,
        best: inout NodeSplit
    ) {
        let classes = totals.count
        for c in 0..<classes { left.pointer[c] = start.map { sums.pointer[$0 * classes + c] } ?? 0 }
        for k in 0..<end {
            for c in 0..<classes { left.pointer[c] += sums.pointer[k &* classes &+ c] }
            guard tried.contains(k) || (tryAll && k == end - 1) else { continue }
            // The lighter categories become the set that goes left, the heavier ones are for unseen codes too.
            let isFirst = !column.isCategorical || k == end - 1 || 2 * sum(left.pointer) <= weight
            var (leftWeight, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
            for c in 0..<classes {
                let l = isFirst ? left.pointer[c] : knownSums.pointer[c] - left.pointer[c]
                let r = totals[c] - l
                leftWeight += l
                leftSquares += l * l
                rightSquares += r * r
            }
            let rightWeight = weight - leftWeight
            let numerator = leftSquares * rightWeight + rightSquares * leftWeight
            guard best.isBeaten(by: numerator, leftWeight * rightWeight), min(leftWeight, rightWeight) >= max(leastWeight, 1e-12 * weight)
            else { continue }
            let set = isFirst ? bins.pointer..<bins.pointer + k + 1 : bins.pointer + k + 1..<bins.pointer + end
            best = NodeSplit(
                column: index, leftBin: Int(bins.pointer[k]), missingLeft: start != nil,
                leftSet: column.isCategorical ? BinSet(set.lowerBound, count: set.count) : nil, numerator: numerator,
                denominator: leftWeight * rightWeight)
        }
    }

    private func sum(_ ofClasses: UnsafePointer<Double>) -> Double {
        var sum = 0.0
        for c in totals.indices { sum += ofClasses[c] }
        return sum
    }

    /// Categories in the order of the share of the node's commonest class.
    private func sortByShare(_ count: Int) {
        let classes = totals.count
        let common = totals.indices.max { totals[$0] < totals[$1] } ?? 0
        let listed = (0..<count).map { k in
            let own = Array(UnsafeBufferPointer(start: sums.pointer + k * classes, count: classes))
            return (share: own[common] / own.reduce(0, +), bin: bins.pointer[k], sums: own)
        }
        for (k, entry) in listed.sorted(by: { ($0.share, $0.bin) < ($1.share, $1.bin) }).enumerated() {
            bins.pointer[k] = entry.bin
            for c in 0..<classes { sums.pointer[k * classes + c] = entry.sums[c] }
        }
    }
}
