import MaterialsCore
import Neighborhoods

/// Grows a sphere between atoms of different radii until it touches four of them.
struct SphereFit {
    private let crystal: CrystalStructure
    private let radii: [Double]

    init(_ crystal: CrystalStructure, _ radii: [Double]) { (self.crystal, self.radii) = (crystal, radii) }

    /// The radius of a sphere that touches the given atoms, where no other atom is in its way; else that of the start.
    ///
    ///     |x − c_k| = r + r_k,  k = 1…4
    func radius(from start: FractionalPosition, touching sites: ArraySlice<VoronoiNetwork.Site>) -> Double {
        let origin = crystal.lattice.cartesian(start)
        let spheres = sites.map { site in
            let n = site.image.cells
            let f = crystal.positions[Int(site.atom)].coordinates + SIMD3(Double(n.x), Double(n.y), Double(n.z))
            return (center: crystal.lattice.cartesian(FractionalPosition(f)) - origin, radius: radii[Int(site.atom)])
        }
        let room = spheres.map { $0.center.length - $0.radius }.min() ?? 0
        var best = room
        for i in spheres.indices {
            for j in spheres.indices where j > i {
                for k in spheres.indices where k > j {
                    for l in spheres.indices where l > k {
                        guard let (x, r) = Self.tangent([spheres[i], spheres[j], spheres[k], spheres[l]]), r > best, x.length < 1 else { continue }
                        if spheres.allSatisfy({ ($0.center - x).length - $0.radius >= r - 1e-9 }) { best = r }
                    }
                }
            }
        }
        return best
    }

    /// The sphere outside of four others that touches all; nil where there is none.
    private static func tangent(_ s: [(center: CartesianVector, radius: Double)]) -> (center: CartesianVector, radius: Double)? {
        // Differences of the squared equations are linear: 2 (c_k − c_0)·x + 2 (r_k − r_0) r = (|c_k|² − r_k²) − (|c_0|² − r_0²).
        let rows = (1...3).map { 2 * (s[$0].center - s[0].center) }
        let m = Lattice(a: rows[0], b: rows[1], c: rows[2])
        guard !m.isSingular else { return nil }
        func power(_ k: Int) -> Double { s[k].center.squaredLength - s[k].radius * s[k].radius }
        // x = u + r w by Cramer's rule, with the reciprocal rows as the inverse's columns.
        func solve(_ b: [Double]) -> CartesianVector { (b[0] * m.reciprocalA + b[1] * m.reciprocalB) + b[2] * m.reciprocalC }
        let u = solve((1...3).map { power($0) - power(0) })
        let w = solve((1...3).map { -2 * (s[$0].radius - s[0].radius) })
        // |u + r w − c_0|² = (r + r_0)²
        let d = u - s[0].center
        let (a, b, c) = (w.squaredLength - 1, 2 * (d.dot(w) - s[0].radius), d.squaredLength - s[0].radius * s[0].radius)
        let roots: [Double]
        if abs(a) < 1e-12 {
            guard b != 0 else { return nil }
            roots = [-c / b]
        } else {
            let discriminant = b * b - 4 * a * c
            guard discriminant >= 0 else { return nil }
            roots = [(-b + discriminant.squareRoot()) / (2 * a), (-b - discriminant.squareRoot()) / (2 * a)]
        }
        return roots.filter { $0 > 0 }.min().map { (u + $0 * w, $0) }
    }
}
