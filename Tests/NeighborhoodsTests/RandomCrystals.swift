import MaterialsCore

/// Random cells: angles of 20 to 160 degrees, thin and long ones, left-handed ones, far multiples of a vector added to another.
func randomLattice(_ random: inout SplitMix64) -> Lattice {
    while true {
        let edge = { (r: inout SplitMix64) in r.nextUnit() < 0.15 ? 1 + r.nextUnit() : 2 + 5 * r.nextUnit() }
        let lengths = SIMD3(edge(&random), edge(&random), edge(&random))
        let degrees = SIMD3(20 + 140 * random.nextUnit(), 20 + 140 * random.nextUnit(), 20 + 140 * random.nextUnit())
        guard var lattice = Lattice(lengths: lengths, degrees: degrees), !lattice.isSingular else { continue }
        if random.nextUnit() < 0.3 { lattice = Lattice(a: lattice.b, b: lattice.a, c: lattice.c) }
        if random.nextUnit() < 0.2 { lattice = Lattice(a: lattice.a, b: lattice.b + 5 * lattice.a, c: lattice.c - 3 * lattice.b) }
        if !lattice.isSingular { return lattice }
    }
}

/// Atoms anywhere, some outside the cell, some on one point.
func randomCrystal(_ random: inout SplitMix64, atoms: Int, periodicity: Periodicity? = nil) -> CrystalStructure {
    let lattice = randomLattice(&random)
    var positions: [FractionalPosition] = []
    for _ in 0..<atoms {
        if random.nextUnit() < 0.08, let first = positions.first { positions.append(first) }
        let spread = random.nextUnit() < 0.2 ? 7.0 : 1.0
        let shift = spread > 1 ? 0.5 : 0
        positions.append(
            FractionalPosition(
                spread * (random.nextUnit() - shift), spread * (random.nextUnit() - shift), spread * (random.nextUnit() - shift)))
    }
    positions.removeLast(positions.count - atoms)
    let bits = random.nextInt(below: 8)
    let any = random.nextUnit() < 0.4 ? Periodicity.full : Periodicity(bits & 1 > 0, bits & 2 > 0, bits & 4 > 0)
    let atomicNumbers = (0..<atoms).map { _ in UInt8(1 + random.nextInt(below: 90)) }
    return CrystalStructure(lattice: lattice, periodicity: periodicity ?? any, atomicNumbers: atomicNumbers, positions: positions)
}
