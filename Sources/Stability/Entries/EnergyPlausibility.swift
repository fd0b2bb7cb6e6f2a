/// What looks wrong with a column of energies, as people would be told; nil where nothing does.
///
/// Formation energies of solids lie between about −5 eV/atom (fluorides) and 2, total energies of usual codes between −15 and 0.
///
/// - Input:    energies as given, supposed to be in eV/atom; atoms of each formula as written
/// - Output:   one line that names the unit or the normalisation that would fit
public func energyPlausibility(_ energies: [Double], atomCounts: [Double], kind: PhaseDiagram.EnergyKind) -> String? {
    guard energies.count > 0 else { return nil }
    let lowest = energies.min()!
    let middle = median(energies.map(abs))
    let limit = kind == .formation ? (depth: -6.0, middle: 4.5) : (depth: -16.0, middle: 12.0)
    let range = "energies run from \(rounded(lowest)) to \(rounded(energies.max()!))"
    if lowest >= limit.depth, middle <= limit.middle {
        guard kind == .formation, energies.count >= 20, middle < 0.004, energies.contains(where: { $0 != 0 }) else { return nil }
        return "\(range), far too little for formation energies in eV/atom: are they in keV or MJ/mol?"
    }
    let perAtom = zip(energies, atomCounts).map { $0 / $1 }
    let spread = { (values: [Double]) in median(values.map(abs)) }
    if kind == .formation, perAtom.min()! >= limit.depth, spread(perAtom) <= limit.middle, isProportional(energies, atomCounts) {
        return "\(range) and grow with the number of atoms: are they of a formula unit or cell, not per atom?"
    }
    if lowest < -1000 || middle > 600 { return "\(range), far too much for eV/atom: are they in meV/atom?" }
    if middle > limit.middle * 4 { return "\(range), too much for eV/atom: are they in kJ/mol (96.485 of them are 1 eV)?" }
    if kind == .formation, lowest >= -16, energies.allSatisfy({ $0 < 0.5 }) {
        return "\(range), too low for formation energies in eV/atom: are they total energies (--energy-kind total), or in kcal/mol?"
    }
    return "\(range), too much for eV/atom: are they per formula unit or cell, or in kcal/mol or kJ/mol?"
}

/// True where more atoms go with more energy: the mean magnitude of the larger half of formulas is well above that of the smaller.
private func isProportional(_ energies: [Double], _ atomCounts: [Double]) -> Bool {
    let order = energies.indices.sorted { atomCounts[$0] != atomCounts[$1] ? atomCounts[$0] < atomCounts[$1] : $0 < $1 }
    guard order.count >= 4, atomCounts[order[0]] < atomCounts[order[order.count - 1]] else { return false }
    let half = order.count / 2
    func mean(_ part: ArraySlice<Int>) -> Double { part.reduce(0) { $0 + abs(energies[$1]) } / Double(part.count) }
    return mean(order[half...]) > 1.3 * mean(order[..<half])
}

private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

private func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
