import MaterialsCore

extension JSONDocument {
    /// Three numbers; nil where the value is anything else.
    func vector(_ value: Value) -> SIMD3<Double>? {
        // An array of three simple values is followed by these, and ends behind them.
        guard kind(value) == .array, behind(value) == value.index + 4 else { return nil }
        guard let x = number(Value(index: value.index + 1)), let y = number(Value(index: value.index + 2)),
            let z = number(Value(index: value.index + 3))
        else { return nil }
        return SIMD3(x, y, z)
    }

    /// Three vectors; nil where the value is anything else.
    func matrix(_ value: Value) -> Lattice? {
        guard kind(value) == .array, behind(value) == value.index + 13 else { return nil }
        guard let a = vector(Value(index: value.index + 1)), let b = vector(Value(index: value.index + 5)),
            let c = vector(Value(index: value.index + 9))
        else { return nil }
        return Lattice(a: CartesianVector(a), b: CartesianVector(b), c: CartesianVector(c))
    }

    /// Three truth values, written as such or as 0 and 1; nil where the value is anything else.
    func periodicity(_ value: Value) -> Periodicity? {
        var flags: [Bool] = []
        for element in elements(value) {
            switch kind(element) {
            case .yes: flags.append(true)
            case .no: flags.append(false)
            case .number: flags.append(number(element) != 0)
            default: return nil
            }
        }
        return flags.count == 3 ? Periodicity(flags[0], flags[1], flags[2]) : nil
    }
}

/// Gathers atoms; occupancies are only kept where a position is disordered.
struct SiteList {
    private(set) var atomicNumbers: [UInt8] = []
    private(set) var positions: [FractionalPosition] = []
    private var occupancies: [Double] = []
    private var sites: [UInt32] = []
    private var siteCount: UInt32 = 0
    private var isDisordered = false

    init(capacity: Int) {
        atomicNumbers.reserveCapacity(capacity)
        positions.reserveCapacity(capacity)
        occupancies.reserveCapacity(capacity)
        sites.reserveCapacity(capacity)
    }

    /// Adds a species on the position that is being filled.
    mutating func add(_ atomicNumber: UInt8, _ occupancy: Double, at position: FractionalPosition) {
        atomicNumbers.append(atomicNumber)
        positions.append(position)
        occupancies.append(occupancy)
        sites.append(siteCount)
        if occupancy != 1 { isDisordered = true }
    }

    /// Ends the position; what stays empty is none.
    ///
    /// - Errors: `bad-occupancy` where the species on it are more than one whole atom.
    mutating func endSite(name: Int) throws(CandidateDefect) {
        var (total, i) = (0.0, sites.count)
        while i > 0, sites[i - 1] == siteCount {
            i -= 1
            total += occupancies[i]
        }
        if total > 1 + 1e-8 { throw CandidateDefect("bad-occupancy", "site \(name + 1): its species add up to \(numberText(total))") }
        if i < sites.count { siteCount += 1 }
    }

    func structure(_ lattice: Lattice, _ periodicity: Periodicity) -> CrystalStructure {
        CrystalStructure(
            lattice: lattice, periodicity: periodicity, atomicNumbers: atomicNumbers, positions: positions,
            occupancies: isDisordered ? occupancies : [], sites: isDisordered ? sites : [])
    }
}
