import CKernels
import MaterialsCore
import Neighborhoods

/// Symmetry functions of one centre after the other; keeps its memory from structure to structure.
struct ACSFSites {
    private let kernel: ACSFKernel
    private let settings: ACSFSettings
    private var finder = NeighborFinder()
    private var neighbors = NeighborList()
    /// Kind of each atom.
    private var kinds: [Int] = []
    /// First lane of each kind of atoms, and how many there are.
    private var starts: [Int]
    private var counts: [Int]
    /// Lanes that an array of neighbours has room for.
    private var room = 0
    /// x, y, z, square, inverse, distance and cutoff function of the neighbours, `room` values each.
    private var lanes: [Double] = []
    private var scratch: [Double]

    init(kernel: ACSFKernel, settings: ACSFSettings) {
        (self.kernel, self.settings) = (kernel, settings)
        let kindCount = settings.species.count
        (starts, counts) = ([Int](repeating: 0, count: kindCount), [Int](repeating: 0, count: kindCount))
        scratch = [Double](repeating: 0, count: kernel.scratchCount)
    }

    /// Turns to another structure.
    /// - Throws: `unknown-species`, `coincident-atoms`, and what `NeighborFinder` throws.
    mutating func load(_ crystal: CrystalStructure) throws(CandidateDefect) {
        kinds = try settings.species.places(of: crystal, for: ACSFDescriptor.name)
        try finder.find(crystal, cutoff: settings.cutoff, into: &neighbors)
        for distance in neighbors.distances where distance == 0 {
            throw CandidateDefect("coincident-atoms", "two atoms are on one position, so that \(ACSFDescriptor.name) has no angles")
        }
        var most = 0
        for atom in kinds.indices { most = max(most, neighbors.range(of: atom).count) }
        let needed = most + 8 * settings.species.count
        if needed > room {
            room = needed
            lanes = [Double](repeating: 0, count: 7 * room)
        }
    }

    /// Adds the functions of a centre to a row of zeros: kind by kind G1, G2, G3, then pair by pair of kinds G4, G5.
    mutating func describe(_ centre: Int, into row: UnsafeMutablePointer<Double>) {
        sortNeighbors(of: centre)
        let (kernel, starts, counts, room) = (kernel, starts, counts, room)
        // The loops are C: they take pointers into arrays that have room for whole lanes.
        lanes.withUnsafeMutableBufferPointer { lanes in
            guard let base = lanes.baseAddress else { return }
            for kind in counts.indices where counts[kind] > 0 {
                kernel.addPairs(base + starts[kind], room: room, count: counts[kind], to: row + kind * kernel.pairCount)
            }
            if kernel.tripleCount == 0 { return }
            var sums = row + counts.count * kernel.pairCount
            for first in counts.indices {
                for second in 0...first {
                    if counts[first] > 0, counts[second] > 0 {
                        kernel.addTriples(
                            Self.atoms(base + starts[first], room, counts[first]), Self.atoms(base + starts[second], room, counts[second]),
                            isSame: first == second, scratch: &scratch, to: sums)
                    }
                    sums += kernel.tripleCount
                }
            }
        }
    }

    private static func atoms(_ at: UnsafePointer<Double>, _ room: Int, _ count: Int) -> matsieve_acsf_atoms {
        matsieve_acsf_atoms(
            count: count, x: at, y: at + room, z: at + 2 * room, square: at + 3 * room, inverse: at + 4 * room, cutoff: at + 6 * room)
    }

    /// Brings the neighbours of a centre into lanes, kind by kind, each filled up with zeros to a multiple of 8.
    private mutating func sortNeighbors(of centre: Int) {
        let range = neighbors.range(of: centre)
        for kind in counts.indices { counts[kind] = 0 }
        for pair in range { counts[kinds[Int(neighbors.neighbors[pair])]] += 1 }
        var lane = 0
        for kind in starts.indices {
            starts[kind] = lane
            lane += (counts[kind] + 7) / 8 * 8
            for filler in max(starts[kind], lane - 8)..<lane {
                (lanes[filler], lanes[room + filler], lanes[2 * room + filler]) = (0, 0, 0)
            }
            counts[kind] = 0
        }
        for pair in range {
            let kind = kinds[Int(neighbors.neighbors[pair])]
            let lane = starts[kind] + counts[kind]
            counts[kind] += 1
            let v = neighbors.vectors[pair].angstroms
            (lanes[lane], lanes[room + lane], lanes[2 * room + lane]) = (v.x, v.y, v.z)
        }
    }
}
