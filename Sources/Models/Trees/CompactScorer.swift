import CKernels
import MaterialsCore

/// Trees of any size in eight bytes a node, walked without branches by many rows at once; gives the bits of `TreeEnsemble.sum`.
///
/// A node is `threshold key << 32 | child << (f + 1) | feature << 1 | m` with f bits for the feature. Children stand side by
/// side, so the next node is `child + (key + m > threshold key)`, modulo 2³²: a missing value (all ones) goes right, or wraps to
/// 0 and goes left where m is 1. Feature 0 has key 0 in every row: a leaf compares it, stays where it is and has its upper half
/// free for its value, where one float32 says it all.
///
/// - Cost: about 10 operations a level and row; rows that reached their leaf drop out every few levels.
final class CompactScorer: Sendable {
    private static let blockRows = 512

    private let base: Double
    private let featureCount: Int
    private let outputCount: Int
    private let columns: SharedBuffer<Int32>
    private let featureBits: UInt64
    /// First node of each tree, and the end of the last.
    private let root: [Int]
    private let nodes: SharedBuffer<UInt64>
    /// Values that leaves point to; none where the leaves hold them.
    private let leafValue: SharedBuffer<Double>
    private let isInline: Bool

    /// Lays out the trees; nil where they ask for categories or are too large for the words.
    init?(_ ensemble: TreeEnsemble) {
        guard !ensemble.hasCategories, ensemble.leafValue.count < Int(Int32.max) else { return nil }
        let used = Set(ensemble.feature).sorted()
        let bits = UInt64(Int.bitWidth - used.count.leadingZeroBitCount)
        guard ensemble.largestLeafCount * 2 < 1 << (31 - Int(bits)) else { return nil }
        var place = [UInt64](repeating: 0, count: ensemble.featureCount)
        for (i, column) in used.enumerated() { place[Int(column)] = UInt64(i + 1) }
        isInline = ensemble.outputCount == 1 && ensemble.leafValue.allSatisfy { Double(Float($0)) == $0 }
        nodes = SharedBuffer(count: ensemble.leafCover.count + ensemble.feature.count, repeating: 0)
        root = (0...ensemble.treeCount).map { ensemble.nodeOffset[$0] + ensemble.leafOffset[$0] }
        for tree in 0..<ensemble.treeCount {
            Self.layOut(ensemble, tree: tree, place: place, bits: bits, isInline: isInline, nodes.pointer + root[tree])
        }
        (base, featureCount, outputCount) = (ensemble.base, ensemble.featureCount, ensemble.outputCount)
        (columns, featureBits) = (SharedBuffer(used, padding: 0), bits)
        leafValue = SharedBuffer(isInline ? [] : ensemble.leafValue, padding: 0)
    }

    /// Lays out one tree level by level.
    private static func layOut(
        _ ensemble: TreeEnsemble, tree: Int, place: [UInt64], bits: UInt64, isInline: Bool, _ nodes: UnsafeMutablePointer<UInt64>
    ) {
        let (firstNode, firstLeaf) = (ensemble.nodeOffset[tree], ensemble.leafOffset[tree])
        var waiting: [Int32] = [ensemble.nodeOffset[tree + 1] > firstNode ? 0 : ~0]
        var next = 0
        while next < waiting.count {
            let child = waiting[next]
            if child < 0 {
                let value = (firstLeaf + Int(~child)) * ensemble.outputCount
                let upper = isInline ? UInt64(Float(ensemble.leafValue[value]).bitPattern) : UInt64(value)
                nodes[next] = upper << 32 | UInt64(next) << (bits + 1)
            } else {
                let n = firstNode + Int(child)
                let missingLeft: UInt64 = ensemble.missingLeft[n] ? 1 : 0
                let threshold = UInt64(ComparisonKey.key(finite: ensemble.threshold[n] + 0)) + missingLeft
                let feature = place[Int(ensemble.feature[n])]
                nodes[next] = threshold << 32 | UInt64(waiting.count) << (bits + 1) | feature << 1 | missingLeft
                waiting.append(ensemble.left[n])
                waiting.append(ensemble.right[n])
            }
            next += 1
        }
    }

