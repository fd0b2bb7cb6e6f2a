import MaterialsCore

/// Seeded crystals of any shape: skewed cells, positions outside the cell, no two atoms closer than `separation`.
public struct RandomCrystals {
    private var random: SplitMix64
    /// Elements to choose from.
    public var elements: [UInt8] = [3, 8, 11, 13, 14, 17, 22, 26, 38, 56]
    /// Shortest distance between atoms, images included, Å.
    public var separation = 1.7

    /// Crystals of a seed.
    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func number(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + random.nextUnit() * (range.upperBound - range.lowerBound)
    }

    /// A skewed cell of so many atoms.
    public mutating func crystal(atoms: Int, periodicity: Periodicity = .full) -> CrystalStructure {
        while true {
            let edge = 2.6 * PortableMath.cbrt(Double(atoms))
            let lengths = SIMD3(edge * number(0.8...1.3), edge * number(0.8...1.3), edge * number(0.8...1.3))
            guard let lattice = Lattice(lengths: lengths, degrees: SIMD3(number(55...125), number(55...125), number(55...125))),
                lattice.volume > 12 * Double(atoms)
            else { continue }
            if let positions = positions(atoms, in: lattice) {
                let z = (0..<atoms).map { _ in elements[random.nextInt(below: elements.count)] }
                return CrystalStructure(lattice: lattice, periodicity: periodicity, atomicNumbers: z, positions: positions)
            }
        }
    }

    /// Positions that keep the separation; nil where the cell is too narrow.
    private mutating func positions(_ count: Int, in lattice: Lattice) -> [FractionalPosition]? {
        guard RandomCrystals.isFree(FractionalPosition(0, 0, 0), of: [], in: lattice, separation) else { return nil }
        var chosen: [FractionalPosition] = []
        for _ in 0..<10_000 where chosen.count < count {
            let p = FractionalPosition(number(-0.3...1.3), number(-0.3...1.3), number(-0.3...1.3))
            if RandomCrystals.isFree(p, of: chosen, in: lattice, separation) { chosen.append(p) }
        }
        return chosen.count == count ? chosen : nil
    }

    private static func isFree(_ p: FractionalPosition, of others: [FractionalPosition], in lattice: Lattice, _ separation: Double) -> Bool
    {
        func isNear(_ d: SIMD3<Double>, including zero: Bool) -> Bool {
            for a in -2...2 {
                for b in -2...2 {
                    for c in -2...2 where zero || a != 0 || b != 0 || c != 0 {
                        let n = SIMD3(Double(a), Double(b), Double(c))
                        if lattice.cartesian(FractionalPosition(d + n)).length < separation { return true }
                    }
                }
            }
            return false
        }
        if isNear(.zero, including: false) { return false }
        return !others.contains { isNear(FractionalPosition(p.coordinates - $0.coordinates).wrapped.coordinates, including: true) }
    }

    /// A proper rotation by random angles, as three rows.
    public mutating func rotation() -> [CartesianVector] {
        // A random unit quaternion.
        var q = SIMD4<Double>(repeating: 0)
        var norm = 0.0
        while norm < 0.1 || norm > 1 {
            q = SIMD4(number(-1...1), number(-1...1), number(-1...1), number(-1...1))
            norm = (q * q).sum()
        }
        q /= norm.squareRoot()
        let (w, x, y, z) = (q[0], q[1], q[2], q[3])
        return [
            CartesianVector(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            CartesianVector(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            CartesianVector(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
        ]
    }

    /// A random order of so many things.
    public mutating func permutation(_ count: Int) -> [Int] { random.permutation(count) }
    /// A random shift in fractional coordinates.
    public mutating func shift() -> SIMD3<Double> { SIMD3(number(-1...1), number(-1...1), number(-1...1)) }
}

extension CrystalStructure {
    /// The same with lattice vectors multiplied by a matrix (rows).
    public func transformed(by rows: [CartesianVector]) -> CrystalStructure {
        func turned(_ v: CartesianVector) -> CartesianVector { CartesianVector(rows[0].dot(v), rows[1].dot(v), rows[2].dot(v)) }
        var copy = self
        copy.lattice = Lattice(a: turned(lattice.a), b: turned(lattice.b), c: turned(lattice.c))
        return copy
    }

    /// All positions moved by a fractional vector.
    public func shifted(by shift: SIMD3<Double>) -> CrystalStructure {
        var copy = self
        copy.positions = positions.map { FractionalPosition($0.coordinates + shift) }
        return copy
    }

    /// Entries in another order; only for ordered structures.
    public func permuted(_ order: [Int]) -> CrystalStructure {
        var copy = self
        copy.atomicNumbers = order.map { atomicNumbers[$0] }
        copy.positions = order.map { positions[$0] }
        return copy
    }

    /// A supercell of n = (na, nb, nc) cells; only for ordered structures.
    public func supercell(_ na: Int, _ nb: Int, _ nc: Int) -> CrystalStructure {
        let n = SIMD3(Double(na), Double(nb), Double(nc))
        var (z, p): ([UInt8], [FractionalPosition]) = ([], [])
        for a in 0..<na {
            for b in 0..<nb {
                for c in 0..<nc {
                    z += atomicNumbers
                    p += positions.map { FractionalPosition(($0.coordinates + SIMD3(Double(a), Double(b), Double(c))) / n) }
                }
            }
        }
        let l = Lattice(a: n.x * lattice.a, b: n.y * lattice.b, c: n.z * lattice.c)
        return CrystalStructure(lattice: l, periodicity: periodicity, atomicNumbers: z, positions: p)
    }

    /// The same crystal in a sheared cell: b + a, c - b in place of b, c.
    public func sheared() -> CrystalStructure {
        let l = Lattice(a: lattice.a, b: lattice.b + lattice.a, c: lattice.c - lattice.b)
        var copy = self
        copy.lattice = l
        // x a + y b + z c = (x - y - z) a + (y + z) (a + b) + z (c - b)
        copy.positions = positions.map {
            let f = $0.coordinates
            return FractionalPosition(f.x - f.y - f.z, f.y + f.z, f.z)
        }
        return copy
    }
}
