/// Formulas seen, as the amounts of their elements in a word each; none is 0.
///
/// - Cost: a multiplication and, on average, less than two comparisons each; the table doubles where it is half full.
struct FormulaSet {
    private var slots = [UInt64](repeating: 0, count: 256)
    private var count = 0

    /// Adds a formula; false where it was there.
    mutating func insert(_ formula: UInt64) -> Bool {
        if 2 * count >= slots.count { grow() }
        var slot = Self.slot(of: formula, among: slots.count)
        while slots[slot] != 0 {
            if slots[slot] == formula { return false }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = formula
        count += 1
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: 2 * old.count)
        count = 0
        for formula in old where formula != 0 { _ = insert(formula) }
    }

    private static func slot(of formula: UInt64, among count: Int) -> Int {
        Int(truncatingIfNeeded: (formula &* 0x9e37_79b9_7f4a_7c15) >> 32) & (count - 1)
    }
}
