import MaterialsCore

/// Reference energy by atomic number: 0 for formation energies, else the lowest of the element's entries; NaN for elements that occur nowhere.
func elementalReferences(
    _ compositions: [Composition], _ energies: [Double], _ kind: PhaseDiagram.EnergyKind
) throws -> [Double] {
    var lowest = [Double](repeating: .infinity, count: 119)
    var occurs = [Bool](repeating: false, count: 119)
    for (i, c) in compositions.enumerated() {
        guard !c.atomicNumbers.isEmpty, energies[i].isFinite else {
            throw MatSieveError.input("entry \(i + 1) of the reference has no composition or no finite energy; leave it out")
        }
        for z in c.atomicNumbers { occurs[Int(z)] = true }
        if c.elementCount == 1 { lowest[Int(c.atomicNumbers[0])] = min(lowest[Int(c.atomicNumbers[0])], energies[i]) }
    }
    let present = (1...118).filter { occurs[$0] }
    switch kind {
    case .total: try requireReferences(present.filter { lowest[$0] == .infinity }, compositions)
    case .formation: try requireGroundStates(present.filter { lowest[$0] < -resolutionEVPerAtom }, lowest)
    }
    return (0...118).map { occurs[$0] ? (kind == .total ? lowest[$0] : 0) : .nan }
}

private func requireReferences(_ missing: [Int], _ compositions: [Composition]) throws {
    guard let first = missing.first else { return }
    let count = compositions.count { $0.atomicNumbers.contains(UInt8(first)) }
    throw MatSieveError.input(
        "the reference has no entry of the element\(missing.count == 1 ? "" : "s") \(symbols(missing)) (\(count) entr"
            + "\(count == 1 ? "y holds" : "ies hold") \(symbols([first]))): a hull of total energies needs each element's lowest energy; "
            + "add it, or give formation energies (--energy-kind formation; in a plan energy_kind: formation)")
}

private func requireGroundStates(_ wrong: [Int], _ lowest: [Double]) throws {
    guard let first = wrong.first else { return }
    throw MatSieveError.input(
        "element \(symbols([first])) has the formation energy \(roughNumberText(lowest[first])) eV/atom, below the 0 of its own reference; "
            + "if the energies are total ones, give --energy-kind total (in a plan energy_kind: total), else correct its row")
}

private func symbols(_ z: [Int]) -> String { z.map { Element.symbols[$0] }.joined(separator: ", ") }

/// Differences below this are ties, and written as 0.
let resolutionEVPerAtom = 1e-9

/// Energy against the elements, eV/atom; the sum runs by ascending atomic number.
func energyAgainstElements(_ composition: Composition, _ energy: Double, _ references: [Double]) -> Double {
    var (sum, total) = (0.0, 0.0)
    for (z, amount) in zip(composition.atomicNumbers, composition.amounts) {
        sum += amount * references[Int(z)]
        total += amount
    }
    return energy - sum / total
}
