/// Whether every cation is less electronegative than every anion.
///
///     χ(cation) < χ(anion) for every pair; with a tolerance t > 0: χ(cation) − χ(anion) ≤ t
///
/// - Scope: an element without an electronegativity fails it; states of 0 are neither cations nor anions.
/// - Source: `pauling_test` of SMACT 4.0: K. T. Butler et al., Chem 1, 617 (2016), doi:10.1016/j.chempr.2016.09.010.
public struct ElectronegativityTest: Equatable, Sendable {
    /// How much more electronegative than an anion a cation may be; 0 asks for less.
    public var tolerance: Double
    /// False where the test always holds.
    public var isOn: Bool

    /// A test with a tolerance.
    public init(tolerance: Double = 0, isOn: Bool = true) { (self.tolerance, self.isOn) = (tolerance, isOn) }

    /// What has been seen of the ions of a compound.
    struct Extremes {
        private var cation = -Double.infinity
        private var anion = Double.infinity
        private var isUnknown = false

        /// Adds an ion.
        mutating func insert(charge: Int, electronegativity: Double) {
            if electronegativity.isNaN { isUnknown = true }
            if charge > 0 { cation = max(cation, electronegativity) }
            if charge < 0 { anion = min(anion, electronegativity) }
        }

        /// True where all that was added passes.
        func pass(_ test: ElectronegativityTest) -> Bool {
            if !test.isOn { return true }
            if isUnknown { return false }
            return test.tolerance == 0 ? cation < anion : !(cation - anion > test.tolerance)
        }
    }
}
