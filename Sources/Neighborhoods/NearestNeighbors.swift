import MaterialsCore

extension NeighborFinder {
    /// Replaces the content of `list` by the `count` nearest neighbours of each atom, and those as far as the last of them.
    ///
    /// - Parameters:
    ///   - tolerance: distances that differ by at most so much are equal, Å; a shell is kept whole or not at all
    /// - Throws: as `find`.
    ///
    /// Pairs are sorted by i, j, offset. An atom of a molecule may have fewer neighbours. A pair need not be there backwards.
    public mutating func findNearest(
        _ crystal: CrystalStructure, count: Int, tolerance: Double = 1e-6, into list: inout NeighborList
    ) throws(CandidateDefect) {
        precondition(count > 0 && tolerance >= 0)
        var cutoff = Self.firstCutoff(crystal, count) + tolerance
        list.clear()
        while try !append(crystal, cutoff: cutoff, nearest: count, tolerance: tolerance, to: &list) {
            list.clear()
            cutoff *= 1.3
        }
        list.cutoff = list.distances.max() ?? 0
    }

    /// Radius of a ball that holds half as many again at the mean density, atoms of an open structure counted in their bounding box.
    private static func firstCutoff(_ crystal: CrystalStructure, _ count: Int) -> Double {
        var volume = crystal.lattice.volume
        for axis in 0..<3 where !crystal.periodicity[axis] {
            let f = crystal.positions.map { $0.coordinates[axis] }
            volume *= max((f.max() ?? 0) - (f.min() ?? 0), 1e-3)
        }
        let perAtom = volume / Double(max(crystal.count, 1))
        let radius = PortableMath.cbrt(perAtom * Double(count + 1) * 0.36)
        return radius > 1e-3 && radius < .infinity ? radius : 1
    }
}

extension NeighborList {
    /// Keeps of each atom the nearest and their ties; `others` is how many neighbours it can have at any distance.
    /// - Returns: false where some may lie beyond the cutoff.
    mutating func keepNearest(_ count: Int, _ tolerance: Double, others: Int) -> Bool {
        var (place, first, isComplete) = (0, 0, true)
        var near: [Double] = []
        for atom in 0..<atomCount {
            let range = first..<offsets[atom + 1]
            near.removeAll(keepingCapacity: true)
            near.append(contentsOf: distances[range])
            near.sort()
            let limit = near.count < count ? .infinity : near[count - 1] + tolerance
            if limit > cutoff, range.count < others { isComplete = false }
            for p in range where distances[p] <= limit {
                neighbors[place] = neighbors[p]
                images[place] = images[p]
                vectors[place] = vectors[p]
                distances[place] = distances[p]
                place += 1
            }
            first = range.upperBound
            offsets[atom + 1] = place
        }
        let surplus = pairCount - place
        neighbors.removeLast(surplus)
        images.removeLast(surplus)
        vectors.removeLast(surplus)
        distances.removeLast(surplus)
        return isComplete
    }
}
