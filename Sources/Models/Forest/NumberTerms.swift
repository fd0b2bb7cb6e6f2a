import CKernels
import MaterialsCore

/// Splits of numbers (and of two classes as 0 and 1) by the variance they take away:
///
///     gain = S_left² · W / (W_left · W_right),   S: sums of weight × (target - mean of the node)
///
/// - Numerics: sums in row order of the node; among equal gains the first column and cut win.
/// - Source: L. Breiman, Machine Learning 45, 5 (2001), doi:10.1023/A:1010933404324
final class NumberTerms: NodeTerms {
    /// Columns whose codes are gathered in one pass over the rows.
    private static let together = 8
    /// In nodes of up to so many rows the search ends where no parting of the targets could be better.
    private static let mostRowsWithBound = 16
    /// Nodes of so many rows find the occupied bins without branches.
    private static let fewestRowsWithRanks = 9

    private let targets: ForestTargets
    private let choice: CutChoice
    private let leastWeight: Double
    private let terms: SharedBuffer<TermSums>
    private let histogram: SharedBuffer<TermSums>
    private let occupied = OccupiedBins()
    private let codes: SharedBuffer<UInt16>
    /// Occupied bins and their sums of the gathered columns, and of one more.
    private let lists: BinLists
    /// Of the column that is cut now.
    private var bins: UnsafeMutablePointer<Int32>
    private var sums: UnsafeMutablePointer<TermSums>
    private let wide: WideCuts?
    private let narrow: NarrowSums?
    /// Chosen columns whose codes are gathered.
    private let gathered: SharedBuffer<Int32>

    private(set) var weight = 0.0
    private(set) var isPure = false
    private var mean = 0.0
    private var squares = 0.0
    /// No split gains more.
    private var largestGain = 0.0

    init(_ targets: ForestTargets, columns: ForestColumns, choice: CutChoice, leastWeight: Double) {
        (self.targets, self.choice, self.leastWeight) = (targets, choice, leastWeight)
        terms = SharedBuffer(count: columns.rows, repeating: .zero)
        codes = SharedBuffer(count: Self.together * columns.rows, repeating: 0)
        let binCount = columns.largestBinCount
        histogram = SharedBuffer(count: binCount, repeating: .zero)
        lists = BinLists(columns, count: Self.together, room: max(binCount, Self.mostRowsWithBound) + 1)
        (bins, sums) = lists[Self.together]
        wide = columns.wide.map { WideCuts(values: $0, width: columns.wideWidth) }
        narrow = choice == .best ? NarrowSums(columns) : nil
        gathered = SharedBuffer(count: columns.columns.count + 1, repeating: 0)
    }

