extension FacetGraph {
    /// All facets that hold a column, or all there are, in the order in which they are met from `start`.
    mutating func facets(from start: Int, holding column: Int32? = nil) -> [Int] {
        var found = [start]
        var seen: Set<Int> = [start]
        var next = 0
        while next < found.count {
            let facet = found[next]
            next += 1
            for place in 0..<phases.dimension where column == nil || columns[facet * phases.dimension + place] != column {
                guard let other = neighbor(of: facet, across: place), seen.insert(other).inserted else { continue }
                found.append(other)
            }
        }
        return found
    }

    /// Chemical potentials above the elements at which the phases of a facet are in balance, eV.
    func potentials(of facet: Int) -> [Double] { basis(facet).potentials(phases.energies) }

    /// Where a facet ends at the border of the system across from `place`: the direction in which the potentials may go on for ever.
    func openDirection(of facet: Int, across place: Int) -> [Double] {
        let n = phases.dimension
        return (0..<n).map { -inverses[facet * n * n + place * n + $0] }
    }
}
