import MaterialsCore

/// Splits of numbers (and of two classes as 0 and 1) by the variance they take away:
///
///     gain = S_left² · W / (W_left · W_right),   S: sums of weight × (target - mean of the node)
///
/// - Numerics: sums in row order of the node; among equal gains the first column and cut win.
/// - Source: L. Breiman, Machine Learning 45, 5 (2001), doi:10.1023/A:1010933404324
final class NumberTerms: NodeTerms {
    /// Columns whose histograms are filled in one pass over the rows.
    private static let together = 4
    /// In nodes of up to so many rows the search ends where no parting of the targets could be better.
    private static let mostRowsWithBound = 16

    private let targets: ForestTargets
    private let choice: CutChoice
    private let leastWeight: Double
    private let terms: SharedBuffer<TermSums>
    private let binCount: Int
    private let histograms: SharedBuffer<TermSums>
    private let occupied = OccupiedBins()
    private let codes: SharedBuffer<UInt16>
    private let bins: SharedBuffer<Int32>
    private let sums: SharedBuffer<TermSums>

    private(set) var weight = 0.0
    private(set) var isPure = false
    private var mean = 0.0
    private var squares = 0.0
    /// No split gains more.
    private var largestGain = 0.0

    init(_ targets: ForestTargets, columns: ForestColumns, choice: CutChoice, leastWeight: Double) {
        (self.targets, self.choice, self.leastWeight) = (targets, choice, leastWeight)
        terms = SharedBuffer(count: columns.rows, repeating: .zero)
        codes = SharedBuffer(count: columns.rows, repeating: 0)
        binCount = columns.largestBinCount
        histograms = SharedBuffer(count: Self.together * binCount, repeating: .zero)
        bins = SharedBuffer(count: binCount + 1, repeating: 0)
        sums = SharedBuffer(count: max(binCount, Self.mostRowsWithBound) + 1, repeating: .zero)
    }

    func prepare(_ node: NodeRows) {
        targets.values.withUnsafeBufferPointer { values in
            var (sum, weight) = (0.0, 0.0)
            var (low, high) = (Double.infinity, -Double.infinity)
            for i in 0..<node.count {
                let row = Int(node.rows[i])
                let (value, w) = (values[row], node.weights[row])
                sum += w * value
                weight += w
                low = value < low ? value : low
                high = value > high ? value : high
            }
            (self.weight, isPure) = (weight, low == high)
            mean = isPure ? low : sum / weight
            squares = 0
            guard !isPure else { return }
            for i in 0..<node.count {
                let row = Int(node.rows[i])
                let (distance, w) = (values[row] - mean, node.weights[row])
                squares += w * distance * distance
                terms.pointer[i] = TermSums(w * distance, w)
            }
        }
        if !isPure { largestGain = node.count <= Self.mostRowsWithBound ? gainOfBestParting(node.count) : squares }
    }

    /// The gain of the best parting of all: some cut of the rows in the order of their targets (W. D. Fisher, JASA 53, 789 (1958)).
    private func gainOfBestParting(_ count: Int) -> Double {
        let sorted = sums.pointer
        for i in 0..<count {
            let term = terms.pointer[i]
            let mean = term.x / term.y
            var k = i
            while k > 0 && sorted[k - 1].x / sorted[k - 1].y > mean {
                sorted[k] = sorted[k - 1]
                k -= 1
            }
            sorted[k] = term
        }
        var (best, left) = (0.0, TermSums.zero)
        for k in 0..<count - 1 {
            left += sorted[k]
            best = max(best, left.x * left.x * weight / (left.y * (weight - left.y)))
        }
        return best
    }

    var leaf: LeafValues { LeafValues([mean], weight: weight) }

    func isPerfect(_ split: NodeSplit) -> Bool {
        split.column >= 0 && split.numerator * weight >= (1 - 1e-12) * largestGain * split.denominator
    }

    // MARK: Search

