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

    /// Fills one block of a histogram.
    ///
    /// Integers: the order of rows doesn't matter. Each row adds to different features in turn, so additions don't wait for each other.
    static func fill(_ histogram: UnsafeMutablePointer<Int64>, block: UnsafePointer<UInt8>, features: Int, leaf: LeafRows) {
        histogram.update(repeating: 0, count: BinnedMatrix.blockWidth * bins)
        if features > 8 {
            for i in 0..<leaf.count {
                let codes = UnsafeRawPointer(block + Int(leaf.rows[i]) * BinnedMatrix.blockWidth)
                let word = leaf.words[i]
                add8(histogram, codes.load(as: UInt64.self), word)
                add8(histogram + 8 * bins, codes.load(fromByteOffset: 8, as: UInt64.self), word)
            }
        } else {
            for i in 0..<leaf.count {
                let codes = UnsafeRawPointer(block + Int(leaf.rows[i]) * BinnedMatrix.blockWidth)
                add8(histogram, codes.load(as: UInt64.self), leaf.words[i])
            }
        }
    }

    @inline(__always)
    private static func add8(_ histogram: UnsafeMutablePointer<Int64>, _ codes: UInt64, _ word: Int64) {
        histogram[Int(codes & 255)] &+= word
        histogram[Int(codes >> 8 & 255) + bins] &+= word
        histogram[Int(codes >> 16 & 255) + 2 * bins] &+= word
        histogram[Int(codes >> 24 & 255) + 3 * bins] &+= word
        histogram[Int(codes >> 32 & 255) + 4 * bins] &+= word
        histogram[Int(codes >> 40 & 255) + 5 * bins] &+= word
        histogram[Int(codes >> 48 & 255) + 6 * bins] &+= word
        histogram[Int(codes >> 56) + 7 * bins] &+= word
    }

    /// The sibling's histogram: parent - child, in place of the parent.
    static func subtract(_ child: UnsafePointer<Int64>, from parent: UnsafeMutablePointer<Int64>) {
        for i in 0..<BinnedMatrix.blockWidth * bins { parent[i] &-= child[i] }
    }
}
