import MaterialsCore

/// Choices of oxidation states of one system that pass the tests and come before what is searched: what makes a formula a repeat.
///
/// - Cost: a formula is compared with each of them, eight at a time; where a system is searched from its start there are none.
struct EarlierStates {
    private let elementCount: Int
    private let largest: Int
    /// States of element m of choices 8b…8b+7 at `plain[b × elementCount + m]`; lanes that are not filled hold a charge no formula balances.
    private var plain: [SIMD8<Int16>] = []
    private var plainCount = 0
    private var mixed: [MixedChoice] = []

    /// A choice with one element in two states.
    private struct MixedChoice {
        /// States of the elements; the lower one of the element that is split.
        var states: [Int]
        var split: Int
        /// The higher state less the lower.
        var step: Int
    }

    init(elementCount: Int, largest: Int) { (self.elementCount, self.largest) = (elementCount, largest) }

    /// Adds a choice; states of the element that is split are ascending.
    mutating func append(_ members: [StateAssignment]) {
        if let split = members.firstIndex(where: { $0.states.count == 2 }) {
            mixed.append(
                MixedChoice(states: members.map { $0.states[0] }, split: split, step: members[split].states[1] - members[split].states[0]))
            return
        }
        if plainCount % 8 == 0 {
            plain.append(contentsOf: repeatElement(SIMD8(repeating: Self.unbalanced), count: elementCount))
        }
        let (block, lane) = plainCount.quotientAndRemainder(dividingBy: 8)
        for m in 0..<elementCount { plain[block * elementCount + m][lane] = Int16(members[m].states[0]) }
        plainCount += 1
    }

    /// All elements in this state never add up to zero.
    private static let unbalanced: Int16 = 1

    /// True where one of the choices makes the same formula: the atoms are a byte an element.
    func make(_ amounts: UInt64) -> Bool {
        if plainCount > 0, makesPlain(amounts) { return true }
        if mixed.isEmpty { return false }
        let reduced = self.reduced(amounts)
        let times = largest / reduced.max()!
        return mixed.contains { make($0, reduced, times: times) }
    }

    /// True where the mixed choice itself makes the formula with fewer atoms than these.
    func makesSmaller(_ members: [StateAssignment], _ amounts: UInt64) -> Bool {
        guard let split = members.firstIndex(where: { $0.states.count == 2 }) else { return false }
        let reduced = self.reduced(amounts)
        let choice = MixedChoice(
            states: members.map { $0.states[0] }, split: split, step: members[split].states[1] - members[split].states[0])
        return make(choice, reduced, times: Int(truncatingIfNeeded: amounts & 255) / reduced[0] - 1)
    }

    private func makesPlain(_ amounts: UInt64) -> Bool {
        var block = 0
        while block < plain.count {
            var charge = SIMD8<Int16>()
            for m in 0..<elementCount {
                charge &+= plain[block + m] &* SIMD8(repeating: Int16(truncatingIfNeeded: amounts >> UInt64(8 * m) & 255))
            }
            if any(charge .== 0) { return true }
            block += elementCount
        }
        return false
    }

    /// The formula with the smallest whole numbers, a byte an element.
    func smallest(_ amounts: UInt64) -> UInt64 {
        reduced(amounts).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func reduced(_ amounts: UInt64) -> [Int] {
        let whole = (0..<elementCount).map { Int(truncatingIfNeeded: amounts >> UInt64(8 * $0) & 255) }
        let divisor = whole.reduce(0, greatestCommonDivisor)
        return whole.map { $0 / divisor }
    }

    /// True where 1…`times` multiples of the formula can be split: the charge missing is made up by some but not all atoms in the higher state.
    private func make(_ choice: MixedChoice, _ reduced: [Int], times: Int) -> Bool {
        var missing = 0
        for m in 0..<elementCount { missing -= choice.states[m] * reduced[m] }
        for t in stride(from: 1, through: times, by: 1) where (t * missing).isMultiple(of: choice.step) {
            let higher = t * missing / choice.step
            if higher > 0, higher < t * reduced[choice.split] { return true }
        }
        return false
    }
}
