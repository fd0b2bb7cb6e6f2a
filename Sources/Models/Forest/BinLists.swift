import CKernels
import MaterialsCore

/// The occupied bins of some columns in one node and their sums, each bin's in the order of the rows.
final class BinLists {
    private let room: Int
    private let bins: SharedBuffer<Int32>
    private let sums: SharedBuffer<TermSums>
    private let counts: SharedBuffer<Int>

    private let binCounts: SharedBuffer<Int32>

    /// Lists of so many columns, and one more to fill by hand, with room for so many bins.
    init(_ columns: ForestColumns, count: Int, room: Int) {
        self.room = room
        binCounts = SharedBuffer(columns.columns.map { Int32($0.bins.count) }, padding: 0)
        bins = SharedBuffer(count: (count + 1) * room, repeating: 0)
        sums = SharedBuffer(count: (count + 1) * room, repeating: .zero)
        counts = SharedBuffer(count: count, repeating: 0)
    }

    /// Bins and sums of a column.
    @inline(__always)
    subscript(place: Int) -> (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<TermSums>) {
        (bins.pointer + place * room, sums.pointer + place * room)
    }

    /// Bins of a column that hold rows.
    @inline(__always)
    func occupied(_ place: Int) -> Int { counts.pointer[place] }

    /// Lists the bins of columns whose codes stand one after the other.
    func fill(_ codes: UnsafePointer<UInt16>, _ columns: UnsafePointer<Int32>, count: Int, rows: Int, terms: UnsafePointer<TermSums>) {
        terms.withMemoryRebound(to: Double.self, capacity: 2 * rows) { terms in
            sums.pointer.withMemoryRebound(to: Double.self, capacity: 2 * sums.count) { sums in
                matsieve_occupied_bins(codes, columns, count, binCounts.pointer, rows, terms, room, bins.pointer, sums, counts.pointer)
            }
        }
    }
}
