import MaterialsCore

/// Finds the stoichiometries of one choice of oxidation states that are charge neutral and have no common divisor.
///
/// Amounts of all elements but the last are walked through; those of the last are looked up by the charge that is missing.
///
/// - Cost: for n elements up to c atoms c^(n−1) look-ups decide c^n stoichiometries.
struct NeutralSearch {
    /// Place of each find in the block: the digits of the elements as one number, the last element fastest; ascending.
    private(set) var places: [Int] = []
    /// Atoms of each find: a byte an element, the first element lowest.
    private(set) var amounts: [UInt64] = []
    /// At most this many elements: their amounts are the bytes of a word.
    static let largestSystem = 8

    private let divisors: [UInt8]
    private let stride: Int
    private var digits = [Int](repeating: 0, count: largestSystem)

    /// For amounts up to `largest`.
    init(largest: Int) {
        stride = largest + 1
        var table: [UInt8] = []
        for a in 0...largest { for b in 0...largest { table.append(UInt8(greatestCommonDivisor(a, b))) } }
        divisors = table
    }

    /// Leaves the finds of `range` in `places` and `amounts`.
    mutating func search(_ members: [StateAssignment], range: Range<Int>) {
        places.removeAll(keepingCapacity: true)
        amounts.removeAll(keepingCapacity: true)
        if range.isEmpty { return }
        if members.count == 1 { return searchOne(members[0], range: range) }
        let (inner, last) = (members[members.count - 2], members[members.count - 1])
        let (width, innerCount) = (last.charges.count, inner.charges.count)
        let (begin, end) = (range.lowerBound / width, (range.upperBound - 1) / width + 1)
        let lowest = inner.chargeRange.lowerBound + last.chargeRange.lowerBound
        let highest = inner.chargeRange.upperBound + last.chargeRange.upperBound
        var outer = begin / innerCount
        setDigits(outer, members)
        while outer * innerCount < end {
            let prefix = self.prefix(members)
            if prefix.charge + lowest <= 0, prefix.charge + highest >= 0 {
                let row = outer * innerCount
                searchRow(prefix, inner, last, row: row, max(begin - row, 0)..<min(end - row, innerCount), range, members.count)
            }
            outer += 1
            advanceDigits(members)
        }
    }

    private mutating func searchOne(_ only: StateAssignment, range: Range<Int>) {
        for digit in range where only.charges[digit] == 0 && only.divisors[digit] == 1 {
            places.append(digit)
            amounts.append(UInt64(only.amounts[digit]))
        }
    }

    /// What the elements before the last two bring.
    private struct Prefix {
        var charge = 0
        var divisor = 0
        var amounts: UInt64 = 0
    }

    private func prefix(_ members: [StateAssignment]) -> Prefix {
        var p = Prefix()
        for m in 0..<members.count - 2 {
            let d = digits[m]
            p.charge += members[m].charges[d]
            p.divisor = Int(divisors[p.divisor * stride + Int(members[m].divisors[d])])
            p.amounts |= UInt64(members[m].amounts[d]) << UInt64(8 * m)
        }
        return p
    }

    private mutating func setDigits(_ outer: Int, _ members: [StateAssignment]) {
        var left = outer
        for m in (0..<members.count - 2).reversed() { (left, digits[m]) = left.quotientAndRemainder(dividingBy: members[m].charges.count) }
    }

    private mutating func advanceDigits(_ members: [StateAssignment]) {
        for m in (0..<members.count - 2).reversed() {
            digits[m] += 1
            if digits[m] < members[m].charges.count { return }
            digits[m] = 0
        }
    }

    private mutating func searchRow(
        _ prefix: Prefix, _ inner: StateAssignment, _ last: StateAssignment, row: Int, _ innerDigits: Range<Int>, _ range: Range<Int>,
        _ count: Int
    ) {
        let (charges, first) = (inner.charges, last.first)
        let missing = last.bias - prefix.charge
        let width = last.charges.count
        let shift = UInt64(8 * (count - 2))
        for d in innerDigits {
            let key = missing - charges[d]
            guard key >= 0, key < first.count - 1, first[key] < first[key + 1] else { continue }
            let divisor = Int(divisors[prefix.divisor * stride + Int(inner.divisors[d])])
            for j in first[key]..<first[key + 1] {
                let digit = last.digitsByCharge[j]
                let place = (row + d) * width + digit
                guard divisors[divisor * stride + Int(last.divisors[digit])] == 1, range.contains(place) else { continue }
                places.append(place)
                amounts.append(
                    prefix.amounts | UInt64(inner.amounts[d]) << shift | UInt64(last.amounts[digit]) << (shift + 8))
            }
        }
    }
}
