import MaterialsCore

/// The rows of one node and the columns that may split it.
struct NodeRows {
    let columns: ForestColumns
    /// First code of the first row, and codes a row.
    let allCodes: UnsafePointer<UInt16>
    let width: Int
    let rows: UnsafePointer<Int32>
    let count: Int
    /// Weight of each training row in this tree.
    let weights: UnsafePointer<Double>

    init(_ columns: ForestColumns, rows: UnsafePointer<Int32>, count: Int, weights: UnsafePointer<Double>) {
        (self.columns, self.rows, self.count, self.weights) = (columns, rows, count, weights)
        (allCodes, width) = (UnsafePointer(columns.codes.pointer), columns.columns.count)
    }

    /// Code of a row of the node in column 0; column c's stands c behind.
    @inline(__always)
    func codes(_ position: Int) -> UnsafePointer<UInt16> {
        allCodes + Int(rows[position]) &* width
    }
}

/// How cuts are chosen.
enum CutChoice: Sendable {
    /// The best of all cuts of each drawn feature (random forest).
    case best
    /// One random cut of each drawn feature (extremely randomised trees).
    case random
}

/// Target sums of one node at a time, and the search of its split.
protocol NodeTerms: AnyObject {
    init(_ targets: ForestTargets, columns: ForestColumns, choice: CutChoice, leastWeight: Double)
    /// Weight of the node.
    var weight: Double { get }
    /// True where all rows have the same target.
    var isPure: Bool { get }
    /// Takes over a node.
    func prepare(_ node: NodeRows)
    /// What the node answers as a leaf.
    var leaf: LeafValues { get }
    /// Looks for better splits in some columns.
    func search(_ chosen: UnsafeBufferPointer<Int32>, _ node: NodeRows, random: inout SplitMix64, best: inout NodeSplit)
    /// True where no split can part the targets better.
    func isPerfect(_ split: NodeSplit) -> Bool
}

/// Bins of one column that a node's rows occupy: one bit each, and one for each 64 of these.
struct OccupiedBins {
    private let words = SharedBuffer<UInt64>(count: 64, repeating: 0)
    private var summary: UInt64 = 0

    @inline(__always)
    mutating func insert(_ code: UInt16) {
        let word = Int(code >> 6)
        words.pointer[word] |= 1 << UInt64(code & 63)
        summary |= 1 << UInt64(word)
    }

    /// Lists the bins in ascending order, and forgets them.
    @inline(__always)
    mutating func drain(_ body: (Int) -> Void) {
        while summary != 0 {
            let word = summary.trailingZeroBitCount
            summary &= summary &- 1
            var rest = words.pointer[word]
            words.pointer[word] = 0
            while rest != 0 {
                body(word << 6 | rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
    }
}
