import MaterialsCore

/// The Voronoi cell of every atom of a crystal, or its radical (power) cell.
///
///     x is in the cell of i where |x - r_i|² - w_i ≤ |x - r_j - n·L|² - w_j for all j, n
///
/// - Input:    a crystal periodic along all axes; squared radii w in Å², one an atom (none: all equal, the Voronoi tessellation)
/// - Output:   faces atom by atom in the order of a neighbour list (j, then offset), with the polyhedra's vertices and edges
/// - Scope:    rejects open axes (`not-periodic`) and atoms on one point (`coincident-atoms`), and what a neighbour list rejects. A radical
///   cell may be empty (volume 0) or leave its atom outside (then heights and solid angles of some faces are negative)
/// - Numerics: planes are cut in order of distance, until the nearest possible other plane lies beyond the farthest vertex. Planes that
///   come nearer than 10⁻⁹ of the mean atomic diameter to a vertex touch it: faces smaller than that are left out. Volumes add up to that
///   of the cell to about 10⁻¹² of it, 10⁻⁹ in degenerate cells
/// - Cost:     about 15 µs a cell of 14 faces
/// - Source:   G. Voronoi, J. Reine Angew. Math. 134, 198 (1908), doi:10.1515/crll.1908.134.198; B. J. Gellatly, J. L. Finney,
///   J. Non-Cryst. Solids 50, 313 (1982), doi:10.1016/0022-3093(82)90093-X (radical planes); the test for completeness is that of
///   C. H. Rycroft, Chaos 19, 041111 (2009), doi:10.1063/1.3215722
public struct VoronoiTessellation: Sendable {
    /// `atoms + 1` offsets into the faces.
    public private(set) var offsets: [Int] = [0]
    /// Atom beyond each face.
    public private(set) var neighbors: [Int32] = []
    /// Cells by which it is moved.
    public private(set) var images: [CellOffset] = []
    /// To it from the atom of the cell, Å.
    public private(set) var vectors: [CartesianVector] = []
    /// Length of the vector, Å.
    public private(set) var distances: [Double] = []
    /// Area of each face, Å².
    public private(set) var areas: [Double] = []
    /// Distance of the plane from the atom, Å; half the distance of the neighbour unless radii differ.
    public private(set) var heights: [Double] = []
    /// Solid angle under which the atom sees the face, steradian; those of a cell add up to 4π.
    public private(set) var solidAngles: [Double] = []
    /// Volume of each cell, Å³.
    public private(set) var volumes: [Double] = []
    /// `atoms + 1` offsets into `vertices`.
    public private(set) var vertexOffsets: [Int] = [0]
    /// Vertices of each cell, from its atom, Å.
    public private(set) var vertices: [CartesianVector] = []
    /// `faces + 1` offsets into `loops`.
    public private(set) var loopOffsets: [Int] = [0]
    /// Vertices around each face, as numbers within the cell.
    public private(set) var loops: [Int32] = []

    /// Atoms.
    public var atomCount: Int { volumes.count }
    /// Faces of the cell of an atom.
    public func faces(of atom: Int) -> Range<Int> { offsets[atom]..<offsets[atom + 1] }
    /// Edges of a face.
    public func edgeCount(_ face: Int) -> Int { loopOffsets[face + 1] - loopOffsets[face] }

    /// Cuts the cells of all atoms.
    public init(_ crystal: CrystalStructure, squaredRadii: [Double] = []) throws(CandidateDefect) {
        precondition(squaredRadii.isEmpty || squaredRadii.count == crystal.count)
        if crystal.periodicity != .full {
            throw CandidateDefect("not-periodic", "cells of atoms are closed only in structures that repeat along all three axes")
        }
        let spacing = PortableMath.cbrt(crystal.lattice.volume / Double(max(crystal.count, 1)))
        let weights = squaredRadii.isEmpty ? [Double](repeating: 0, count: crystal.count) : squaredRadii
        let largest = weights.max() ?? 0
        var cutter = CellCutter(tolerance: 1e-9 * spacing)
        var (finder, list) = (NeighborFinder(), NeighborList())
        var cutoff = 2.2 * spacing
        var atom = 0
        // Cells are made in order; a longer list is fetched where one needs it.
        while atom < crystal.count {
            try finder.find(crystal, cutoff: cutoff, into: &list)
            while atom < crystal.count {
                let needed = try cutter.cut(atom, list, weights, largest)
                if needed > cutoff {
                    cutoff = min(needed * (1 + 1e-9), cutoff * 1.3)
                    break
                }
                append(cutter, list)
                atom += 1
            }
        }
    }

