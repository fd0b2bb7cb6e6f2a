import MaterialsCore

/// Grows one tree to its leaves, depth first, with some features drawn for each node.
final class ForestTreeGrower<Terms: NodeTerms> {
    private let columns: ForestColumns
    private let rules: ForestRules
    private let terms: Terms
    /// Rows in the bag in the order of the nodes.
    private let rows: SharedBuffer<Int32>
    private let moved: SharedBuffer<Int32>
    private let weights: SharedBuffer<Double>
    private let drawn: SharedBuffer<Int32>
    private var random = SplitMix64(seed: 0)

    init(_ targets: ForestTargets, columns: ForestColumns, rules: ForestRules, choice: CutChoice) {
        (self.columns, self.rules) = (columns, rules)
        terms = Terms(
            targets, columns: columns, choice: choice, leastWeight: rules.fewestRows > 1 ? Double(rules.fewestRows) * (1 - 1e-9) : 0)
        rows = SharedBuffer(count: columns.rows, repeating: 0)
        moved = SharedBuffer(count: columns.rows, repeating: 0)
        weights = SharedBuffer(count: columns.rows, repeating: 0)
        drawn = SharedBuffer(count: columns.columns.count, repeating: 0)
    }

    /// Grows a tree on the rows that weigh something.
    func grow(weights bag: [Double], seed: UInt64) -> GrownTree {
        random = SplitMix64(seed: seed)
        var count = 0
        for (row, weight) in bag.enumerated() where weight > 0 {
            rows.pointer[count] = Int32(row)
            count += 1
        }
        for row in bag.indices { weights.pointer[row] = bag[row] }
        for c in 0..<drawn.count { drawn.pointer[c] = Int32(c) }
        var growing = GrowingTree()
        var pending = [PendingNode(start: 0, count: count, depth: 0)]
        while let place = pending.popLast() {
            let node = NodeRows(columns, rows: rows.pointer + place.start, count: place.count, weights: weights.pointer)
            terms.prepare(node)
            guard mayBeSplit(place), let split = bestSplit(node) else {
                growing.addLeaf(terms.leaf, at: place)
                continue
            }
            let decision = part(place, split)
            let parent = growing.addNode(decision.node, at: place)
            let (left, depth) = (decision.leftCount, place.depth + 1)
            pending.append(
                PendingNode(start: place.start + left, count: place.count - left, depth: depth, parent: parent, isLeft: false))
            pending.append(PendingNode(start: place.start, count: left, depth: depth, parent: parent))
        }
        return growing.tree
    }

    private func mayBeSplit(_ place: PendingNode) -> Bool {
        let isHeavy = rules.fewestRows == 1 || terms.weight >= 2 * Double(rules.fewestRows) * (1 - 1e-9)
        return place.count > 1 && !terms.isPure && isHeavy && (rules.maxDepth == 0 || place.depth < rules.maxDepth)
    }

    /// Draws features until there are enough and one of them can be split.
    private func bestSplit(_ node: NodeRows) -> NodeSplit? {
        var best = NodeSplit()
        var visited = 0
        let most = drawn.count
        while visited < most && (visited < rules.featuresPerSplit || best.column < 0) {
            let group = visited < rules.featuresPerSplit ? min(rules.featuresPerSplit, most) : min(4, most - visited)
            for i in visited..<visited + group {
                let other = i + random.nextInt(below: most - i)
                (drawn.pointer[i], drawn.pointer[other]) = (drawn.pointer[other], drawn.pointer[i])
            }
            let chosen = UnsafeBufferPointer(start: UnsafePointer(drawn.pointer + visited), count: group)
            terms.search(chosen, node, random: &random, best: &best)
            visited += group
            if terms.isPerfect(best) { break }
        }
        return best.column >= 0 ? best : nil
    }

    /// Moves the rows of the left side before those of the right, both in their order.
    private func part(_ place: PendingNode, _ split: NodeSplit) -> (node: GrownTree.Node, leftCount: Int) {
        let column = columns.columns[split.column]
        let side = SideOfBin(column, split)
        let (own, moved, weights) = (rows.pointer + place.start, moved.pointer, weights.pointer)
        let codes = UnsafePointer(columns.codes.pointer + split.column)
        let width = columns.columns.count
        var (left, right) = (0, 0)
        var leftWeight = 0.0
        var lowestRight = UInt16.max
        for i in 0..<place.count {
            let row = Int(own[i])
            let code = codes[row &* width]
            let isLeft = side.isLeft(code)
            own[left] = Int32(truncatingIfNeeded: row)
            moved[right] = Int32(truncatingIfNeeded: row)
            left &+= isLeft ? 1 : 0
            right &+= isLeft ? 0 : 1
            leftWeight += isLeft ? weights[row] : 0
            lowestRight = min(lowestRight, isLeft ? UInt16.max : code)
        }
        (own + left).update(from: moved, count: right)
        let node = decision(column, split, lowestRight: Int(lowestRight), isLeftHeavier: leftWeight * 2 >= terms.weight)
        return (node, left)
    }

    /// Side that a bin goes to.
    private struct SideOfBin {
        private let last: UInt16
        private let missing: UInt16
        private let set: BinSet?

        init(_ column: ForestColumns.Column, _ split: NodeSplit) {
            last = UInt16(split.leftBin)
            missing = split.missingLeft ? UInt16(column.bins.missingBin ?? split.leftBin) : last
            set = split.leftSet
        }

        @inline(__always)
        func isLeft(_ code: UInt16) -> Bool {
            if let set { return set.contains(Int(code)) }
            return code <= last || code == missing
        }
    }

    /// The decision in values; where a column never was missing, missing values go with the heavier side.
    private func decision(
        _ column: ForestColumns.Column, _ split: NodeSplit, lowestRight: Int, isLeftHeavier: Bool
    ) -> GrownTree.Node {
        var node = GrownTree.Node(
            feature: Int32(column.bins.column), binnedColumn: Int32(split.column), bins: BinSet(), threshold: 0,
            missingLeft: column.bins.missingBin == nil ? isLeftHeavier : split.missingLeft, categories: [], left: 0, right: 0)
        if let categories = column.bins.categories {
            node.categories = categories.indices.filter { split.leftSet!.contains($0) }.map { categories[$0] }
        } else if lowestRight < column.knownCount {
            node.threshold = FeatureBins.between(column.high[split.leftBin], column.low[lowestRight])
        } else {
            node.threshold = .greatestFiniteMagnitude
        }
        return node
    }
}
