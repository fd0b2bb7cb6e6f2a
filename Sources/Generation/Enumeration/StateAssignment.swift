import MaterialsCore

/// The charges that one element can bring into a formula: its amounts 1, 2, … in one oxidation state, or split between two.
///
/// A digit numbers what the element can bring: in one state its amount less 1; in two states all splits by rising amount.
final class StateAssignment: Sendable {
    /// One state, or two ascending.
    let states: [Int]
    /// Charge of each digit.
    let charges: [Int]
    /// Atoms of each digit.
    let amounts: [UInt8]
    /// Largest common divisor of the ions of each digit.
    let divisors: [UInt8]
    /// Digits by charge: those of charge c are `digitsByCharge[first[c + bias]..<first[c + bias + 1]]`, ascending.
    let first: [Int]
    let digitsByCharge: [Int]
    /// What is added to a charge to find it in `first`.
    let bias: Int

    /// Smallest and largest charge of a digit.
    var chargeRange: ClosedRange<Int> { charges.min()!...charges.max()! }

    /// Amounts up to `largest` in `states`.
    init(states: [Int], largest: Int) {
        self.states = states
        var (charges, amounts, divisors): ([Int], [UInt8], [UInt8]) = ([], [], [])
        for amount in 1...largest {
            if states.count == 1 {
                charges.append(states[0] * amount)
                amounts.append(UInt8(amount))
                divisors.append(UInt8(amount))
            } else {
                for a in 1..<max(amount, 1) {
                    charges.append(states[0] * a + states[1] * (amount - a))
                    amounts.append(UInt8(amount))
                    divisors.append(UInt8(greatestCommonDivisor(a, amount - a)))
                }
            }
        }
        (self.charges, self.amounts, self.divisors) = (charges, amounts, divisors)
        bias = ionicChargeLimit * largest
        var first = [Int](repeating: 0, count: 2 * bias + 2)
        for c in charges { first[c + bias + 1] += 1 }
        for i in 1..<first.count { first[i] += first[i - 1] }
        self.first = first
        digitsByCharge = charges.indices.sorted { (charges[$0], $0) < (charges[$1], $1) }
    }
}

/// An element that formulas may be made of, with all that it can bring.
struct ElementChoice: Sendable {
    let element: Element
    /// As the electronegativity test takes it; NaN where it is not known.
    let electronegativity: Double
    /// In one oxidation state, in the order of the list.
    let plain: [StateAssignment]
    /// In two oxidation states.
    let mixed: [StateAssignment]

    /// Positions of a chemical system of this element alone.
    var count: PositionCount {
        PositionCount(
            plain: plain.reduce(0) { $0 + UInt128($1.charges.count) }, mixed: mixed.reduce(0) { $0 + UInt128($1.charges.count) })
    }
}
