import MaterialsCore

extension ChargeAssignment {
    /// Sites of an element that may differ in their states, at most.
    private static let mostSites = 8

    /// Charge of each place of a crystal: that of its element; where those are not neutral together, the sites of one element may be in
    /// two states, as Fe²⁺ and Fe³⁺ in Fe₃O₄.
    ///
    ///     maximise the share of the choice over elements and over ways to part their sites in two
    ///
    /// - Scope: an element of 2 to 8 sites.
    /// - Numerics: of equal shares the first element, and the way whose second state takes the earlier sites.
    /// - Cost: 2^sites searches.
    func charges(of composition: Composition, on places: PrototypePlaces) -> [Int]? {
        let numbers = places.elements.map { composition.atomicNumbers.firstIndex(of: $0.atomicNumber)! }
        if let charges = charges(of: composition) { return numbers.map { charges[$0] } }
        var best: (share: Double, charges: [Int])?
        for number in 0..<composition.elementCount {
            let sites = numbers.indices.filter { numbers[$0] == number }
            guard (2...Self.mostSites).contains(sites.count) else { continue }
            for way in 1..<(1 << sites.count) - 1 {
                let second = sites.indices.filter { way >> $0 & 1 == 1 }.map { sites[$0] }
                var ions = Ions(composition)
                ions.split(number, taking: second.reduce(0) { $0 + places.amounts[$1] })
                guard let (share, charges) = likeliest(ions, above: best?.share ?? 0) else { continue }
                best = (share, numbers.indices.map { charges[second.contains($0) ? ions.count - 1 : numbers[$0]] })
            }
        }
        return best?.charges
    }
}

extension ChargeAssignment.Ions {
    /// Makes a part of a species one of its own, the last.
    fileprivate mutating func split(_ number: Int, taking amount: Double) {
        amounts[number] -= amount
        amounts.append(amount)
        atomicNumbers.append(atomicNumbers[number])
    }
}
