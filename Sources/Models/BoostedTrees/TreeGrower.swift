import MaterialsCore

/// Limits of one tree.
struct TreeShape: Sendable {
    var leaves: Int
    /// 0: no limit.
    var maxDepth: Int
}

/// Grows one tree leaf by leaf: the leaf whose best split gains most is split next.
///
/// - Numerics: histograms are integers, candidates are compared in column order: the tree does not depend on the threads.
/// - Cost: rows of the smaller child × features per split (the larger child's histogram is parent - smaller), and
///   256 × 8 bytes a feature and leaf, up to 1 GiB.
/// - Source: G. Ke et al., LightGBM, NIPS 2017
final class TreeGrower {
    /// A leaf while the tree grows: a range of `rows`.
    struct Leaf {
        var start: Int
        var count: Int
        var word: Int64
        var depth: Int
        var histogram: LeafHistogram?
        var best = Split()
        /// Node that it hangs on, and which side; -1 for the root.
        var parent = -1
        var isLeft = true
    }

    private let matrix: BinnedMatrix
    private let shape: TreeShape
    private let rules: SplitRules
    private let threads: Int
    /// Leaves that may keep their histogram; the others' children are counted from their rows.
    private let mostHistograms: Int
    /// Rows in the order of the leaves.
    let rows: SharedBuffer<Int32>
    private let moved: SharedBuffer<Int32>
    private let words: SharedBuffer<Int64>
    private let found: SharedBuffer<Split>
    private var spare: [LeafHistogram] = []
    private var columnMask: [Bool] = []
    private var gradients: PackedGradients
    private(set) var leaves: [Leaf] = []
    private var tree = GrownTree()

    init(matrix: BinnedMatrix, gradients: PackedGradients, shape: TreeShape, rules: SplitRules, threads: Int) {
        (self.matrix, self.gradients, self.shape, self.rules, self.threads) = (matrix, gradients, shape, rules, threads)
        let histogramBytes = max(Self.histogramLength(matrix) * MemoryLayout<Int64>.stride, 1)
        mostHistograms = max(2, Self.histogramBudget / histogramBytes)
        rows = SharedBuffer(count: matrix.rows, repeating: 0)
        moved = SharedBuffer(count: matrix.rows, repeating: 0)
        words = SharedBuffer(count: matrix.rows, repeating: 0)
        found = SharedBuffer(count: max(matrix.blockCount, 1) * 2, repeating: Split())
    }

    /// Grows a tree on some rows, ascending; leaf values are left to the caller.
    /// - Parameter columnMask: columns of the binned matrix that may be split.
    func grow(on chosen: [Int32], gradients: PackedGradients, columnMask: [Bool]) -> GrownTree {
        (self.gradients, self.columnMask) = (gradients, columnMask)
        tree = GrownTree()
        var word: Int64 = 0
        for (i, row) in chosen.enumerated() {
            rows.pointer[i] = row
            word &+= gradients.words.pointer[Int(row)]
        }
        for leaf in leaves { release(leaf.histogram) }
        leaves = [Leaf(start: 0, count: chosen.count, word: word, depth: 0)]
        if isSplittable(leaves[0]) {
            leaves[0].histogram = takeHistogram()
            evaluate(filling: 0, subtractingFrom: nil)
        }
        while leaves.count < shape.leaves, let next = mostGain() { split(next) }
        return tree
    }

    private func isSplittable(_ leaf: Leaf) -> Bool {
        Double(leaf.count) >= 2 * rules.fewestRows && leaf.count >= 2 && (shape.maxDepth == 0 || leaf.depth < shape.maxDepth)
    }

    private func mostGain() -> Int? {
        var best: Int?
        for i in leaves.indices where leaves[i].best.column >= 0 && leaves[i].best.gain > (best.map { leaves[$0].best.gain } ?? 0) {
            best = i
        }
        return best
    }

    /// Bytes of histograms that are kept at a time; enough for 31 leaves of 16,000 features.
    private static let histogramBudget = 1 << 30

