import MaterialsCore

/// Phase sums of each element for all reflections up to a length, one of each Friedel pair.
///
///     S_e(hkl) = Σ over the atoms of e: oⱼ exp(2πi (h xⱼ + k yⱼ + l zⱼ))
///
/// - Numerics: phases are reduced to half a turn before sine and cosine; sums run over the atoms of an element in four lanes, then
///   (0 + 1) + (2 + 3)
/// - Cost:     4 multiplications an atom and reflection, no trigonometry inside
struct StructureFactorSums {
    /// Reflections times atoms that are summed at most: a minute's work.
    static let mostTerms = 3e10
    /// Reflections that are kept at most, 40 bytes each.
    static let mostReflections = 1e7

    /// Elements, ascending in atomic number.
    private(set) var elements: [Int] = []
    /// Indices of the reflections.
    private(set) var planes: [SIMD3<Int32>] = []
    /// Squared length of each reciprocal vector, 1/Å².
    private(set) var squaredLengths: [Double] = []
    /// Real and imaginary part of S of each reflection and element, element by element within a reflection.
    private(set) var sums: [SIMD2<Double>] = []

    /// Blocks of four atoms of each element.
    private var blocks: [Range<Int>] = []

    /// Sums all reflections of length above 0 from `shortest` to `longest`, 1/Å.
    init(_ crystal: CrystalStructure, shortest: Double, longest: Double) throws(CandidateDefect) {
        let volume = try crystal.requireVolume()
        let expected = 2 * Double.pi / 3 * longest * longest * longest * volume
        guard expected * Double(crystal.count) < Self.mostTerms, expected < Self.mostReflections else {
            throw CandidateDefect("too-many-reflections", "a cell this large has too many reflections in this range of angles")
        }
        let atoms = arrange(crystal)
        let lengths = crystal.lattice.lengths
        let reach = (0..<3).map { Int(longest * lengths[$0] + 1e-9) }
        let tables = (0..<3).map { PhaseTable(atoms, axis: $0, reach: reach[$0]) }
        let range = (shortest * shortest)...(longest * longest)
        var prefix = [SIMD8<Double>](repeating: .zero, count: atoms.count)
        for h in 0...reach[0] {
            for k in (h == 0 ? 0 : -reach[1])...reach[1] {
                let flat = Double(h) * crystal.lattice.reciprocalA + Double(k) * crystal.lattice.reciprocalB
                guard let bounds = Self.bounds(flat, crystal.lattice.reciprocalC, range.upperBound) else { continue }
                tables[0].product(h, tables[1], k, into: &prefix)
                for l in bounds where h > 0 || k > 0 || l > 0 {
                    let squared = (flat + Double(l) * crystal.lattice.reciprocalC).squaredLength
                    guard range.contains(squared) else { continue }
                    planes.append(SIMD3(Int32(h), Int32(k), Int32(l)))
                    squaredLengths.append(squared)
                    for block in blocks { sums.append(tables[2].sum(prefix.span, l, block)) }
                }
            }
        }
    }

    /// Whole l for which |u + l c*|² may be within the limit.
    private static func bounds(_ u: CartesianVector, _ c: CartesianVector, _ limit: Double) -> ClosedRange<Int>? {
        let (cc, uc) = (c.squaredLength, u.dot(c))
        let discriminant = uc * uc - cc * (u.squaredLength - limit * (1 + 1e-12))
        guard discriminant >= 0 else { return nil }
        let half = discriminant.squareRoot()
        return Int((-uc - half) / cc) - 1...Int((-uc + half) / cc) + 1
    }

    /// Four atoms: fractional coordinates and occupancies; places that are left over have occupancy 0.
    struct AtomBlock {
        var coordinates: [SIMD4<Double>] = [.zero, .zero, .zero]
        var occupancies: SIMD4<Double> = .zero
    }

    /// Atoms in blocks of four of one element, elements ascending, entries in their order.
    private mutating func arrange(_ crystal: CrystalStructure) -> [AtomBlock] {
        var entriesOfElement = [[Int]](repeating: [], count: 119)
        for entry in 0..<crystal.count { entriesOfElement[Int(crystal.atomicNumbers[entry])].append(entry) }
        var atoms: [AtomBlock] = []
        for (z, entries) in entriesOfElement.enumerated() where !entries.isEmpty {
            let first = atoms.count
            for start in stride(from: 0, to: entries.count, by: 4) {
                var block = AtomBlock()
                for lane in 0..<min(4, entries.count - start) {
                    let entry = entries[start + lane]
                    for axis in 0..<3 { block.coordinates[axis][lane] = crystal.positions[entry].coordinates[axis] }
                    block.occupancies[lane] = crystal.occupancy(entry)
                }
                atoms.append(block)
            }
            elements.append(z)
            blocks.append(first..<atoms.count)
        }
        return atoms
    }
}

/// exp(2πi n x) of all atoms for n from 0 to a reach along one axis; four cosines, then four sines. The first axis carries the occupancies.
private struct PhaseTable {
    private let phases: [SIMD8<Double>]
    private let width: Int

    init(_ atoms: [StructureFactorSums.AtomBlock], axis: Int, reach: Int) {
        var phases: [SIMD8<Double>] = []
        phases.reserveCapacity((reach + 1) * atoms.count)
        for n in 0...reach {
            for atom in atoms {
                let (x, weight) = (atom.coordinates[axis], axis == 0 ? atom.occupancies : .one)
                var phase = SIMD8<Double>.zero
                for lane in 0..<4 {
                    let turns = Double(n) * x[lane]
                    // Adding 1.5·2⁵² rounds to the nearest integer without a library call.
                    let angle = 2 * Double.pi * (turns - ((turns + 0x1.8p52) - 0x1.8p52))
                    phase[lane] = weight[lane] * PortableMath.cos(angle)
                    phase[4 + lane] = weight[lane] * PortableMath.sin(angle)
                }
                phases.append(phase)
            }
        }
        (self.phases, width) = (phases, atoms.count)
    }

    /// Products of row h of this table and row k of another, which may be negative.
    func product(_ h: Int, _ other: PhaseTable, _ k: Int, into result: inout [SIMD8<Double>]) {
        let sign = k < 0 ? -1.0 : 1.0
        let (u, v) = (h * width, abs(k) * width)
        for block in 0..<width {
            let (p, q) = (phases[u + block], other.phases[v + block])
            let (c, s) = (q.lowHalf, sign * q.highHalf)
            result[block] = SIMD8(
                lowHalf: p.lowHalf * c - p.highHalf * s, highHalf: p.lowHalf * s + p.highHalf * c)
        }
    }

    /// Sum over blocks of the prefix times row l.
    func sum(_ prefix: Span<SIMD8<Double>>, _ l: Int, _ blocks: Range<Int>) -> SIMD2<Double> {
        let row = abs(l) * width
        // Σ of the four products of parts; the sign of l only decides how they are put together.
        var (cc, ss, cs, sc) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
        for block in blocks {
            let (p, q) = (prefix[block], phases[row + block])
            cc += p.lowHalf * q.lowHalf
            ss += p.highHalf * q.highHalf
            cs += p.lowHalf * q.highHalf
            sc += p.highHalf * q.lowHalf
        }
        let (real, imaginary) = l < 0 ? (cc + ss, sc - cs) : (cc - ss, sc + cs)
        return SIMD2((real[0] + real[1]) + (real[2] + real[3]), (imaginary[0] + imaginary[1]) + (imaginary[2] + imaginary[3]))
    }
}

extension SIMD4<Double> {
    fileprivate static var one: SIMD4<Double> { SIMD4(repeating: 1) }
}
