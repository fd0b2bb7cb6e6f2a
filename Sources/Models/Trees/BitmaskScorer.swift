import CKernels
import MaterialsCore

/// Trees of at most 64 leaves, laid out for the bit-mask kernel; gives the bits of `TreeEnsemble.sum`.
///
/// - Cost: about one compare and one mask per node and 16 rows.
/// - Source: C. Lucchese et al., SIGIR 2015, doi:10.1145/2766462.2767733; V-QuickScorer, SIGIR 2016, doi:10.1145/2911451.2914758
final class BitmaskScorer: Sendable {
    private struct Node {
        var column: Int32
        var missingLeft: Bool
        var threshold: Float
        var tree: UInt32
        var mask: UInt64
    }

    private let base: Double
    private let featureCount: Int
    private let treeCount: Int
    private let isWide: Bool
    private let columns: SharedBuffer<Int32>
    private let missing: SharedBuffer<Float>
    private let nodeOffset: SharedBuffer<Int32>
    private let threshold: SharedBuffer<Float>
    private let tree: SharedBuffer<UInt32>
    private let narrowMask: SharedBuffer<UInt32>
    private let wideMask: SharedBuffer<UInt64>
    private let leaf: SharedBuffer<Double>

    /// Lays out the trees; nil where one has more than 64 leaves or asks for categories, or where there are several outputs.
    init?(_ ensemble: TreeEnsemble) {
        guard ensemble.outputCount == 1, !ensemble.hasCategories, ensemble.largestLeafCount <= 64 else { return nil }
        (base, featureCount, treeCount) = (ensemble.base, ensemble.featureCount, ensemble.treeCount)
        isWide = ensemble.largestLeafCount > 32
        let width = isWide ? 64 : 32
        var nodes: [Node] = []
        var leaves = [Double](repeating: 0, count: treeCount * width)
        for tree in 0..<treeCount {
            for (position, leaf) in Self.layOut(ensemble, tree: tree, into: &nodes).enumerated() {
                leaves[tree * width + position] = ensemble.leafValue[ensemble.leafOffset[tree] + leaf]
            }
        }
        nodes.sort {
            ($0.column, $0.missingLeft ? 0 : 1, $0.threshold, $0.tree, $0.mask) < (
                $1.column, $1.missingLeft ? 0 : 1, $1.threshold, $1.tree, $1.mask
            )
        }
        var starts: [Int] = []
        for (i, n) in nodes.enumerated() where i == 0 || (n.column, n.missingLeft) != (nodes[i - 1].column, nodes[i - 1].missingLeft) {
            starts.append(i)
        }
        columns = SharedBuffer(starts.map { nodes[$0].column }, padding: 0)
        missing = SharedBuffer(starts.map { nodes[$0].missingLeft ? -.infinity : .infinity }, padding: 0)
        nodeOffset = SharedBuffer((starts + [nodes.count]).map { Int32($0) }, padding: 0)
        threshold = SharedBuffer(nodes.map(\.threshold), padding: 0)
        self.tree = SharedBuffer(nodes.map(\.tree), padding: 0)
        narrowMask = SharedBuffer(isWide ? [] : nodes.map { UInt32(truncatingIfNeeded: $0.mask) }, padding: 0)
        wideMask = SharedBuffer(isWide ? nodes.map(\.mask) : [], padding: 0)
        leaf = SharedBuffer(leaves, padding: 0)
    }

    /// Adds the nodes of a tree and returns its leaves from left to right.
    private static func layOut(_ ensemble: TreeEnsemble, tree: Int, into nodes: inout [Node]) -> [Int] {
        var order: [Int] = []
        func visit(_ child: Int32, _ nodes: inout [Node]) {
            guard child >= 0 else { return order.append(Int(~child)) }
            let n = ensemble.nodeOffset[tree] + Int(child)
            let first = order.count
            visit(ensemble.left[n], &nodes)
            let cleared = (UInt64.max >> UInt64(64 - (order.count - first))) << UInt64(first)
            nodes.append(
                Node(
                    column: ensemble.feature[n], missingLeft: ensemble.missingLeft[n], threshold: ensemble.threshold[n],
                    tree: UInt32(tree), mask: ~cleared))
            visit(ensemble.right[n], &nodes)
        }
        visit(ensemble.nodeOffset[tree + 1] > ensemble.nodeOffset[tree] ? 0 : ~0, &nodes)
        return order
    }

    /// Sums of row-major features, one a row.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>) {
        precondition(features.count == sums.count * featureCount)
        var trees = matsieve_bitmask_trees()
        trees.column_count = columns.count
        trees.column = UnsafePointer(columns.pointer)
        trees.missing = UnsafePointer(missing.pointer)
        trees.node_offset = UnsafePointer(nodeOffset.pointer)
        trees.threshold = UnsafePointer(threshold.pointer)
        trees.tree = UnsafePointer(tree.pointer)
        trees.mask = isWide ? UnsafeRawPointer(wideMask.pointer) : UnsafeRawPointer(narrowMask.pointer)
        trees.tree_count = treeCount
        trees.leaf = UnsafePointer(leaf.pointer)
        // The kernel is C.
        features.withUnsafeBufferPointer { x in
            sums.withUnsafeMutableBufferPointer { out in
                guard let x = x.baseAddress, let target = out.baseAddress else { return }
                if isWide {
                    let scratch = SharedBuffer<UInt64>(count: treeCount * 16, repeating: 0)
                    matsieve_bitmask_sum64(&trees, x, out.count, featureCount, base, scratch.pointer, target)
                } else {
                    let scratch = SharedBuffer<UInt32>(count: treeCount * 16, repeating: 0)
                    matsieve_bitmask_sum32(&trees, x, out.count, featureCount, base, scratch.pointer, target)
                }
            }
        }
    }
}
