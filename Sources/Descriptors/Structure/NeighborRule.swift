import MaterialsCore
import Neighborhoods

/// Which atoms count as bonded to an atom, as plans choose it.
///
/// | `neighbors` | bonded | weight | further settings |
/// |---|---|---|---|
/// | `cutoff` | within `cutoff` Å | 1 | `cutoff` (3.5) |
/// | `nearest` | the `count` nearest, and those as far as the last | 1 | `count` (12) |
/// | `minimum-distance` | nearer than (1 + `tolerance`) times the nearest | smallest distance over distance | `tolerance` (0.1) |
/// | `voronoi` | faces of the Voronoi cell above `tolerance` of the largest solid angle | solid angle over the largest | `tolerance` (10⁻⁶) |
///
/// The last two are MinimumDistanceNN and VoronoiNN of pymatgen. Faces of a millionth come and go with rounding in symmetric crystals.
enum NeighborRule: Sendable {
    case cutoff(Double)
    case nearest(Int)
    case minimumDistance(Double)
    case voronoi(Double)

    /// Names in plans.
    enum Name: String, CaseIterable, Sendable {
        case cutoff, nearest, voronoi
        case minimumDistance = "minimum-distance"
    }

    /// Reads `neighbors` and the setting that goes with it.
    init(settings: inout Settings, default name: Name) throws {
        switch try settings.choice("neighbors", default: name) {
        case .cutoff: self = .cutoff(try settings.number("cutoff", default: 3.5, in: 0.1...30))
        case .nearest: self = .nearest(try settings.integer("count", default: 12, in: 1...1000))
        case .minimumDistance: self = .minimumDistance(try settings.number("tolerance", default: 0.1, in: 1e-6...10))
        case .voronoi: self = .voronoi(try settings.number("tolerance", default: 1e-6, in: 0...1))
        }
    }

    /// The bonds of a structure.
    func bonds(of crystal: CrystalStructure) throws(CandidateDefect) -> Bonds {
        switch self {
        case .cutoff(let radius): return Bonds(try NeighborList(crystal, cutoff: radius))
        case .nearest(let count):
            var (finder, list) = (NeighborFinder(), NeighborList())
            try finder.findNearest(crystal, count: count, into: &list)
            return Bonds(list)
        case .minimumDistance(let tolerance): return try Self.shortestBonds(crystal, tolerance)
        case .voronoi(let tolerance): return Bonds(try VoronoiTessellation(crystal), tolerance: tolerance)
        }
    }

    private static func shortestBonds(_ crystal: CrystalStructure, _ tolerance: Double) throws(CandidateDefect) -> Bonds {
        var (finder, list) = (NeighborFinder(), NeighborList())
        try finder.findNearest(crystal, count: 1, into: &list)
        var nearest = [Double](repeating: .infinity, count: crystal.count)
        for i in 0..<crystal.count { for p in list.range(of: i) { nearest[i] = min(nearest[i], list.distances[p]) } }
        let farthest = list.cutoff
        guard farthest > 0 else { return Bonds(list) }
        try finder.find(crystal, cutoff: farthest * (1 + tolerance), into: &list)
        return Bonds(list, nearest: nearest, tolerance: tolerance)
    }
}

/// Bonds of all atoms, in both directions, atom by atom.
struct Bonds {
    /// `atoms + 1` offsets into the arrays below.
    private(set) var offsets = [0]
    /// Bonded atom.
    private(set) var neighbors: [Int32] = []
    /// Length, Å.
    private(set) var lengths: [Double] = []
    /// From the atom to the bonded one, of length 1.
    private(set) var directions: [CartesianVector] = []
    /// Between 0 and 1.
    private(set) var weights: [Double] = []

    var atomCount: Int { offsets.count - 1 }
    func range(of atom: Int) -> Range<Int> { offsets[atom]..<offsets[atom + 1] }

    /// Every pair is a bond.
    init(_ list: NeighborList) {
        for i in 0..<list.atomCount {
            for p in list.range(of: i) { append(list.neighbors[p], list.vectors[p], list.distances[p], 1) }
            offsets.append(neighbors.count)
        }
    }

    /// Pairs below (1 + tolerance) times the nearest of each atom.
    init(_ list: NeighborList, nearest: [Double], tolerance: Double) {
        for i in 0..<list.atomCount {
            for p in list.range(of: i) where list.distances[p] < (1 + tolerance) * nearest[i] {
                append(list.neighbors[p], list.vectors[p], list.distances[p], nearest[i] / list.distances[p])
            }
            offsets.append(neighbors.count)
        }
    }

    /// Faces above the given part of the largest solid angle.
    init(_ cells: VoronoiTessellation, tolerance: Double) {
        for i in 0..<cells.atomCount {
            let largest = cells.faces(of: i).reduce(0) { max($0, cells.solidAngles[$1]) }
            for f in cells.faces(of: i) where cells.solidAngles[f] > tolerance * largest {
                append(cells.neighbors[f], cells.vectors[f], cells.distances[f], cells.solidAngles[f] / largest)
            }
            offsets.append(neighbors.count)
        }
    }

    private mutating func append(_ neighbor: Int32, _ vector: CartesianVector, _ length: Double, _ weight: Double) {
        // Atoms on one point have no direction between them.
        if length == 0 { return }
        neighbors.append(neighbor)
        lengths.append(length)
        directions.append((1 / length) * vector)
        weights.append(weight)
    }
}
