import MaterialsCore

/// Whether a formula makes chemical sense: some oxidation states of its elements are neutral and pass the electronegativity test.
///
///     ∃ q:  Σ amount(e) · q(e) = 0  and  χ(cation) < χ(anion) for every pair
///
/// - Output: true for elements; for what is made of metals only, where alloys are included; else by the states.
/// - Scope: an element without states, or without an electronegativity where that is tested, makes it false.
/// - Numerics: exact for whole amounts. Amounts that are not whole are taken as they are, neutral to 10⁻⁶ of the atoms; SMACT cuts them.
/// - Cost: a few microseconds; the number of choices of states bounds it.
/// - Source: `smact_validity` of SMACT 4.0; D. W. Davies et al., J. Open Source Softw. 4, 1361 (2019), doi:10.21105/joss.01361.
public struct CompositionValidity: Sendable {
    /// States that elements may have.
    public var oxidationStates: OxidationStateList
    /// The test of electronegativities.
    public var test = ElectronegativityTest()
    /// True where anything made of metals only is valid.
    public var includesAlloys = true
    /// True where atoms of one element may differ in their states, for elements that often do.
    public var allowsMixedValence = false

    /// Rules with the defaults for the rest.
    public init(oxidationStates: OxidationStateList = OxidationStateList(consensus: 3, commonality: .percent(0))) {
        self.oxidationStates = oxidationStates
    }

    /// True where the composition passes.
    public func isValid(_ composition: Composition) -> Bool {
        if composition.elementCount == 1 { return true }
        if includesAlloys, composition.atomicNumbers.allSatisfy({ Self.metals.contains($0) }) { return true }
        let states = composition.atomicNumbers.map { oxidationStates.states[Int($0)] }
        if states.contains(where: \.isEmpty) { return false }
        if test.isOn, composition.atomicNumbers.contains(where: { IonTable.electronegativity[Int($0)].isNaN }) { return false }
        let ions = zip(composition.atomicNumbers, composition.amounts).map { NeutralChoice.Ion(atomicNumber: $0.0, amount: $0.1) }
        if NeutralChoice(ions, oxidationStates, test).exists { return true }
        guard allowsMixedValence, let atoms = Self.apart(ions, states) else { return false }
        return NeutralChoice(atoms, oxidationStates, test).exists
    }

    /// Atoms of elements of mixed valence one by one; nil where there are none, or more choices of states than SMACT looks at.
    private static func apart(_ ions: [NeutralChoice.Ion], _ states: [[Int]]) -> [NeutralChoice.Ion]? {
        guard ions.contains(where: { mixed.contains($0.atomicNumber) }),
            ions.allSatisfy({ $0.amount == $0.amount.rounded() && $0.amount < 1e9 })
        else {
            return nil
        }
        var divisor = 0
        for ion in ions { divisor = greatestCommonDivisor(divisor, Int(ion.amount)) }
        var (atoms, choices) = ([NeutralChoice.Ion](), 1)
        for (ion, own) in zip(ions, states) {
            let count = Int(ion.amount) / divisor
            let parts = mixed.contains(ion.atomicNumber) ? count : 1
            for part in 0..<parts {
                choices *= own.count
                if choices > 1_000_000 { return nil }
                let amount = parts == 1 ? Double(count) : 1
                atoms.append(NeutralChoice.Ion(atomicNumber: ion.atomicNumber, amount: amount, isRepeated: part > 0))
            }
        }
        return atoms
    }

    private static func numbers(_ symbols: String) -> Set<UInt8> {
        Set(symbols.split(separator: " ").map { Element(symbol: String($0))!.atomicNumber })
    }

    /// What counts as a metal, as SMACT lists them: without Pm, Lr and what follows.
    private static let metals = numbers(
        """
        Li Be Na Mg Al K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho \
        Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No
        """)

    /// Elements whose atoms may differ in their states, as SMACT lists them.
    private static let mixed = numbers("Fe Mn Co Cu Ni V Ti Cr Nb Mo W Re Ru Os Pd Ag Au Sn Sb Bi Ce Eu Yb U")
}

/// A search for states that are neutral together and pass the electronegativity test.
struct NeutralChoice {
    /// Atoms that share a state.
    struct Ion {
        var atomicNumber: UInt8
        var amount: Double
        /// True where the one before is of the same element; its state is not above this one's.
        var isRepeated = false
    }

    private let ions: [Ion]
    private let states: [[Int]]
    private let test: ElectronegativityTest
    private let tolerance: Double
    /// Charge that the ions from each one on can reach.
    private var lowest: [Double]
    private var highest: [Double]

    init(_ ions: [Ion], _ list: OxidationStateList, _ test: ElectronegativityTest) {
        (self.ions, self.test) = (ions, test)
        states = ions.map { list.states[Int($0.atomicNumber)].sorted() }
        let isWhole = ions.allSatisfy { $0.amount == $0.amount.rounded() }
        tolerance = isWhole ? 0 : 1e-6 * ions.reduce(0) { $0 + $1.amount }
        lowest = [Double](repeating: 0, count: ions.count + 1)
        highest = lowest
        for i in ions.indices.reversed() {
            lowest[i] = lowest[i + 1] + Double(states[i].first ?? 0) * ions[i].amount
            highest[i] = highest[i + 1] + Double(states[i].last ?? 0) * ions[i].amount
        }
    }

    /// True where there is a choice.
    var exists: Bool { search(0, charge: 0, ElectronegativityTest.Extremes(), last: 0) }

    private func search(_ i: Int, charge: Double, _ seen: ElectronegativityTest.Extremes, last: Int) -> Bool {
        if charge + lowest[i] > tolerance || charge + highest[i] < -tolerance || !seen.pass(test) { return false }
        if i == ions.count { return true }
        for number in (ions[i].isRepeated ? last : 0)..<states[i].count {
            let state = states[i][number]
            var extremes = seen
            extremes.insert(charge: state, electronegativity: IonTable.electronegativity[Int(ions[i].atomicNumber)])
            if search(i + 1, charge: charge + Double(state) * ions[i].amount, extremes, last: number) { return true }
        }
        return false
    }
}
