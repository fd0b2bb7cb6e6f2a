import CKernels
import MaterialsCore
import Neighborhoods

/// Expands the surroundings of one centre after the other; keeps its memory from structure to structure.
struct SOAPExpansion {
    private let kernel: SOAPKernel
    private let settings: SOAPSettings
    /// Kind of each atom.
    private var kinds: [Int] = []
    /// Factor of each atom's density.
    private var atomWeights: [Double] = []
    private var finder = NeighborFinder()
    private var neighbors = NeighborList()
    /// First lane of each kind of atoms, and where its atoms end.
    private var starts: [Int]
    private var ends: [Int]
    /// Neighbours of the centre, kind by kind, each filled up with zeros to a multiple of 8.
    private var x: [Double] = []
    private var y: [Double] = []
    private var z: [Double] = []
    private var weights: [Double] = []
    private var scratch: [Double]
    /// Coefficients of the centre: kinds × harmonics × radial functions, filler included. Zero for kinds that are not near.
    private(set) var coefficients: [Double]
    /// True for the kinds of atoms near the centre.
    private(set) var isNear: [Bool]

    init(kernel: SOAPKernel, settings: SOAPSettings) {
        (self.kernel, self.settings) = (kernel, settings)
        let kindCount = settings.kinds.count
        (starts, ends) = ([Int](repeating: 0, count: kindCount), [Int](repeating: 0, count: kindCount))
        scratch = [Double](repeating: 0, count: kernel.withBasis { matsieve_soap_scratch($0) })
        coefficients = [Double](repeating: 0, count: kindCount * kernel.coefficientCount)
        isNear = [Bool](repeating: false, count: kindCount)
    }

    /// Turns to another structure.
    /// - Throws: `unknown-species`, and what `NeighborFinder` throws.
    mutating func load(_ crystal: CrystalStructure) throws(CandidateDefect) {
        let species = try settings.species.places(of: crystal, for: SOAPDescriptor.name)
        atomWeights = species.map { settings.speciesWeights[$0] }
        kinds = settings.kinds.isAny ? [Int](repeating: 0, count: crystal.count) : species
        try finder.find(crystal, cutoff: settings.cutoff + settings.padding, into: &neighbors)
        var most = 0
        for atom in kinds.indices { most = max(most, neighbors.range(of: atom).count) }
        let room = most + 1 + 8 * settings.kinds.count
        if room > x.count {
            x = [Double](repeating: 0, count: room)
            (y, z, weights) = (x, x, x)
        }
    }

    /// Fills `coefficients` with those of an atom.
    mutating func expand(_ centre: Int) {
        sortNeighbors(of: centre)
        let (kindCount, size) = (starts.count, kernel.coefficientCount)
        // The loops are C: they take pointers into arrays that have room for whole lanes.
        kernel.withBasis { basis in
            scratch.withUnsafeMutableBufferPointer { scratch in
                coefficients.withUnsafeMutableBufferPointer { coefficients in
                    for kind in 0..<kindCount {
                        let out = coefficients.baseAddress! + kind * size
                        let first = starts[kind]
                        isNear[kind] = ends[kind] > first
                        if !isNear[kind] {
                            out.update(repeating: 0, count: size)
                            continue
                        }
                        x.withUnsafeBufferPointer { x in
                            y.withUnsafeBufferPointer { y in
                                z.withUnsafeBufferPointer { z in
                                    weights.withUnsafeBufferPointer { w in
                                        matsieve_soap_expand(
                                            basis, x.baseAddress! + first, y.baseAddress! + first, z.baseAddress! + first,
                                            w.baseAddress! + first, ends[kind] - first, scratch.baseAddress!, out)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Brings the neighbours of a centre into lanes: the centre itself first, then the others in the order of the list.
    private mutating func sortNeighbors(of centre: Int) {
        let range = neighbors.range(of: centre)
        for kind in ends.indices { ends[kind] = 0 }
        ends[kinds[centre]] = 1
        for pair in range { ends[kinds[Int(neighbors.neighbors[pair])]] += 1 }
        var lane = 0
        for kind in starts.indices {
            starts[kind] = lane
            lane += (ends[kind] + 7) / 8 * 8
            // The last lanes of a kind may be filler.
            for filler in max(starts[kind], lane - 8)..<lane { (x[filler], y[filler], z[filler], weights[filler]) = (0, 0, 0, 0) }
            ends[kind] = starts[kind]
        }
        place(centre, CartesianVector(0, 0, 0), 0)
        for pair in range { place(Int(neighbors.neighbors[pair]), neighbors.vectors[pair], neighbors.distances[pair]) }
    }

    @inline(__always)
    private mutating func place(_ atom: Int, _ vector: CartesianVector, _ distance: Double) {
        let kind = kinds[atom]
        let lane = ends[kind]
        ends[kind] = lane + 1
        let v = vector.angstroms
        (x[lane], y[lane], z[lane]) = (v.x, v.y, v.z)
        weights[lane] = (settings.weighting.isConstant ? 1 : settings.weighting(distance)) * atomWeights[atom]
    }
}