    /// Random cuts of all columns are summed at once where at least one of so many is drawn.
    static let fewestPartOfColumns = 12

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
        let sorted = sums
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
        guard let wide else { return searchEach(chosen, node, random: &random, best: &best) }
        searchWide(wide, chosen, node, random: &random, best: &best)
        guard !node.columns.isPlain else { return }
        // Categories and columns with missing values come one by one.
        for place in chosen.indices where !node.columns.shapes.pointer[Int(chosen[place])].isPlain {
            searchEach(UnsafeBufferPointer(rebasing: chosen[place...place]), node, random: &random, best: &best)
        }
    }

    /// One random cut of each chosen column of numbers, all columns side by side.
    private func searchWide(
        _ wide: WideCuts, _ chosen: UnsafeBufferPointer<Int32>, _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit
    ) {
        wide.findRanges(node)
        let taken = node.count == 2 ? firstCut(wide, chosen, &random) : bestCut(wide, chosen, node, &random, best)
        guard taken >= 0 else { return }
        if node.count == 2 { terms.pointer.withMemoryRebound(to: Double.self, capacity: 4) { wide.sum(node, terms: $0, column: taken) } }
        let bin = node.columns.lastBin(node.columns.shapes.pointer[taken], from: 0, atMost: wide.cuts[taken])
        take(NodeSplit(column: taken, leftBin: bin), left: TermSums(wide.sums[taken], wide.weights[taken]), best: &best)
    }

    /// Of two rows every cut that parts them is the best.
    private func firstCut(_ wide: WideCuts, _ chosen: UnsafeBufferPointer<Int32>, _ random: inout SplitMix64) -> Int {
        for c in chosen where wide.varies(Int(c)) {
            wide.draw(Int(c), &random)
            return Int(c)
        }
        return -1
    }

    /// The chosen column whose random cut gains most, and more than `best`; -1 for none.
    private func bestCut(
        _ wide: WideCuts, _ chosen: UnsafeBufferPointer<Int32>, _ node: NodeRows, _ random: inout SplitMix64, _ best: NodeSplit
    ) -> Int {
        for c in chosen { wide.draw(Int(c), &random) }
        terms.pointer.withMemoryRebound(to: Double.self, capacity: 2 * node.count) { wide.sum(node, terms: $0) }
        var (numerator, denominator) = (best.numerator, best.denominator)
        return wide.bestCut(chosen, weight: weight, least: max(leastWeight, 1e-12 * weight), &numerator, &denominator)
    }

    private func searchEach(_ chosen: UnsafeBufferPointer<Int32>, _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit) {
        let narrow = node.count >= NarrowSums.fewestRows ? narrow : nil
        narrow?.add(chosen, node, terms: terms.pointer)
        defer { narrow?.clear() }
        let waiting = listWide(chosen, narrow, rows: node.count)
        let isRanked = choice == .best && node.count >= Self.fewestRowsWithRanks
        var next = 0
        for column in chosen {
            let index = Int(column)
            let shape = node.columns.shapes.pointer[index]
            if let narrow, narrow.holds(index, rows: node.count) {
                if shape.isPlain {
                    scanAll(index, narrow.bins(index), binCount: Int(shape.binCount), best: &best)
                } else {
                    let occupied = listBins(Int(shape.binCount), narrow.bins(index))
                    cut(index, shape, node, occupied: occupied, random: &random, best: &best)
                }
            } else {
                let place = next % Self.together
                if place == 0 {
                    let (group, count) = (waiting.baseAddress! + next, min(Self.together, waiting.count - next))
                    gather(group, count, node)
                    if isRanked { lists.fill(codes.pointer, group, count: count, rows: node.count, terms: terms.pointer) }
                }
                next += 1
                let codes = UnsafePointer(codes.pointer + place * node.count)
                if isRanked {
                    (bins, sums) = lists[place]
                    cut(index, shape, node, occupied: lists.occupied(place), random: &random, best: &best)
                    (bins, sums) = lists[Self.together]
                } else if choice == .random, !shape.isCategorical, shape.missingBin < 0 {
                    searchRandom(index, shape, node, codes, random: &random, best: &best)
                } else {
                    searchBins(index, shape, node, codes, random: &random, best: &best)
                }
            }
            if isPerfect(best) { return }
        }
    }

    /// The chosen columns whose sums are not there yet.
    private func listWide(_ chosen: UnsafeBufferPointer<Int32>, _ narrow: NarrowSums?, rows: Int) -> UnsafeBufferPointer<Int32> {
        guard let narrow else { return chosen }
        var count = 0
        for column in chosen {
            gathered.pointer[count] = column
            count &+= narrow.holds(Int(column), rows: rows) ? 0 : 1
        }
        return UnsafeBufferPointer(start: gathered.pointer, count: count)
    }

    /// Lists all bins of a column that hold rows.
    private func listBins(_ binCount: Int, _ own: UnsafePointer<TermSums>) -> Int {
        let (bins, sums) = (bins, sums)
        var count = 0
        for bin in 0..<binCount {
            let term = own[bin]
            (bins[count], sums[count]) = (Int32(truncatingIfNeeded: bin), term)
            // Bits: a comparison of numbers would branch.
            count &+= term.y.bitPattern != 0 ? 1 : 0
        }
        return count
    }

    /// Codes of some columns side by side: a row's codes share cache lines.
    private func gather(_ chosen: UnsafePointer<Int32>, _ group: Int, _ node: NodeRows) {
        let (codes, count) = (codes.pointer, node.count)
        for i in 0..<count {
            let row = node.codes(i)
            for g in 0..<group { codes[g &* count &+ i] = row[Int(chosen[g])] }
        }
    }

    /// One random cut of numbers without missing values: needs no sums of single bins.
    private func searchRandom(
        _ index: Int, _ column: ForestColumns.Shape, _ node: NodeRows, _ codes: UnsafePointer<UInt16>, random: inout SplitMix64,
        best: inout NodeSplit
    ) {
        let terms = terms.pointer
        var (first, last) = (UInt16.max, UInt16.min)
        for i in 0..<node.count {
            first = min(first, codes[i])
            last = max(last, codes[i])
        }
        guard first < last else { return }
        let cut = node.columns.randomBin(column, from: Int(first), to: Int(last), random: &random)
        var left = TermSums.zero
        var highestLeft = first
        for i in 0..<node.count {
            // All ones on the left: a cut at random is badly predicted.
            let mask = (Int(codes[i]) &- cut &- 1) >> 63
            left += terms[i] * Double(mask & 1)
            highestLeft = max(highestLeft, codes[i] & UInt16(truncatingIfNeeded: mask))
        }
        take(NodeSplit(column: index, leftBin: Int(highestLeft)), left: left, best: &best)
    }

    /// Cuts from the sums of the occupied bins.
    private func searchBins(
        _ index: Int, _ column: ForestColumns.Shape, _ node: NodeRows, _ codes: UnsafePointer<UInt16>, random: inout SplitMix64,
        best: inout NodeSplit
    ) {
        let (h, terms, bins, sums) = (histogram.pointer, terms.pointer, bins, sums)
        var count = 0
        // With many rows for its bins all are looked at, else the occupied ones are noted.
        if Int(column.binCount) <= node.count {
            for i in 0..<node.count { h[Int(codes[i])] += terms[i] }
            count = listBins(Int(column.binCount), h)
            h.update(repeating: .zero, count: Int(column.binCount))
        } else {
            var occupied = occupied
            for i in 0..<node.count {
                h[Int(codes[i])] += terms[i]
                occupied.insert(codes[i])
            }
            occupied.drain { bin in
                (bins[count], sums[count]) = (Int32(truncatingIfNeeded: bin), h[bin])
                h[bin] = .zero
                count &+= 1
            }
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
        if bins[occupied - 1] == column.missingBin {
            known -= 1
            missing = sums[known]
        }
        if column.isCategorical { sortByMean(known) }
        let first = choice == .best ? 0 : node.columns.randomCut(column, bins, known: known, random: &random)
        let range = first..<max(first, choice == .best ? known - 1 : min(first + 1, known - 1))
        guard !column.isCategorical else { return cutCategories(index, range, known: known, best: &best) }
        scan(range, start: .zero, CutPlace(column: index, missingLeft: false), best: &best)
        guard missing.y > 0 else { return }
        let all = TermSums(-missing.x, weight - missing.y)
        take(NodeSplit(column: index, leftBin: Int(bins[known - 1])), left: all, best: &best)
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
        for k in 0..<range.lowerBound { left += sums[k] }
        let cut = bestCut(sums + range.lowerBound, range.count, start: left, best: &best)
        guard cut >= 0 else { return }
        best.set(column: place.column, leftBin: Int(bins[range.lowerBound + cut]), missingLeft: place.missingLeft)
    }

    /// Tries the cuts behind all bins of a column of numbers without missing values; behind an empty one no cut is better.
    private func scanAll(_ index: Int, _ own: UnsafePointer<TermSums>, binCount: Int, best: inout NodeSplit) {
        let cut = bestCut(own, binCount - 1, start: .zero, best: &best)
        if cut >= 0 { best.set(column: index, leftBin: cut, missingLeft: false) }
    }

    /// The best cut behind some bins, if it is better than the best so far; else -1.
    private func bestCut(_ own: UnsafePointer<TermSums>, _ count: Int, start: TermSums, best: inout NodeSplit) -> Int {
        own.withMemoryRebound(to: Double.self, capacity: 2 * count) {
            // A side that only rounding left over is no side.
            matsieve_best_cut($0, count, start.x, start.y, weight, max(leastWeight, 1e-12 * weight), &best.numerator, &best.denominator)
        }
    }

    /// Tries cuts of the listed categories; the lighter side becomes the set that goes left, the heavier one is for unseen codes too.
    private func cutCategories(_ index: Int, _ range: Range<Int>, known: Int, best: inout NodeSplit) {
        var (left, all) = (TermSums.zero, TermSums.zero)
        for k in 0..<known { all += sums[k] }
        for k in 0..<range.lowerBound { left += sums[k] }
        for k in range {
            left += sums[k]
            let isFirst = 2 * left.y <= weight
            let set = isFirst ? BinSet(bins, count: k + 1) : BinSet(bins + k + 1, count: known - k - 1)
            take(NodeSplit(column: index, leftSet: set), left: isFirst ? left : all - left, best: &best)
        }
        take(NodeSplit(column: index, leftSet: BinSet(bins, count: known)), left: all, best: &best)
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
        let listed = (0..<count).map { (mean: sums[$0].x / sums[$0].y, bin: bins[$0], sums: sums[$0]) }
        for (k, entry) in listed.sorted(by: { ($0.mean, $0.bin) < ($1.mean, $1.bin) }).enumerated() {
            (bins[k], sums[k]) = (entry.bin, entry.sums)
        }
    }
}
