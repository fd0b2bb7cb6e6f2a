import CKernels
import MaterialsCore

/// The cells of the eight shapes that a block of images may have, in the order of their offsets from its first cell.
///
/// They are kept until a structure has other ones.
struct BlockShapes: Sendable {
    private var shorter = SIMD3<Int>(-1, -1, -1)
    private var (t1, t2, t3) = (SIMD3<Int>(), SIMD3<Int>(), SIMD3<Int>())
    private var lengths = SIMD8<Int>()
    /// Cells of the largest shape, and eight more, which the kernel reads and forgets.
    private var room = 0
    private var steps: [Double] = []
    private var words: [Int32] = []

    /// Lists the shapes with the given shorter sides.
    mutating func list(_ frame: SearchFrame, _ shorter: SIMD3<Int>) {
        if shorter == self.shorter, t1 == frame.t1, t2 == frame.t2, t3 == frame.t3 { return }
        (self.shorter, t1, t2, t3) = (shorter, frame.t1, frame.t2, frame.t3)
        room = (shorter.x + 1) * (shorter.y + 1) * (shorter.z + 1) + 8
        grow(&steps, to: 24 * room)
        grow(&words, to: 32 * room)
        for shape in 0..<8 {
            let sides = shorter &+ SIMD3(shape >> 2, shape >> 1 & 1, shape & 1)
            lengths[shape] = sides.x * sides.y * sides.z
            if frame.isReduced { listSorted(frame, shape, sides) } else { list(shape, sides) }
        }
    }

    private mutating func list(_ shape: Int, _ sides: SIMD3<Int>) {
        let room = room
        steps.withUnsafeMutableBufferPointer { steps in
            words.withUnsafeMutableBufferPointer { words in
                var (step, word) = (3 * shape * room, 4 * shape * room)
                for a in 0..<sides.x {
                    for b in 0..<sides.y {
                        for c in 0..<sides.z {
                            (steps[step], steps[step &+ room], steps[step &+ 2 &* room]) = (Double(a), Double(b), Double(c))
                            words[word] = Int32(truncatingIfNeeded: a)
                            words[word &+ 1] = Int32(truncatingIfNeeded: b)
                            words[word &+ 2] = Int32(truncatingIfNeeded: c)
                            (step, word) = (step &+ 1, word &+ 4)
                        }
                    }
                }
            }
        }
    }

    private mutating func listSorted(_ frame: SearchFrame, _ shape: Int, _ sides: SIMD3<Int>) {
        var cells: [CellOffset] = []
        for a in 0..<sides.x {
            for b in 0..<sides.y {
                for c in 0..<sides.z { cells.append(CellOffset(SIMD3(truncatingIfNeeded: frame.offset(SIMD3(a, b, c))))) }
            }
        }
        cells.sort { $0 < $1 }
        for (place, cell) in cells.enumerated() {
            for axis in 0..<3 {
                steps[(3 * shape + axis) * room + place] = Double(cell.cells[axis])
                words[4 * (shape * room + place) + axis] = cell.cells[axis]
            }
        }
    }

    /// Sizes of the shapes, as the kernel wants them.
    func describe(_ images: inout matsieve_images) {
        images.lengths = (lengths[0], lengths[1], lengths[2], lengths[3], lengths[4], lengths[5], lengths[6], lengths[7])
        images.room = room
    }

    /// The memory that the kernel reads.
    func withTables<R>(_ body: (UnsafePointer<Double>, UnsafePointer<Int32>) throws(CandidateDefect) -> R) throws(CandidateDefect) -> R {
        try steps.withUnsafeBufferPointer { steps throws(CandidateDefect) in
            try words.withUnsafeBufferPointer { words throws(CandidateDefect) in try body(steps.baseAddress!, words.baseAddress!) }
        }
    }
}
