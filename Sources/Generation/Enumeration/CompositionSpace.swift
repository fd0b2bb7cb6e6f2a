import MaterialsCore

/// All positions of an enumeration in order: chemical systems by number of elements, then in the order of their atomic numbers;
/// within a system oxidation states, then amounts.
///
///     positions of a system = Π plainᵢ + Σₘ mixedₘ Π_{i≠m} plainᵢ
///     positions of all      = Σ over systems, by the recurrence of elementary symmetric polynomials
///
/// - Cost: counts take elements × components products; a position is found in as many steps.
struct CompositionSpace: Sendable {
    /// Elements that may be left out, ascending.
    let free: [ElementChoice]
    /// Elements that every system has.
    let required: [ElementChoice]
    let components: ClosedRange<Int>
    private let isAlternative: [Bool]
    private let needsAlternative: Bool
    /// Positions that `j` of the free elements from `i` on make, at `((i × (k + 1)) + j) × 2 + 1` where the alternatives are met, else one less.
    private let tails: [PositionCount]

    init(_ rules: EnumerationRules) {
        let elements = rules.elements
        free = elements.filter { !rules.required.contains($0) }.map(rules.choice)
        required = rules.required.sorted().map(rules.choice)
        components = rules.components
        isAlternative = free.map { e in rules.anyOf.contains(e.element) }
        needsAlternative = !rules.anyOf.isEmpty && !rules.required.contains(where: rules.anyOf.contains)
        let width = components.upperBound + 1
        var tails = [PositionCount](repeating: .zero, count: (free.count + 1) * width * 2)
        tails[free.count * width * 2 + 1] = .one
        for i in free.indices.reversed() {
            for j in 0..<width {
                for met in 0...1 {
                    var count = tails[((i + 1) * width + j) * 2 + met]
                    if j > 0 {
                        count = count + free[i].count * tails[((i + 1) * width + j - 1) * 2 + (isAlternative[i] ? 1 : met)]
                    }
                    tails[(i * width + j) * 2 + met] = count
                }
            }
        }
        self.tails = tails
    }

    private func tail(_ i: Int, _ j: Int, met: Bool) -> PositionCount {
        tails[(i * (components.upperBound + 1) + j) * 2 + (met ? 1 : 0)]
    }

    private var requiredCount: PositionCount { required.reduce(.one) { $0 * $1.count } }

    /// Positions of all systems of so many elements.
    func count(components k: Int) -> UInt128 {
        k < required.count ? 0 : (requiredCount * tail(0, k - required.count, met: !needsAlternative)).total
    }

    /// Positions in all; the largest 128-bit number where there are more.
    var count: UInt128 {
        components.reduce(0) { sum, k in
            let (value, overflow) = sum.addingReportingOverflow(count(components: k))
            return overflow ? .max : value
        }
    }

    /// A chemical system: which of the free elements are in it, ascending.
    struct System: Equatable, Sendable {
        var members: [Int]
    }

    /// Elements of a system, ascending.
    func choices(_ system: System) -> [ElementChoice] {
        (system.members.map { free[$0] } + required).sorted { $0.element < $1.element }
    }

    /// Positions of a system.
    func count(_ system: System) -> UInt128 {
        system.members.reduce(requiredCount) { $0 * free[$1].count }.total
    }

    /// The system that holds a position, and where in it; the position lies below `count`.
    func locate(_ position: Int) -> (system: System, offset: Int) {
        var left = UInt128(position)
        var k = components.lowerBound
        while left >= count(components: k) {
            left -= count(components: k)
            k += 1
        }
        var members: [Int] = []
        var (prefix, met, i) = (requiredCount, !needsAlternative, 0)
        while members.count < k - required.count {
            let taken = prefix * free[i].count
            let block = (taken * tail(i + 1, k - required.count - members.count - 1, met: met || isAlternative[i])).total
            if left < block {
                members.append(i)
                (prefix, met) = (taken, met || isAlternative[i])
            } else {
                left -= block
            }
            i += 1
        }
        return (System(members: members), Int(left))
    }

    /// The next system that the rules allow; nil after the last.
    func next(_ system: System) -> System? {
        var current: System? = system
        repeat { current = current.flatMap(successor) } while current.map { !meetsAlternatives($0) } ?? false
        return current
    }

    private func meetsAlternatives(_ system: System) -> Bool { !needsAlternative || system.members.contains { isAlternative[$0] } }

    private func successor(_ system: System) -> System? {
        var members = system.members
        let n = members.count
        for place in members.indices.reversed() where members[place] < free.count - (n - place) {
            members[place] += 1
            for later in (place + 1)..<max(n, place + 1) { members[later] = members[later - 1] + 1 }
            return System(members: members)
        }
        guard n + required.count < components.upperBound, n < free.count else { return nil }
        return System(members: Array(0...n))
    }
}
