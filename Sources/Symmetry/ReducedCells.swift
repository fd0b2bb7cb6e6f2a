import CSpglib
import MaterialsCore

extension CrystalStructure {
    /// The same crystal in a cell that holds each position once.
    ///
    /// - Output:   the atoms of the first equivalent positions as they are, neither averaged nor turned, in the order of the input; the
    ///   structure itself where the numbers of its kinds of atoms have no common divisor
    /// - Errors:   as `DetectedSymmetry`
    /// - Cost:     that of `DetectedSymmetry`, or 1 µs where there is no common divisor
    public func primitiveCell(tolerance: SymmetryTolerance = SymmetryTolerance()) throws(CandidateDefect) -> CrystalStructure {
        if periodicity == .full, let cell = SymmetryCell(self), cell.isPlainlyPrimitive { return self }
        let found = try SymmetrySearch(self, tolerance)
        let rows = withUnsafeBytes(of: found.dataset.pointee.primitive_lattice) { Self.rows($0) }
        let lattice = SymmetryCell.lattice(columns: rows)
        let mapping = found.cell.bySite((0..<found.cell.kinds.count).map { Int(found.dataset.pointee.mapping_to_primitive[$0]) })
        var result = CrystalStructure(lattice: lattice, atomicNumbers: [], positions: [])
        var isTaken = [Bool](repeating: false, count: mapping.count)
        for (site, primitive) in mapping.enumerated() where !isTaken[primitive] {
            isTaken[primitive] = true
            let entries = found.cell.entriesOfSite[site]
            result.append(entries, of: self, at: lattice.fractional(cartesian(entries.lowerBound)).wrapped)
        }
        return result
    }

    /// The conventional cell in the standard setting and orientation of its space group, positions idealised.
    ///
    /// - Errors:   as `DetectedSymmetry`
    public func standardCell(tolerance: SymmetryTolerance = SymmetryTolerance()) throws(CandidateDefect) -> CrystalStructure {
        let found = try SymmetrySearch(self, tolerance)
        let set = found.dataset.pointee
        let rows = withUnsafeBytes(of: set.std_lattice) { Self.rows($0) }
        var result = CrystalStructure(lattice: SymmetryCell.lattice(columns: rows), atomicNumbers: [], positions: [])
        for atom in 0..<Int(set.n_std_atoms) {
            let same = found.cell.kinds.firstIndex(of: set.std_types[atom])!
            let p = set.std_positions[atom]
            result.append(found.cell.entriesOfSite[found.cell.siteOfAtom[same]], of: self, at: FractionalPosition(p.0, p.1, p.2))
        }
        return result
    }

    /// The same crystal in Niggli's cell, positions in [0, 1); nil where the reduction fails.
    public func niggliCell() -> CrystalStructure? {
        guard let (reduced, coefficients) = lattice.niggliReduced() else { return nil }
        let inverse = coefficients.inverse
        var result = self
        result.lattice = reduced
        for entry in positions.indices {
            let f = positions[entry].coordinates
            result.positions[entry] = FractionalPosition((f.x * inverse[0] + f.y * inverse[1]) + f.z * inverse[2]).wrapped
        }
        return result
    }

    private static func rows(_ bytes: UnsafeRawBufferPointer) -> [(Double, Double, Double)] {
        let m = bytes.bindMemory(to: Double.self)
        return [(m[0], m[1], m[2]), (m[3], m[4], m[5]), (m[6], m[7], m[8])]
    }

    /// Adds the entries that share a position of another structure.
    private mutating func append(_ entries: Range<Int>, of other: CrystalStructure, at position: FractionalPosition) {
        let site = UInt32(siteCount)
        for entry in entries {
            atomicNumbers.append(other.atomicNumbers[entry])
            positions.append(position)
            guard other.isDisordered else { continue }
            occupancies.append(other.occupancies[entry])
            sites.append(site)
        }
    }
}

/// Whole-number coefficients that make one basis of a lattice of another: new vector i = Σ row i × old vectors.
public struct BasisChange: Hashable, Sendable {
    /// Rows.
    public let rows: [SIMD3<Double>]

    /// Determinant: 1 or -1.
    public var determinant: Double {
        let c = Self.cross(rows[1], rows[2])
        return (rows[0].x * c.x + rows[0].y * c.y) + rows[0].z * c.z
    }

    /// Coefficients of the old vectors in the new basis, exact.
    public var inverse: [SIMD3<Double>] {
        let (p, q, r) = (Self.cross(rows[1], rows[2]), Self.cross(rows[2], rows[0]), Self.cross(rows[0], rows[1]))
        let d = determinant
        return [SIMD3(p.x, q.x, r.x) * d, SIMD3(p.y, q.y, r.y) * d, SIMD3(p.z, q.z, r.z) * d]
    }

    private static func cross(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> SIMD3<Double> {
        CartesianVector(u).cross(CartesianVector(v)).angstroms
    }
}

extension Lattice {
    /// Niggli's reduced basis of this lattice, and how it is made of the old one; nil where the reduction fails.
    ///
    /// - Numerics: the coefficients are whole numbers; the new vectors are their sums, so they keep this lattice's digits
    /// - Source:   I. Křivý, B. Gruber, Acta Cryst. A 32, 297 (1976), doi:10.1107/S0567739476000636, as in spglib
    public func niggliReduced(tolerance: Double = 1e-5) -> (lattice: Lattice, coefficients: BasisChange)? {
        guard !isSingular else { return nil }
        var rows = SymmetryCell.columns(self)
        guard spg_niggli_reduce(&rows, tolerance) != 0 else { return nil }
        let reduced = SymmetryCell.lattice(columns: rows)
        let coefficients = BasisChange(rows: (0..<3).map { fractional(reduced[$0]).coordinates.rounded(.toNearestOrEven) })
        guard abs(coefficients.determinant) == 1 else { return nil }
        let vectors = coefficients.rows.map { cartesian(FractionalPosition($0)) }
        return (Lattice(a: vectors[0], b: vectors[1], c: vectors[2]), coefficients)
    }
}
