import CKernels
import MaterialsCore

/// Trees of at most 64 leaves, laid out for the bit-mask kernel; gives the bits of `TreeEnsemble.sum`.
///
/// - Cost: about one compare and one mask per node and 16 rows (AVX-512) or 8.
/// - Source: C. Lucchese et al., SIGIR 2015, doi:10.1145/2766462.2767733; V-QuickScorer, SIGIR 2016, doi:10.1145/2911451.2914758.
///   Differences: tree by tree instead of by sorted thresholds, so that a tree's masks stay in registers.
final class BitmaskScorer: Sendable {
    private struct Node {
        var column: Int
        var missingLeft: Bool
        var threshold: Float
        var mask: UInt64
    }

    private static let chunk = 8
    private let base: Double
    private let featureCount: Int
    private let treeCount: Int
    private let isWide: Bool
    private let isPortable: Bool
    private let chunks: SharedBuffer<Int32>
    private let nodeOffset: SharedBuffer<Int32>
    private let missingRight: SharedBuffer<Int32>
    private let narrow: SharedBuffer<matsieve_bitmask_node32>
    private let wide: SharedBuffer<matsieve_bitmask_node64>
    private let leaf: SharedBuffer<Double>

    /// Lays out the trees; nil where one has more than 64 leaves or asks for categories, or where there are several outputs.
    /// - Parameter isPortable: never AVX-512, for tests.
    init?(_ ensemble: TreeEnsemble, isPortable: Bool = false) {
        guard ensemble.outputCount == 1, !ensemble.hasCategories, ensemble.largestLeafCount <= 64 else { return nil }
        (base, featureCount, treeCount) = (ensemble.base, ensemble.featureCount, ensemble.treeCount)
        (isWide, self.isPortable) = (ensemble.largestLeafCount > 32, isPortable)
        let width = isWide ? 64 : 32
        var nodes: [Node] = []
        var (offsets, middles): ([Int32], [Int32]) = ([0], [])
        var leaves = [Double](repeating: 0, count: treeCount * width)
        for tree in 0..<treeCount {
            var own: [Node] = []
            for (position, leaf) in Self.layOut(ensemble, tree: tree, into: &own).enumerated() {
                leaves[tree * width + position] = ensemble.leafValue[ensemble.leafOffset[tree] + leaf]
            }
            nodes += own.filter(\.missingLeft)
            middles.append(Int32(nodes.count))
            nodes += own.filter { !$0.missingLeft }
            offsets.append(Int32(nodes.count))
        }
        let (starts, slotOfColumn) = Self.chunks(nodes, columns: featureCount)
        chunks = SharedBuffer(starts, padding: 0)
        nodeOffset = SharedBuffer(offsets, padding: 0)
        missingRight = SharedBuffer(middles, padding: 0)
        narrow = SharedBuffer(
            isWide ? [] : nodes.map { .init(slot: slotOfColumn[$0.column], threshold: $0.threshold, mask: UInt32($0.mask >> 32)) },
            padding: .init())
        wide = SharedBuffer(
            isWide ? nodes.map { .init(slot: slotOfColumn[$0.column], threshold: $0.threshold, mask: $0.mask) } : [], padding: .init())
        leaf = SharedBuffer(leaves, padding: 0)
    }

    /// First columns of the chunks that nodes ask for, and where each column's values lie in a block of them.
    private static func chunks(_ nodes: [Node], columns: Int) -> (starts: [Int32], slotOfColumn: [UInt32]) {
        var isAsked = [Bool](repeating: false, count: columns / chunk + 1)
        for node in nodes { isAsked[node.column / chunk] = true }
        var starts: [Int32] = []
        var slots = [UInt32](repeating: 0, count: columns)
        for c in isAsked.indices where isAsked[c] {
            let start = max(0, min(c * chunk, columns - chunk))
            for column in c * chunk..<min((c + 1) * chunk, columns) {
                slots[column] = UInt32((starts.count * chunk + column - start) * Int(MATSIEVE_TREE_ROWS))
            }
            starts.append(Int32(start))
        }
        return (starts, slots)
    }

    /// Adds the nodes of a tree and returns its leaves from left to right; the leftmost is the highest of 64 bits.
    private static func layOut(_ ensemble: TreeEnsemble, tree: Int, into nodes: inout [Node]) -> [Int] {
        var order: [Int] = []
        func visit(_ child: Int32, _ nodes: inout [Node]) {
            guard child >= 0 else { return order.append(Int(~child)) }
            let n = ensemble.nodeOffset[tree] + Int(child)
            let first = order.count
            visit(ensemble.left[n], &nodes)
            let cleared = (UInt64.max << UInt64(64 - (order.count - first))) >> UInt64(first)
            nodes.append(
                Node(
                    column: Int(ensemble.feature[n]), missingLeft: ensemble.missingLeft[n], threshold: ensemble.threshold[n],
                    mask: ~cleared))
            visit(ensemble.right[n], &nodes)
        }
        visit(ensemble.nodeOffset[tree + 1] > ensemble.nodeOffset[tree] ? 0 : ~0, &nodes)
        return order
    }

    /// Sums of row-major features, one a row.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>) {
        precondition(features.count == sums.count * featureCount)
        var trees = matsieve_bitmask_trees()
        trees.chunk = UnsafePointer(chunks.pointer)
        trees.chunk_count = chunks.count
        trees.tree_count = treeCount
        trees.node_offset = UnsafePointer(nodeOffset.pointer)
        trees.missing_right = UnsafePointer(missingRight.pointer)
        trees.node = isWide ? UnsafeRawPointer(wide.pointer) : UnsafeRawPointer(narrow.pointer)
        trees.leaf = UnsafePointer(leaf.pointer)
        let scratch = SharedBuffer<Float>(count: chunks.count * Self.chunk * Int(MATSIEVE_TREE_ROWS), repeating: 0)
        // The kernel is C.
        features.withUnsafeBufferPointer { x in
            sums.withUnsafeMutableBufferPointer { out in
                guard let x = x.baseAddress, let target = out.baseAddress else { return }
                let kernel =
                    isWide ? matsieve_bitmask_sum64 : isPortable ? matsieve_bitmask_sum32_portable : matsieve_bitmask_sum32
                kernel(&trees, x, out.count, featureCount, base, scratch.pointer, target)
            }
        }
    }
}
