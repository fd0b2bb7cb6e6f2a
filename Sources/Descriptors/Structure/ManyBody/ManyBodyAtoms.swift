import MaterialsCore
import Neighborhoods

/// Atoms of a structure with their neighbours as a many-body descriptor counts them.
struct ManyBodyAtoms {
    /// Kinds of atoms that the structure has, ascending, by place among the species.
    let present: [Int]
    /// Of each atom: place in `present`.
    let kinds: [Int]
    /// Empty for descriptors of single atoms.
    let neighbors: NeighborList
    private let weighting: ManyBodyWeighting

    /// - Throws: `unknown-species`, `coincident-atoms`, `too-many-neighbors`
    init(_ crystal: CrystalStructure, _ settings: ManyBodySettings, for descriptor: String) throws(CandidateDefect) {
        let places = try settings.species.places(of: crystal, for: descriptor)
        let present = Set(places).sorted()
        (self.present, weighting) = (present, settings.weighting)
        var local = [Int](repeating: 0, count: settings.species.count)
        for (k, place) in present.enumerated() { local[place] = k }
        kinds = places.map { local[$0] }
        guard settings.geometry.order > 1 else {
            neighbors = NeighborList()
            return
        }
        var structure = crystal
        if !settings.isPeriodic { structure.periodicity = .none }
        neighbors = try NeighborList(structure, cutoff: settings.cutoff ?? Self.extent(crystal))
        for i in 0..<crystal.count {
            for p in neighbors.range(of: i) where neighbors.distances[p] <= 1e-8 {
                throw coincidentAtoms(i, Int(neighbors.neighbors[p]))
            }
        }
    }

    /// A distance that no two atoms of the cell exceed.
    private static func extent(_ crystal: CrystalStructure) -> Double {
        var low = SIMD3<Double>(repeating: .infinity)
        var high = -low
        for i in 0..<crystal.count {
            let r = crystal.cartesian(i).angstroms
            low = pointwiseMin(low, r)
            high = pointwiseMax(high, r)
        }
        return CartesianVector(high - low).length + 1
    }

    /// Weight of a pair at a distance.
    func pairWeight(_ distance: Double) -> Double {
        switch weighting {
        case .exponential(let scale, _): PortableMath.exp(-scale * distance)
        case .inverseSquare: 1 / (distance * distance)
        case .unity, .smoothCutoff: 1
        }
    }

    /// What one leg of a triple, of such a length, brings to its weight.
    func legWeight(_ distance: Double) -> Double {
        guard case .smoothCutoff(let cutoff, let y) = weighting else { return pairWeight(distance) }
        let power = PortableMath.pow(distance / cutoff, y)
        return 1 + y * (power * (distance / cutoff)) - (y + 1) * power
    }
}

/// Neighbours of one atom, laid out for a loop over pairs of them.
struct TripleLegs {
    /// From the atom to its neighbours, Å.
    private(set) var vectors: [CartesianVector] = []
    /// Lengths, Å.
    private(set) var lengths: [Double] = []
    /// Weights.
    private(set) var weights: [Double] = []
    /// Kinds of the neighbours.
    private(set) var kinds: [Int] = []

    /// Number of neighbours.
    var count: Int { lengths.count }

    init(of atom: Int, among atoms: ManyBodyAtoms) {
        let range = atoms.neighbors.range(of: atom)
        vectors = Array(atoms.neighbors.vectors[range])
        lengths = Array(atoms.neighbors.distances[range])
        kinds = atoms.neighbors.neighbors[range].map { atoms.kinds[Int($0)] }
        weights = lengths.map(atoms.legWeight)
    }
}

/// The weight of a triple from its three sides.
struct TripleWeight {
    /// Scale of the exponential; 0 where the third side does not count.
    private let scale: Double
    private let longestWay: Double

    init(_ weighting: ManyBodyWeighting) {
        guard case .exponential(let scale, let reach) = weighting else {
            (self.scale, longestWay) = (0, .infinity)
            return
        }
        (self.scale, longestWay) = (scale, reach * (1 + 1e-10))
    }

    /// True where the third side does not count.
    @inline(__always) var ignoresThirdSide: Bool { scale == 0 }

    /// Weight of the third side; 0 where the way round is too long.
    @inline(__always) func thirdSide(_ length: Double, way: Double) -> Double {
        if ignoresThirdSide { return 1 }
        return way > longestWay ? 0 : PortableMath.exp(-scale * length)
    }
}

/// The angle at the meeting point of two vectors, in degrees, or its cosine.
@inline(__always)
func angleValue(_ u: CartesianVector, _ v: CartesianVector, _ product: Double, isCosine: Bool) -> Double {
    let dot = u.dot(v)
    if isCosine { return max(-1, min(1, dot / product)) }
    // Keeps its digits for atoms in a line, where the cosine does not.
    return PortableMath.atan2(u.cross(v).length, dot) * (180 / Double.pi)
}
