import MaterialsCore

/// Finds neighbours, structure after structure, in memory that it keeps.
///
///     var finder = NeighborFinder()
///     var list = NeighborList()
///     for crystal in crystals { try finder.find(crystal, cutoff: 5, into: &list) }
///
/// Small cells are searched by blocks of images, larger ones by a cell list, a cutoff of very many cells line by line; a skewed lattice
/// is reduced first. The list does not depend on which.
public struct NeighborFinder: Sendable {
    /// Up to so many atoms all pairs are looked at.
    static let imageLoopAtoms = 16

    private var atoms = PlacedAtoms()
    private var blocks = ImageBlocks()
    private var cells = CellList()

    /// A finder without memory yet.
    public init() {}

    /// Replaces the content of `list` by all neighbours within `cutoff` Å (positive, finite).
    ///
    /// - Throws: `too-many-neighbors`, `singular-lattice`, `bad-position`; the content of `list` is undefined then.
    public mutating func find(_ crystal: CrystalStructure, cutoff: Double, into list: inout NeighborList) throws(CandidateDefect) {
        list.clear()
        _ = try search(crystal, cutoff, nearest: 0, tolerance: 0, &list)
    }

    /// Adds the atoms of a crystal to those in `list`; neighbours are counted within the crystal.
    ///
    /// - Parameters:
    ///   - nearest: how many of its nearest neighbours within the cutoff an atom keeps; 0 keeps all
    ///   - tolerance: neighbours that are farther away than the last of them by at most so much are kept, too, Å
    /// - Returns: false where some of the nearest may lie beyond the cutoff
    /// - Throws: as `find`; the list is as it was then.
    public mutating func append(
        _ crystal: CrystalStructure, cutoff: Double, nearest: Int = 0, tolerance: Double = 0, to list: inout NeighborList
    ) throws(CandidateDefect) -> Bool {
        precondition(nearest >= 0 && tolerance >= 0)
        let atoms = list.atomCount
        do throws(CandidateDefect) { return try search(crystal, cutoff, nearest: nearest, tolerance: tolerance, &list) } catch {
            list.keepFirst(atoms)
            throw error
        }
    }

    /// Adds the neighbours within `cutoff` Å, of which each atom keeps the `nearest` and their ties (0: all).
    /// - Returns: false where some of the nearest may lie beyond the cutoff.
    mutating func search(
        _ crystal: CrystalStructure, _ cutoff: Double, nearest: Int, tolerance: Double, _ list: inout NeighborList
    ) throws(CandidateDefect) -> Bool {
        guard cutoff > 0, cutoff < .infinity else {
            throw CandidateDefect("bad-cutoff", "neighbours within \(cutoff) Å cannot be listed")
        }
        list.cutoff = cutoff
        if crystal.lattice.isSingular {
            throw CandidateDefect("singular-lattice", "the lattice vectors are not finite or lie in one plane")
        }
        let frame = SearchFrame(crystal.lattice, crystal.periodicity)
        if Self.isBeyondBounds(crystal, frame, cutoff) { throw NeighborList.tooMany(cutoff) }
        try atoms.load(crystal, frame)
        // All atoms of a lattice whose volume is a number lie within 10¹⁵⁰ Å.
        let radius = min(cutoff * (1 + 1e-8) + atoms.slack, 1e150)
        let prefersImages = Self.prefersImageLoop(frame, atoms.count, radius)
        if prefersImages {
            let reach = frame.reach(radius)
            if let sides = ImageBlocks.shorterSides(atoms: atoms.count, reach: reach) {
                return try blocks.run(
                    ImageSearch(
                        frame: frame, lattice: crystal.lattice, atoms: atoms, reach: reach, shorter: sides, nearest: nearest,
                        tolerance: tolerance), &list)
            }
        }
        // The other two ways number pairs from 0.
        var found = NeighborList()
        if list.atomCount == 0 { swap(&found, &list) }
        found.cutoff = cutoff
        try searchOthers(frame, crystal.lattice, radius, usesImages: prefersImages, &found)
        let others = crystal.periodicity == .none ? crystal.count - 1 : .max
        let isComplete = nearest == 0 || found.keepNearest(nearest, tolerance, others: others)
        if list.atomCount == 0 { swap(&found, &list) } else { list.append(found) }
        return isComplete
    }

    private mutating func searchOthers(
        _ frame: SearchFrame, _ lattice: Lattice, _ radius: Double, usesImages: Bool, _ list: inout NeighborList
    ) throws(CandidateDefect) {
        var writer = PairWriter(lattice, cutoff: list.cutoff)
        if usesImages {
            try ImageLoop(frame, radius: radius).run(atoms, &writer, &list)
        } else {
            let grid = BinGrid(frame, atoms, radius: radius)
            try cells.run(grid, atoms, squaredRadius: radius * radius, &writer, &list)
        }
        try writer.flush(&list)
    }

    /// Bins pay where most pairs of atoms are not neighbours.
    private static func prefersImageLoop(_ frame: SearchFrame, _ atoms: Int, _ radius: Double) -> Bool {
        if atoms <= imageLoopAtoms || radius / frame.shortest > CellList.maximumCellsReached { return true }
        let isCrystal = frame.periodic == SIMD3(1, 1, 1)
        return isCrystal && 4 * radius * radius * radius > frame.xx * frame.yy * frame.zz
    }

    /// True where the list is longer than allowed for certain: a ball holds at least as many lattice points as cells fit whole, and
    /// multiples of the shortest vector lie in it.
    private static func isBeyondBounds(_ crystal: CrystalStructure, _ frame: SearchFrame, _ cutoff: Double) -> Bool {
        let (atoms, limit) = (Double(crystal.count), Double(NeighborList.maximumPairs))
        if crystal.count > Int32.max || atoms * (cutoff / frame.shortest - 1) > limit { return true }
        guard crystal.periodicity == .full else { return false }
        let diameter = (frame.xx + abs(frame.xy) + abs(frame.xz)) + (frame.yy + abs(frame.yz)) + frame.zz
        let r = max(0, cutoff - diameter)
        // Each atom has at least this many neighbours of each atom.
        return atoms * atoms * (4 * r * r * r / (frame.xx * frame.yy * frame.zz)) > limit
    }
}