    func search(_ chosen: UnsafeBufferPointer<Int32>, _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit) {
        var waiting: (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        var count = 0
        for index in chosen {
            let column = node.columns.shapes.pointer[Int(index)]
            // A column with many bins for the rows: occupied ones are noted, else all are looked at.
            guard Int(column.binCount) <= node.count else {
                searchFew(Int(index), column, node, random: &random, best: &best)
                if isPerfect(best) { return }
                continue
            }
            waiting = (waiting.1, waiting.2, waiting.3, index)
            count += 1
            if count == Self.together {
                searchFour(waiting, node, random: &random, best: &best)
                count = 0
            }
        }
        let rest = [waiting.0, waiting.1, waiting.2, waiting.3].suffix(count)
        for index in rest { searchFew(Int(index), node.columns.shapes.pointer[Int(index)], node, random: &random, best: &best) }
    }

    /// Four columns at a time, so that no addition waits for the one before.
    private func searchFour(
        _ chosen: (Int32, Int32, Int32, Int32), _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit
    ) {
        let (h, terms, binCount) = (histograms.pointer, terms.pointer, binCount)
        let (a, b, c, d) = (Int(chosen.0), Int(chosen.1), Int(chosen.2), Int(chosen.3))
        let (hb, hc, hd) = (h + binCount, h + 2 * binCount, h + 3 * binCount)
        for i in 0..<node.count {
            let (codes, term) = (node.codes(i), terms[i])
            h[Int(codes[a])] += term
            hb[Int(codes[b])] += term
            hc[Int(codes[c])] += term
            hd[Int(codes[d])] += term
        }
        for (histogram, index) in [(h, a), (hb, b), (hc, c), (hd, d)] {
            let column = node.columns.shapes.pointer[index]
            let (bins, sums) = (bins.pointer, sums.pointer)
            var count = 0
            for bin in 0..<Int(column.binCount) {
                let term = histogram[bin]
                histogram[bin] = .zero
                (bins[count], sums[count]) = (Int32(truncatingIfNeeded: bin), term)
                count &+= term.y != 0 ? 1 : 0
            }
            cut(index, column, node, occupied: count, random: &random, best: &best)
        }
    }

    private func searchFew(
        _ index: Int, _ column: ForestColumns.Shape, _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit
    ) {
        let (h, terms) = (histograms.pointer, terms.pointer)
        let codes = codes.pointer
        var differences: UInt16 = 0
        let first = node.codes(0)[index]
        for i in 0..<node.count {
            let code = node.codes(i)[index]
            codes[i] = code
            differences |= code ^ first
        }
        guard differences != 0 else { return }
        var occupied = occupied
        for i in 0..<node.count {
            h[Int(codes[i])] += terms[i]
            occupied.insert(codes[i])
        }
        let (bins, sums) = (bins.pointer, sums.pointer)
        var count = 0
        occupied.drain { bin in
            (bins[count], sums[count]) = (Int32(truncatingIfNeeded: bin), h[bin])
            h[bin] = .zero
            count &+= 1
        }
        cut(index, column, node, occupied: count, random: &random, best: &best)
    }

    /// The cuts of one column whose occupied bins and sums are listed.
    private func cut(
        _ index: Int, _ column: ForestColumns.Shape, _ node: NodeRows, occupied: Int, random: inout SplitMix64, best: inout NodeSplit
    ) {
        guard occupied > 1 else { return }
        var known = occupied
        var missing = TermSums.zero
        if bins.pointer[occupied - 1] == column.missingBin {
            known -= 1
            missing = sums.pointer[known]
        }
        if column.isCategorical { sortByMean(known) }
        let first = choice == .best ? 0 : node.columns.columns[index].randomCut(bins.pointer, known: known, random: &random)
        let range = first..<max(first, choice == .best ? known - 1 : min(first + 1, known - 1))
        guard !column.isCategorical else { return cutCategories(index, range, known: known, best: &best) }
        scan(range, start: .zero, CutPlace(column: index, missingLeft: false), best: &best)
        guard missing.y > 0 else { return }
        let all = TermSums(-missing.x, weight - missing.y)
        take(NodeSplit(column: index, leftBin: Int(bins.pointer[known - 1])), left: all, best: &best)
        scan(range, start: missing, CutPlace(column: index, missingLeft: true), best: &best)
    }

    /// Where cuts are tried.
    private struct CutPlace {
        var column: Int
        var missingLeft: Bool
    }

    /// Tries the cuts behind the listed bins of a range.
    private func scan(_ range: Range<Int>, start: TermSums, _ place: CutPlace, best: inout NodeSplit) {
        var left = start
        let sums = sums.pointer
        for k in 0..<range.lowerBound { left += sums[k] }
        for k in range {
            left += sums[k]
            guard best.isBeaten(by: left.x * left.x, left.y * (weight - left.y)) else { continue }
            take(
                NodeSplit(column: place.column, leftBin: Int(bins.pointer[k]), missingLeft: place.missingLeft), left: left, best: &best)
        }
    }

    /// Tries cuts of the listed categories; the lighter side becomes the set that goes left, the heavier one is for unseen codes too.
    private func cutCategories(_ index: Int, _ range: Range<Int>, known: Int, best: inout NodeSplit) {
        var (left, all) = (TermSums.zero, TermSums.zero)
        for k in 0..<known { all += sums.pointer[k] }
        for k in 0..<range.lowerBound { left += sums.pointer[k] }
        for k in range {
            left += sums.pointer[k]
            let isFirst = 2 * left.y <= weight
            let set = isFirst ? BinSet(bins.pointer, count: k + 1) : BinSet(bins.pointer + k + 1, count: known - k - 1)
            take(NodeSplit(column: index, leftSet: set), left: isFirst ? left : all - left, best: &best)
        }
        take(NodeSplit(column: index, leftSet: BinSet(bins.pointer, count: known)), left: all, best: &best)
    }

    private func take(_ split: NodeSplit, left: TermSums, best: inout NodeSplit) {
        let (numerator, denominator) = (left.x * left.x, left.y * (weight - left.y))
        // A side that only rounding left over is no side.
        let least = max(leastWeight, 1e-12 * weight)
        guard left.y >= least, weight - left.y >= least, best.isBeaten(by: numerator, denominator) else { return }
        best = split
        (best.numerator, best.denominator) = (numerator, denominator)
    }

    /// Categories in the order of their means: the best partition is a cut of it (W. D. Fisher, JASA 53, 789 (1958)).
    private func sortByMean(_ count: Int) {
        let listed = (0..<count).map { (mean: sums.pointer[$0].x / sums.pointer[$0].y, bin: bins.pointer[$0], sums: sums.pointer[$0]) }
        for (k, entry) in listed.sorted(by: { ($0.mean, $0.bin) < ($1.mean, $1.bin) }).enumerated() {
            (bins.pointer[k], sums.pointer[k]) = (entry.bin, entry.sums)
        }
    }
}
