import MaterialsCore
import Neighborhoods

/// The neighbour list as its definition says: all pairs, all images of a box that surely holds the sphere.
struct NaiveNeighborList {
    var offsets = [0]
    var neighbors: [Int32] = []
    var images: [CellOffset] = []
    var vectors: [CartesianVector] = []
    var distances: [Double] = []

    init(_ crystal: CrystalStructure, cutoff: Double) {
        let lattice = crystal.lattice
        let spacings = lattice.planeSpacings
        for i in 0..<crystal.count {
            for j in 0..<crystal.count {
                let d = crystal.positions[j].coordinates - crystal.positions[i].coordinates
                func reach(_ axis: Int) -> ClosedRange<Int32> {
                    guard crystal.periodicity[axis] else { return 0...0 }
                    // An open axis may make the lattice look thinner than the periodic ones are: the box only gets larger.
                    let r = cutoff / spacings[axis] * (1 + 1e-9)
                    return Int32((-r - d[axis]).rounded(.down))...Int32((r - d[axis]).rounded(.up))
                }
                for na in reach(0) {
                    for nb in reach(1) {
                        for nc in reach(2) where !(i == j && na == 0 && nb == 0 && nc == 0) {
                            let v = lattice.cartesian(FractionalPosition(d + SIMD3(Double(na), Double(nb), Double(nc))))
                            if v.length > cutoff { continue }
                            neighbors.append(Int32(j))
                            images.append(CellOffset(na, nb, nc))
                            vectors.append(v)
                            distances.append(v.length)
                        }
                    }
                }
            }
            offsets.append(neighbors.count)
        }
    }

    /// True where the other list is the same to the last bit.
    func equals(_ list: NeighborList) -> Bool {
        offsets == list.offsets && neighbors == list.neighbors && images == list.images && vectors == list.vectors
            && distances == list.distances
    }
}
