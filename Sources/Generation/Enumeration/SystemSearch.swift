import MaterialsCore

/// Goes through the positions of one chemical system: choices of oxidation states one after the other, the amounts of each as a block.
///
/// First every element stands in one state; then the first element stands in two, then the second, …
struct SystemSearch {
    private let rules: EnumerationRules
    private let choices: [ElementChoice]
    private var search: NeutralSearch
    private var earlier: EarlierStates
    private let isExcluded: Bool

    init(_ choices: [ElementChoice], rules: EnumerationRules, search: NeutralSearch) {
        (self.choices, self.rules, self.search) = (choices, rules, search)
        earlier = EarlierStates(elementCount: choices.count, largest: rules.maxCoefficient)
        isExcluded = rules.excludedSystems.contains { system in system.allSatisfy { e in choices.contains { $0.element == e } } }
    }

    /// Adds what is kept of `range` to `rows`; positions in it count from the system's first, which is `base`.
    mutating func run(_ range: Range<Int>, base: Int, into rows: inout EnumerationRows) {
        if isExcluded { return }
        var start = 0
        for split in [nil] + choices.indices.map(Optional.some) {
            let lists = choices.indices.map { $0 == split ? choices[$0].mixed : choices[$0].plain }
            if lists.contains(where: \.isEmpty) { continue }
            let width = lists.reduce(1) { $0 * $1[0].charges.count }
            let blocks = lists.reduce(1) { $0 * $1.count }
            if start >= range.upperBound { return }
            run(Phase(lists: lists, start: start, width: width, blocks: blocks), range, base: base, into: &rows)
            start += width * blocks
        }
    }

    /// Blocks of one width: which element, if any, stands in two states.
    private struct Phase {
        var lists: [[StateAssignment]]
        var start: Int
        var width: Int
        var blocks: Int
    }

    private mutating func run(_ phase: Phase, _ range: Range<Int>, base: Int, into rows: inout EnumerationRows) {
        // What came before decides what is a repeat.
        let firstSearched = max(range.lowerBound - phase.start, 0) / phase.width
        var block = rules.isSpeciesUnique ? firstSearched : 0
        var digits = Self.digits(block, phase.lists)
        var members = phase.lists.indices.map { phase.lists[$0][digits[$0]] }
        while block < phase.blocks {
            let start = phase.start + block * phase.width
            if start >= range.upperBound { return }
            if isPossible(members) {
                if block >= firstSearched {
                    let inside = max(range.lowerBound - start, 0)..<min(range.upperBound - start, phase.width)
                    if inside.lowerBound < inside.upperBound { keep(members, inside, base: base + start, into: &rows) }
                }
                if !rules.isSpeciesUnique { earlier.append(members) }
            }
            block += 1
            for m in members.indices.reversed() {
                digits[m] += 1
                if digits[m] == phase.lists[m].count { digits[m] = 0 }
                members[m] = phase.lists[m][digits[m]]
                if digits[m] > 0 { break }
            }
        }
    }

    private static func digits(_ block: Int, _ lists: [[StateAssignment]]) -> [Int] {
        var left = block
        var digits = [Int](repeating: 0, count: lists.count)
        for m in lists.indices.reversed() { (left, digits[m]) = left.quotientAndRemainder(dividingBy: lists[m].count) }
        return digits
    }

    /// False where no amounts can be neutral, or the ions do not go together.
    private func isPossible(_ members: [StateAssignment]) -> Bool {
        var ions = ElectronegativityTest.Extremes()
        var (isPositive, isNegative, isZero) = (false, false, true)
        for m in members.indices {
            for charge in members[m].states {
                ions.insert(charge: charge, electronegativity: choices[m].electronegativity)
                if charge > 0 { isPositive = true }
                if charge < 0 { isNegative = true }
                if charge != 0 { isZero = false }
            }
        }
        guard isZero || (isPositive && isNegative) else { return false }
        return members.count == 1 && members[0].states.count == 1 || ions.pass(rules.electronegativityTest)
    }

    private mutating func keep(_ members: [StateAssignment], _ range: Range<Int>, base: Int, into rows: inout EnumerationRows) {
        search.search(members, range: range)
        if search.places.isEmpty { return }
        rows.begin(choices, members)
        for i in search.places.indices {
            let amounts = search.amounts[i]
            if !rules.isSpeciesUnique, earlier.make(amounts) || earlier.makesSmaller(members, amounts) { continue }
            rows.append(position: base + search.places[i], amounts: amounts)
        }
    }
}
