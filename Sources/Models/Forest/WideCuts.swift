import CKernels
import MaterialsCore

/// One random cut of every column of a node, summed side by side: columns lie in vector lanes, rows follow each other.
final class WideCuts {
    private let values: SharedBuffer<Float>
    private let width: Int
    private let ranges: SharedBuffer<Float>
    private let totals: SharedBuffer<Double>
    let cuts: UnsafeMutablePointer<Float>
    private let drawn: SharedBuffer<Float>

    init(values: SharedBuffer<Float>, width: Int) {
        (self.values, self.width) = (values, width)
        ranges = SharedBuffer(count: 2 * width, repeating: 0)
        totals = SharedBuffer(count: 4 * width, repeating: 0)
        drawn = SharedBuffer(count: width, repeating: 0)
        cuts = drawn.pointer
    }

    /// Smallest value of each column in the node.
    var low: UnsafeMutablePointer<Float> { ranges.pointer }
    /// Largest value of each column in the node.
    var high: UnsafeMutablePointer<Float> { ranges.pointer + width }
    /// Target sums of the left side of each cut.
    var sums: UnsafeMutablePointer<Double> { totals.pointer }
    /// Weights of the left side of each cut.
    var weights: UnsafeMutablePointer<Double> { totals.pointer + width }

    private var gains: UnsafeMutablePointer<Double> { totals.pointer + 2 * width }

    func findRanges(_ node: NodeRows) {
        matsieve_column_ranges(values.pointer, width, node.rows, node.count, low, high)
    }

    /// Cuts a column at a uniform random value from its smallest to below its largest one.
    @inline(__always)
    func draw(_ column: Int, _ random: inout SplitMix64) {
        let (least, most) = (low[column], high[column])
        let cut = least + Float(random.next() >> 40) * 0x1p-24 * (most - least)
        cuts[column] = cut < most ? cut : least
    }

    /// The column whose cut gains most, and more than numerator / denominator; -1 for none.
    func bestCut(
        _ chosen: UnsafeBufferPointer<Int32>, weight: Double, least: Double, _ numerator: inout Double, _ denominator: inout Double
    ) -> Int {
        Int(
            matsieve_best_random_cut(
                chosen.baseAddress, chosen.count, width, sums, weights, low, high, weight, least, gains, &numerator, &denominator))
    }

    /// Whether the rows of the node differ in a column.
    @inline(__always)
    func varies(_ column: Int) -> Bool { low[column] < high[column] }

    /// Sums the left side of one column's cut.
    func sum(_ node: NodeRows, terms: UnsafePointer<Double>, column: Int) {
        (sums[column], weights[column]) = (0, 0)
        for i in 0..<node.count where values.pointer[Int(node.rows[i]) * width + column] <= cuts[column] {
            sums[column] += terms[2 * i]
            weights[column] += terms[2 * i + 1]
        }
    }

    /// Sums the left sides of all cuts; `terms` holds target × weight and weight of each row of the node.
    func sum(_ node: NodeRows, terms: UnsafePointer<Double>) {
        matsieve_cut_sums(values.pointer, width, node.rows, node.count, terms, cuts, sums, weights)
    }
}
