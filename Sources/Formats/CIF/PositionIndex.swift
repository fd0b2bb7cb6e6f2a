import MaterialsCore

/// Finds positions that were seen before, within a tolerance along each axis (at most 0.0015) and modulo 1.
///
/// A hash table of small boxes; the grid is set off by a third of a box, so that 0, 1/4, 1/3, 1/2 … lie well inside.
///
/// - Cost: constant a look-up; a table that somebody filled to make it slow is given up (`insert` returns false)
struct PositionIndex {
    private static let boxes = 256.0
    private static let offset = 0.33 / boxes
    /// Comparisons a position that are thought honest.
    private static let patience = 4096

    /// Coordinates in [0, 1).
    private var positions: [SIMD3<Double>] = []
    /// The position before in the same slot; -1 ends.
    private var previous: [Int32] = []
    /// Last position of each slot; a power of 2 of them.
    private var slots: [Int32]
    private var comparisons = 0

    init() { slots = [Int32](repeating: -1, count: 64) }

    /// Number of positions.
    var count: Int { positions.count }

    /// What counts as the same position.
    struct Tolerance {
        /// For any position.
        var common: Double
        /// For those from `firstOwn` on.
        var own: Double
        var firstOwn: Int

        init(_ common: Double) { (self.common, own, firstOwn) = (common, common, .max) }
        init(_ common: Double, own: Double, from firstOwn: Int) { (self.common, self.own, self.firstOwn) = (common, own, firstOwn) }
    }

    /// The first position within the tolerance, or nil.
    mutating func find(_ position: FractionalPosition, _ within: Tolerance) -> Int? {
        let p = position.coordinates
        let tolerance = max(within.common, within.own)
        let low = Self.box(p - tolerance)
        let high = Self.box(p + tolerance)
        var found = Int32.max
        var x = low.x
        while true {
            var y = low.y
            while true {
                var z = low.z
                while true {
                    found = min(found, search(slot(x, y, z), p, within))
                    if z == high.z { break }
                    z = high.z
                }
                if y == high.y { break }
                y = high.y
            }
            if x == high.x { break }
            x = high.x
        }
        return found == .max ? nil : Int(found)
    }

    /// Adds a position; false where so many lie together that looking on would take too long.
    mutating func insert(_ position: FractionalPosition) -> Bool {
        if positions.count >= slots.count { grow() }
        link(position.coordinates)
        positions.append(position.coordinates)
        return comparisons <= Self.patience * (positions.count + 64)
    }

    private mutating func search(_ slot: Int, _ p: SIMD3<Double>, _ within: Tolerance) -> Int32 {
        var at = slots[slot]
        var found = Int32.max
        while at >= 0 {
            comparisons += 1
            let tolerance = Int(at) >= within.firstOwn ? within.own : within.common
            if Self.isNear(positions[Int(at)], p, tolerance) { found = min(found, at) }
            at = previous[Int(at)]
        }
        return found
    }

    @inline(__always) private static func isNear(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ tolerance: Double) -> Bool {
        @inline(__always) func isNear(_ u: Double, _ v: Double) -> Bool {
            let d = abs(u - v)
            return d < tolerance || 1 - d < tolerance
        }
        return isNear(a.x, b.x) && isNear(a.y, b.y) && isNear(a.z, b.z)
    }

    /// Box along each axis; a coordinate may be a tolerance outside of [0, 1).
    @inline(__always) private static func box(_ p: SIMD3<Double>) -> SIMD3<Int> {
        let scaled = (p + offset) * boxes
        return SIMD3(Int(scaled.x) & 255, Int(scaled.y) & 255, Int(scaled.z) & 255)
    }

    @inline(__always) private func slot(_ x: Int, _ y: Int, _ z: Int) -> Int {
        let key = UInt64(x << 16 | y << 8 | z) &* 0x9e37_79b9_7f4a_7c15
        return Int(key >> 32) & (slots.count - 1)
    }

    private mutating func link(_ p: SIMD3<Double>) {
        let box = Self.box(p)
        let slot = slot(box.x, box.y, box.z)
        previous.append(slots[slot])
        slots[slot] = Int32(previous.count - 1)
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 4 * slots.count)
        previous.removeAll(keepingCapacity: true)
        for p in positions { link(p) }
    }
}
