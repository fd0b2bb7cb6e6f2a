import CKernels
import MaterialsCore

/// Sums of the bins of all columns of few bins in one node, several columns side by side: each bin's in the order of the rows.
final class NarrowSums {
    /// Most bins of such a column.
    private static let mostBins = 256
    /// In nodes of fewer rows the search often ends after a few columns.
    static let fewestRows = 17

    private let columns: ForestColumns
    private let firstBin: SharedBuffer<Int32>
    private let sums: SharedBuffer<TermSums>
    private let listed: SharedBuffer<Int32>
    private var count = 0

    init(_ columns: ForestColumns) {
        self.columns = columns
        var next = 0
        let places = columns.columns.map { column in
            guard column.bins.count <= Self.mostBins else { return Int32(-1) }
            defer { next += column.bins.count }
            return Int32(next)
        }
        firstBin = SharedBuffer(places, padding: -1)
        sums = SharedBuffer(count: next, repeating: .zero)
        listed = SharedBuffer(count: columns.columns.count, repeating: 0)
    }

    /// Whether a column is summed for a node of so many rows.
    @inline(__always)
    func holds(_ column: Int, rows: Int) -> Bool {
        firstBin.pointer[column] >= 0 && Int(columns.shapes.pointer[column].binCount) <= rows
    }

    /// Sums of a column's bins.
    @inline(__always)
    func bins(_ column: Int) -> UnsafeMutablePointer<TermSums> { sums.pointer + Int(firstBin.pointer[column]) }

    /// Sums those of the chosen columns that it holds.
    func add(_ chosen: UnsafeBufferPointer<Int32>, _ node: NodeRows, terms: UnsafePointer<TermSums>) {
        count = 0
        for column in chosen where holds(Int(column), rows: node.count) {
            listed.pointer[count] = column
            count += 1
        }
        guard count > 0 else { return }
        terms.withMemoryRebound(to: Double.self, capacity: 2 * node.count) { terms in
            sums.pointer.withMemoryRebound(to: Double.self, capacity: 2 * sums.count) { sums in
                matsieve_bin_sums(
                    node.allCodes, node.width, 1, listed.pointer, count, firstBin.pointer, node.rows, node.count, terms, sums)
            }
        }
    }

    /// Forgets the sums.
    func clear() {
        for k in 0..<count {
            let column = Int(listed.pointer[k])
            bins(column).update(repeating: .zero, count: Int(columns.shapes.pointer[column].binCount))
        }
        count = 0
    }
}