    private static func histogramLength(_ matrix: BinnedMatrix) -> Int {
        matrix.blockCount * BinnedMatrix.blockWidth * HistogramKernel.bins
    }

    private func takeHistogram() -> LeafHistogram {
        spare.popLast() ?? LeafHistogram(count: Self.histogramLength(matrix), repeating: 0)
    }

    private func release(_ histogram: LeafHistogram?) {
        if let histogram { spare.append(histogram) }
    }

    // MARK: Splitting

    private func split(_ index: Int) {
        let leaf = leaves[index]
        let node = makeNode(leaf.best)
        let leftCount = partition(leaf, node)
        let nodeIndex = tree.nodes.count
        tree.nodes.append(node)
        if leaf.parent >= 0 {
            if leaf.isLeft { tree.nodes[leaf.parent].left = Int32(nodeIndex) } else { tree.nodes[leaf.parent].right = Int32(nodeIndex) }
        }
        tree.nodes[nodeIndex].left = ~Int32(index)
        tree.nodes[nodeIndex].right = ~Int32(leaves.count)
        let (leftWord, depth) = (leaf.best.leftWord, leaf.depth + 1)
        leaves[index] = Leaf(start: leaf.start, count: leftCount, word: leftWord, depth: depth, parent: nodeIndex)
        leaves.append(
            Leaf(
                start: leaf.start + leftCount, count: leaf.count - leftCount, word: leaf.word &- leftWord, depth: depth, parent: nodeIndex,
                isLeft: false))
        prepare(index, leaves.count - 1, parentHistogram: leaf.histogram)
    }

    /// Histograms and best splits of two new leaves, where they can still be split.
    private func prepare(_ left: Int, _ right: Int, parentHistogram: LeafHistogram?) {
        let small = leaves[left].count <= leaves[right].count ? left : right
        let large = small == left ? right : left
        guard leaves.count < shape.leaves, isSplittable(leaves[large]) else { return release(parentHistogram) }
        leaves[small].histogram = takeHistogram()
        if let parentHistogram {
            leaves[large].histogram = parentHistogram
            evaluate(filling: small, subtractingFrom: large)
        } else {
            evaluate(filling: small, subtractingFrom: nil)
            keepHistogram(small)
            leaves[large].histogram = takeHistogram()
            evaluate(filling: large, subtractingFrom: nil)
        }
        keepHistogram(small)
        keepHistogram(large)
    }

    /// Gives a histogram back where it is of no use or there are too many.
    private func keepHistogram(_ leaf: Int) {
        let isOfUse = leaves[leaf].best.column >= 0
        guard !isOfUse || leaves.count(where: { $0.histogram != nil }) > mostHistograms else { return }
        release(leaves[leaf].histogram)
        leaves[leaf].histogram = nil
    }

    private func makeNode(_ split: Split) -> GrownTree.Node {
        let bins = matrix.features[split.column]
        var set = split.leftBins ?? BinSet()
        var node = GrownTree.Node(
            feature: Int32(bins.column), binnedColumn: Int32(split.column), bins: set, threshold: 0, missingLeft: split.missingLeft,
            categories: [], left: 0, right: 0)
        if let categories = bins.categories {
            node.categories = categories.indices.filter { set.contains($0) }.map { categories[$0] }
            return node
        }
        for bin in 0...split.bin { set.insert(bin) }
        if let missing = bins.missingBin {
            if split.missingLeft { set.insert(missing) }
        }
        node.bins = set
        node.threshold = split.bin < bins.limits.count ? bins.limits[split.bin] : .greatestFiniteMagnitude
        return node
    }

