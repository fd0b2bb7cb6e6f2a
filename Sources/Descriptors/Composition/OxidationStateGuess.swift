import MaterialsCore

/// Atoms of one element in one oxidation state.
struct ChargedSpecies: Equatable {
    var atomicNumber: UInt8
    var charge: Int
    var amount: Double
}

/// The most likely charge-neutral oxidation states of a composition, by how often the ICSD has them.
///
/// Of all assignments with total charge 0 the one with the highest sum of occurrences over the atoms; atoms of one element may differ.
///
/// - Scope:    whole amounts; the composition is reduced first (peroxides and diatomic molecules to two atoms each, as `Li2O2`)
/// - Numerics: integers throughout. Ties go to the assignment that an enumeration in ascending atomic number, states in the order of the
///   table, meets first
/// - Cost:     bounded by `OxidationSums.mostCells` table entries an element (about 120 atoms of an element with eight states)
/// - Source:   S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028. Differences: ties there go by
///   the order of the formula; more than 50 atoms are not refused
enum OxidationStateGuess {
    /// The species, by element, then in the order of the element's states; all in state 0 where no assignment is neutral.
    /// - Returns: nil where amounts are not whole or the search is too large
    static func species(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) -> [ChargedSpecies]? {
        guard let atoms = wholeAmounts(amounts) else { return nil }
        let reduced = reduce(atomicNumbers, atoms)
        var elements: [OxidationSums] = []
        for i in reduced.indices {
            let z = Int(atomicNumbers[i])
            guard
                let sums = OxidationSums(
                    states: OxidationStateTable.likely[z], occurrences: OxidationStateTable.occurrences[z], atoms: reduced[i])
            else { return nil }
            elements.append(sums)
        }
        guard let totals = NeutralSum(elements).totals() else { return neutralAtoms(atomicNumbers, amounts) }
        return assigned(atomicNumbers, elements, totals)
    }

    /// Whether some assignment of the given states is neutral; nil where amounts are not whole or the search is too large.
    static func isNeutralPossible(_ states: [[Int]], _ amounts: Span<Double>) -> Bool? {
        guard let atoms = wholeAmounts(amounts) else { return nil }
        var elements: [OxidationSums] = []
        for (list, count) in zip(states, atoms) {
            guard let sums = OxidationSums(states: list, occurrences: list.map { _ in 0 }, atoms: count) else { return nil }
            elements.append(sums)
        }
        return NeutralSum(elements).totals() != nil
    }

    private static func assigned(_ atomicNumbers: Span<UInt8>, _ elements: [OxidationSums], _ totals: [Int]) -> [ChargedSpecies] {
        var species: [ChargedSpecies] = []
        for i in elements.indices {
            let states = OxidationStateTable.likely[Int(atomicNumbers[i])]
            for (state, count) in elements[i].assignment(totals[i]).enumerated() where count > 0 {
                species.append(ChargedSpecies(atomicNumber: atomicNumbers[i], charge: states[state], amount: Double(count)))
            }
        }
        return species
    }

    private static func neutralAtoms(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) -> [ChargedSpecies] {
        var species: [ChargedSpecies] = []
        for i in amounts.indices { species.append(ChargedSpecies(atomicNumber: atomicNumbers[i], charge: 0, amount: amounts[i])) }
        return species
    }

    private static func wholeAmounts(_ amounts: Span<Double>) -> [Int]? {
        var whole: [Int] = []
        for i in amounts.indices {
            guard amounts[i] == amounts[i].rounded(), amounts[i] >= 1, amounts[i] <= 100_000 else { return nil }
            whole.append(Int(amounts[i]))
        }
        return whole
    }

    /// Divides by the greatest common divisor, but leaves molecules and peroxides whole.
    private static func reduce(_ atomicNumbers: Span<UInt8>, _ atoms: [Int]) -> [Int] {
        let divisor = atoms.reduce(0, greatestCommonDivisor)
        let reduced = atoms.map { $0 / divisor }
        return isNamedDoubled(atomicNumbers, reduced) ? reduced.map { $0 * 2 } : reduced
    }

    /// H, N, O, F, Cl alone, and O with H, Li, Na, K, Rb or Cs at 1 : 1.
    private static func isNamedDoubled(_ atomicNumbers: Span<UInt8>, _ reduced: [Int]) -> Bool {
        if reduced.count == 1 { return [1, 7, 8, 9, 17].contains(atomicNumbers[0]) }
        guard reduced == [1, 1] else { return false }
        let (first, second) = (atomicNumbers[0], atomicNumbers[1])
        return second == 8 && [1, 3].contains(first) || first == 8 && [11, 19, 37, 55].contains(second)
    }
}

/// One total charge for each element, together 0, with the highest score; of equal ones the first in the elements' order of sums.
private struct NeutralSum {
    private let elements: [OxidationSums]
    private let sums: [[Int]]
    private var lowest = 0
    private var width = 1
    /// Highest score of the elements from one on, by the total charge they have together.
    private var scores: [[Int?]] = []

    init(_ elements: [OxidationSums]) {
        self.elements = elements
        sums = elements.map { $0.sums() }
        lowest = sums.reduce(0) { $0 + min(0, $1.min() ?? 0) }
        width = sums.reduce(0) { $0 + max(0, $1.max() ?? 0) } - lowest + 1
        scores = [[Int?]](repeating: [Int?](repeating: nil, count: width), count: elements.count + 1)
        scores[elements.count][-lowest] = 0
        for e in elements.indices.reversed() {
            for total in 0..<width {
                guard let later = scores[e + 1][total] else { continue }
                for sum in sums[e] where (0..<width).contains(total + sum) {
                    let score = later + elements[e].score(sum)!
                    if score > scores[e][total + sum] ?? -1 { scores[e][total + sum] = score }
                }
            }
        }
    }

    /// The total charge of each element; nil where no choice is neutral.
    func totals() -> [Int]? {
        guard var score = scores[0][-lowest] else { return nil }
        var left = 0
        var chosen: [Int] = []
        for e in elements.indices {
            for sum in sums[e] {
                let own = elements[e].score(sum)!
                let place = left - sum - lowest
                guard (0..<width).contains(place), scores[e + 1][place] == score - own else { continue }
                chosen.append(sum)
                (left, score) = (left - sum, score - own)
                break
            }
        }
        return chosen
    }
}