    private mutating func append(_ cutter: CellCutter, _ list: NeighborList) {
        let cell = cutter.cell
        var volume = 0.0
        for face in (0..<cell.faceCount).sorted(by: { cell.planes[$0] < cell.planes[$1] }) {
            let pair = Int(cell.planes[face])
            let loop = cell.loops[Int(cell.starts[face])..<Int(cell.starts[face + 1])]
            let height = cutter.height(of: pair)
            let (area, angle) = measure(cell.vertices, loop)
            neighbors.append(list.neighbors[pair])
            images.append(list.images[pair])
            vectors.append(list.vectors[pair])
            distances.append(list.distances[pair])
            areas.append(area)
            heights.append(height)
            solidAngles.append(height < 0 ? -angle : angle)
            loops.append(contentsOf: loop)
            loopOffsets.append(loops.count)
            volume += area * height / 3
        }
        offsets.append(neighbors.count)
        volumes.append(max(0, volume))
        for v in cell.vertices { vertices.append(CartesianVector(v)) }
        vertexOffsets.append(vertices.count)
    }

    /// Area of a polygon, and the solid angle it takes up seen from the origin (A. van Oosterom, J. Strackee, IEEE Trans. Biomed. Eng.
    /// 30, 125 (1983), doi:10.1109/TBME.1983.325207), both as a fan of triangles.
    private func measure(_ vertices: [SIMD3<Double>], _ loop: ArraySlice<Int32>) -> (area: Double, angle: Double) {
        let a = CartesianVector(vertices[Int(loop.first!)])
        var sum = CartesianVector(0, 0, 0)
        var angle = 0.0
        for p in loop.indices.dropFirst().dropLast() {
            let b = CartesianVector(vertices[Int(loop[p])])
            let c = CartesianVector(vertices[Int(loop[p + 1])])
            sum = sum + (b - a).cross(c - a)
            let (la, lb, lc) = (a.length, b.length, c.length)
            let below = ((la * lb * lc + a.dot(b) * lc) + a.dot(c) * lb) + b.dot(c) * la
            angle += 2 * PortableMath.atan2(abs(a.dot(b.cross(c))), below)
        }
        return (0.5 * sum.length, angle)
    }
}

/// Cuts one cell after the other.
struct CellCutter {
    /// The cell; its planes are pairs of the list.
    private(set) var cell = ConvexPolyhedron()
    private let tolerance: Double
    private var order: [(distance: Double, pair: Int)] = []
    private var first = 0
    private var pairHeights: [Double] = []

    init(tolerance: Double) { self.tolerance = tolerance }

    /// Distance of the plane of a pair of the atom last cut.
    func height(of pair: Int) -> Double { pairHeights[pair - first] }

    /// Cuts the cell of an atom.
    /// - Returns: how far neighbours have to be known; infinity where the cell is not closed.
    mutating func cut(_ atom: Int, _ list: NeighborList, _ weights: [Double], _ largest: Double) throws(CandidateDefect) -> Double {
        let range = list.range(of: atom)
        first = range.lowerBound
        order.removeAll(keepingCapacity: true)
        for p in range { order.append((list.distances[p], p)) }
        order.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.pair < $1.pair }
        pairHeights.removeAll(keepingCapacity: true)
        pairHeights.append(contentsOf: repeatElement(0, count: range.count))
        let excess = largest - weights[atom]
        cell.reset(halfEdge: 4 * list.cutoff)
        var needed = Double.infinity
        for (distance, pair) in order {
            if distance > needed { break }
            guard distance > tolerance else { throw Self.coincident(atom, Int(list.neighbors[pair])) }
            let height = 0.5 * (distance + (weights[atom] - weights[Int(list.neighbors[pair])]) / distance)
            pairHeights[pair - first] = height
            cell.cut((1 / distance) * list.vectors[pair].angstroms, height, plane: Int32(truncatingIfNeeded: pair), tolerance: tolerance)
            if cell.isEmpty { return 0 }
            // A plane at distance d is no nearer than (d - excess / d) / 2.
            let squared = cell.squaredRadius
            needed = squared.squareRoot() + (squared + excess).squareRoot()
        }
        return needed
    }

    private static func coincident(_ i: Int, _ j: Int) -> CandidateDefect {
        CandidateDefect("coincident-atoms", "atoms \(min(i, j) + 1) and \(max(i, j) + 1) are on one point")
    }
}