    /// Moves the rows of the left side before those of the right, both in their order.
    private func partition(_ leaf: Leaf, _ node: GrownTree.Node) -> Int {
        var goesLeft = [Int](repeating: 0, count: 256)
        for bin in 0..<256 where node.bins.contains(bin) { goesLeft[bin] = 1 }
        let codes = matrix.column(Int(node.binnedColumn))
        let (rows, moved) = (rows.pointer + leaf.start, moved.pointer)
        var (left, right) = (0, 0)
        goesLeft.withUnsafeBufferPointer { goesLeft in
            for i in 0..<leaf.count {
                let row = rows[i]
                let isLeft = goesLeft[Int(codes[Int(row) * BinnedMatrix.blockWidth])]
                rows[left] = row
                moved[right] = row
                left += isLeft
                right += 1 - isLeft
            }
        }
        (rows + left).update(from: moved, count: right)
        return left
    }

    // MARK: Histograms

    /// Fills the histogram of one leaf, makes its sibling's from the parent's, and searches both, block by block.
    private func evaluate(filling small: Int, subtractingFrom large: Int?) {
        let leaf = leaves[small]
        for i in leaf.start..<leaf.start + leaf.count { words.pointer[i] = gradients.words.pointer[Int(rows.pointer[i])] }
        let job = BlockJob(
            matrix: matrix, rows: rows, words: words, start: leaf.start, count: leaf.count, small: leaf.histogram!,
            large: large.flatMap { leaves[$0].histogram }, smallSearch: search(small), largeSearch: large.flatMap { search($0) },
            columnMask: columnMask, found: found)
        // Below this the wake-up of threads costs more than the work.
        let isLarge = (leaf.count + 2_000) * matrix.features.count > 200_000
        parallelLoop(matrix.blockCount, threads: isLarge ? threads : 1) { job.run(block: $0) }
        for block in 0..<matrix.blockCount {
            keepBetter(found.pointer[2 * block], small)
            if let large { keepBetter(found.pointer[2 * block + 1], large) }
        }
    }

    private func search(_ leaf: Int) -> SplitSearch? {
        guard isSplittable(leaves[leaf]) else { return nil }
        return SplitSearch(gradients: gradients, rules: rules, leaf: LeafSums(word: leaves[leaf].word, rows: leaves[leaf].count))
    }

    private func keepBetter(_ split: Split, _ leaf: Int) {
        if split.column >= 0, split.gain > leaves[leaf].best.gain { leaves[leaf].best = split }
    }
}

/// The work on one block of 16 columns for two sibling leaves.
private struct BlockJob: Sendable {
    let matrix: BinnedMatrix
    let rows: SharedBuffer<Int32>
    let words: SharedBuffer<Int64>
    let start: Int
    let count: Int
    let small: LeafHistogram
    let large: LeafHistogram?
    let smallSearch: SplitSearch?
    let largeSearch: SplitSearch?
    let columnMask: [Bool]
    let found: SharedBuffer<Split>

    func run(block: Int) {
        let first = block * BinnedMatrix.blockWidth
        let columns = first..<min(first + BinnedMatrix.blockWidth, matrix.features.count)
        found.pointer[2 * block] = Split()
        found.pointer[2 * block + 1] = Split()
        guard columns.contains(where: { columnMask[$0] }) else { return }
        let offset = first * HistogramKernel.bins
        let codes = matrix.column(first)
        let leaf = LeafRows(rows: rows.pointer + start, words: words.pointer + start, count: count)
        HistogramKernel.fill(small.pointer + offset, block: codes, features: columns.count, leaf: leaf)
        if let large { HistogramKernel.subtract(small.pointer + offset, from: large.pointer + offset) }
        found.pointer[2 * block] = best(smallSearch, small, columns)
        if let large { found.pointer[2 * block + 1] = best(largeSearch, large, columns) }
    }

    private func best(_ search: SplitSearch?, _ histogram: LeafHistogram, _ columns: Range<Int>) -> Split {
        var best = Split()
        guard let search else { return best }
        for column in columns where columnMask[column] {
            search.search(histogram.pointer + column * HistogramKernel.bins, matrix.features[column], column: column, best: &best)
        }
        return best
    }
}