    /// Sums of row-major features: rows × outputs.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>) {
        var none: [Double] = []
        self.sums(features, into: &sums, squares: &none)
    }

    /// The same, and sums of the squares of the values of one output unless `squares` is empty.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>, squares: inout [Double]) {
        let rows = sums.count / outputCount
        precondition(features.count == rows * featureCount && sums.count == rows * outputCount)
        precondition(squares.isEmpty || (squares.count == rows && outputCount == 1))
        let width = columns.count + 1
        let blockRows = min(Self.blockRows, rows)
        let keys = SharedBuffer<UInt32>(count: blockRows * width, repeating: 0)
        let node = SharedBuffer<UInt32>(count: blockRows, repeating: 0)
        let list = SharedBuffer<UInt32>(count: 2 * blockRows, repeating: 0)
        // Pointers: hot loops over validated indices.
        features.withUnsafeBufferPointer { x in
            sums.withUnsafeMutableBufferPointer { out in
                squares.withUnsafeMutableBufferPointer { squares in
                    for i in 0..<out.count { out[i] = base }
                    for i in 0..<squares.count { squares[i] = 0 }
                    for first in stride(from: 0, to: rows, by: Self.blockRows) {
                        let count = min(Self.blockRows, rows - first)
                        loadKeys(x.baseAddress! + first * featureCount, count, into: keys.pointer)
                        for tree in 0..<root.count - 1 {
                            matsieve_walk_tree(
                                self.tree(tree), Int32(featureBits), keys.pointer, width, count, node.pointer, list.pointer,
                                self.tree(tree + 2 < root.count ? tree + 1 : 0))
                            let leaves = nodes.pointer + root[tree]
                            add(leaves, node.pointer, count, to: out.baseAddress! + first * outputCount)
                            if let target = squares.baseAddress, squares.count > 0 {
                                addSquares(leaves, node.pointer, count, to: target + first)
                            }
                        }
                    }
                }
            }
        }
    }

    private func tree(_ index: Int) -> matsieve_compact_tree {
        matsieve_compact_tree(nodes: nodes.pointer + root[index], count: root[index + 1] - root[index])
    }

    private func loadKeys(_ features: UnsafePointer<Double>, _ count: Int, into keys: UnsafeMutablePointer<UInt32>) {
        let (width, columns) = (columns.count + 1, columns.pointer)
        for row in 0..<count {
            let source = features + row &* featureCount
            let target = keys + row &* width
            for c in 1..<width { target[c] = ComparisonKey.key(source[Int(columns[c &- 1])]) }
        }
    }

    @inline(__always)
    private func value(_ leaf: UInt64) -> Double {
        let upper = UInt32(truncatingIfNeeded: leaf >> 32)
        return isInline ? Double(Float(bitPattern: upper)) : leafValue.pointer[Int(upper)]
    }

    private func add(_ nodes: UnsafePointer<UInt64>, _ node: UnsafePointer<UInt32>, _ count: Int, to sums: UnsafeMutablePointer<Double>) {
        if outputCount == 1 {
            for row in 0..<count { sums[row] += value(nodes[Int(node[row])]) }
            return
        }
        for row in 0..<count {
            let leaf = leafValue.pointer + Int(nodes[Int(node[row])] >> 32)
            for output in 0..<outputCount { sums[row &* outputCount &+ output] += leaf[output] }
        }
    }

    private func addSquares(
        _ nodes: UnsafePointer<UInt64>, _ node: UnsafePointer<UInt32>, _ count: Int, to squares: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<count {
            let value = value(nodes[Int(node[row])])
            squares[row] += value * value
        }
    }
}
