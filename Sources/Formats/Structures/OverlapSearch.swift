import MaterialsCore

/// Finds two positions that are nearly the same point.
///
/// The cell must be at least 0.1 Å thick along each axis: then only the nearest image can be within the overlap distance.
///
/// - Cost: up to 12 positions each pair; else the space is cut into boxes of about 0.05 Å, their numbers are sorted, and only
///   positions of one box, or near its border, are compared: O(n log n), also where positions are as dense as they may be.
struct OverlapSearch {
    /// Two entries of a structure and their distance in Å.
    struct Pair {
        var first: Int
        var second: Int
        var distance: Double
    }

    private static let tolerance = StructureValidation.overlapDistance
    private static let largestDirectCount = 12

    private let structure: CrystalStructure
    /// First entry of each position; empty where each entry is one.
    private let entries: [Int]
    private let count: Int

    /// The first pair found, in an order that depends on the structure only; nil where there is none.
    static func firstPair(in structure: CrystalStructure) -> Pair? {
        let search = OverlapSearch(structure)
        return search.count <= largestDirectCount ? search.direct() : search.boxed()
    }

    private init(_ structure: CrystalStructure) {
        self.structure = structure
        let sites = structure.sites
        entries = sites.indices.filter { $0 == 0 || sites[$0] != sites[$0 - 1] }
        count = sites.isEmpty ? structure.count : entries.count
    }

    private func entry(_ place: Int) -> Int { entries.isEmpty ? place : entries[place] }

    private func direct() -> Pair? {
        for i in 0..<count {
            for j in i + 1..<max(count, i + 1) { if let pair = pair(entry(i), entry(j)) { return pair } }
        }
        return nil
    }

    private func pair(_ i: Int, _ j: Int) -> Pair? {
        var d = structure.positions[j].coordinates - structure.positions[i].coordinates
        if structure.periodicity.a { d.x -= Self.nearestInteger(d.x) }
        if structure.periodicity.b { d.y -= Self.nearestInteger(d.y) }
        if structure.periodicity.c { d.z -= Self.nearestInteger(d.z) }
        let squared = structure.lattice.cartesian(FractionalPosition(d)).squaredLength
        return squared < Self.tolerance * Self.tolerance ? Pair(first: min(i, j), second: max(i, j), distance: squared.squareRoot()) : nil
    }

    /// `rounded()` is a library call; positions are known to be within 10⁶.
    private static func nearestInteger(_ x: Double) -> Double { Double(Int(x < 0 ? x - 0.5 : x + 0.5)) }

    private func boxed() -> Pair? {
        var grid = OverlapGrid(structure)
        for place in 0..<count { grid.add(structure.positions[entry(place)].coordinates, place: place) }
        let boxed = grid.boxed.sorted()
        var k = 0
        while k < boxed.count {
            var l = k + 1
            while l < boxed.count, boxed[l].box == boxed[k].box {
                if boxed[k].isHome || boxed[l].isHome, let pair = pair(entry(boxed[k].place), entry(boxed[l].place)) { return pair }
                l += 1
            }
            k += 1
        }
        return nil
    }
}

/// Positions sorted into boxes a little over 0.06 Å wide; one near a border is also entered beyond it.
private struct OverlapGrid {
    /// A position in a box.
    struct Entry: Comparable {
        /// Number of the box; two boxes may share one, which costs time only.
        var box: UInt64
        /// Which position.
        var place: Int
        /// False where it is entered here because it lies near the border.
        var isHome: Bool
        static func < (a: Entry, b: Entry) -> Bool { a.box != b.box ? a.box < b.box : a.place < b.place }
    }

    /// All entries.
    private(set) var boxed: [Entry] = []
    private let counts: SIMD3<Double>
    /// Fraction of a box that counts as its border.
    private let border: SIMD3<Double>
    private let isPeriodic: [Bool]

    init(_ structure: CrystalStructure) {
        let spacings = structure.lattice.planeSpacings
        counts = (spacings / 0.06).rounded(.down)
        // A hair more than the distance, against rounding.
        border = (1.001 * StructureValidation.overlapDistance) * counts / spacings
        isPeriodic = (0..<3).map { structure.periodicity[$0] }
    }

    mutating func add(_ position: SIMD3<Double>, place: Int) {
        let (x, y, z) = (boxes(position.x, 0), boxes(position.y, 1), boxes(position.z, 2))
        for i in [x.home, x.neighbor] {
            guard let i else { continue }
            for j in [y.home, y.neighbor] {
                guard let j else { continue }
                for k in [z.home, z.neighbor] {
                    guard let k else { continue }
                    boxed.append(Entry(box: Self.number(i, j, k), place: place, isHome: i == x.home && j == y.home && k == z.home))
                }
            }
        }
    }

    /// The box along an axis, and the one beyond the border if that is near.
    private func boxes(_ fraction: Double, _ axis: Int) -> (home: Int?, neighbor: Int?) {
        let count = counts[axis]
        let x = (fraction - (isPeriodic[axis] ? fraction.rounded(.down) : 0)) * count
        let floor = x.rounded(.down)
        let (home, inside) = (wrapped(Int(floor), axis), x - floor)
        if count == 1, isPeriodic[axis] { return (home, nil) }
        if inside < border[axis] { return (home, wrapped(Int(floor) - 1, axis)) }
        return (home, inside > 1 - border[axis] ? wrapped(Int(floor) + 1, axis) : nil)
    }

    private func wrapped(_ box: Int, _ axis: Int) -> Int {
        let count = Int(counts[axis])
        if !isPeriodic[axis] { return box }
        return box < 0 ? box + count : box >= count ? box - count : box
    }

    private static func number(_ i: Int, _ j: Int, _ k: Int) -> UInt64 {
        var h = UInt64(bitPattern: Int64(i)) &* 0x9e37_79b9_7f4a_7c15
        h = (h ^ UInt64(bitPattern: Int64(j))) &* 0xbf58_476d_1ce4_e5b9
        h = (h ^ h >> 29 ^ UInt64(bitPattern: Int64(k))) &* 0x94d0_49bb_1331_11eb
        return h ^ h >> 32
    }
}
