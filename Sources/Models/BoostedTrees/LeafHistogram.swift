import CKernels

/// Sums of packed gradients of one leaf: 256 bins a feature, 16 features a block.
typealias LeafHistogram = SharedBuffer<Int64>

/// The rows of a leaf and their words, side by side in memory.
struct LeafRows {
    let rows: UnsafePointer<Int32>
    let words: UnsafePointer<Int64>
    let count: Int
}

enum HistogramKernel {
    static let bins = 256

    /// Fills one block of a histogram; integers, so the order of rows doesn't matter.
    static func fill(_ histogram: UnsafeMutablePointer<Int64>, block: UnsafePointer<UInt8>, features: Int, leaf: LeafRows) {
        histogram.update(repeating: 0, count: BinnedMatrix.blockWidth * bins)
        matsieve_add_to_histogram(histogram, block, features > 8 ? 16 : 8, leaf.rows, leaf.words, leaf.count)
    }

    /// The sibling's histogram: parent - child, in place of the parent.
    static func subtract(_ child: UnsafePointer<Int64>, from parent: UnsafeMutablePointer<Int64>) {
        for i in 0..<BinnedMatrix.blockWidth * bins { parent[i] &-= child[i] }
    }
}
