/// Elements and their amounts, in ascending atomic number.
///
/// The order is canonical, so `SrTiO3` and `TiSrO3` give the same bits everywhere downstream.
public struct Composition: Hashable, Sendable {
    /// Atomic numbers, ascending, distinct.
    public let atomicNumbers: [UInt8]
    /// Atoms per formula unit as given, positive and finite, beside `atomicNumbers`.
    public let amounts: [Double]

    /// Takes over atomic numbers that are ascending and distinct.
    public init(sortedAtomicNumbers: [UInt8], amounts: [Double]) {
        precondition(sortedAtomicNumbers.count == amounts.count)
        atomicNumbers = sortedAtomicNumbers
        self.amounts = amounts
    }

    /// Brings elements in any order together, adding up repeated ones in the order given.
    public init(_ parts: some Sequence<(element: Element, amount: Double)>) {
        var sums = [Double](repeating: 0, count: 119)
        for p in parts { sums[Int(p.element.atomicNumber)] += p.amount }
        let z = (1...118).filter { sums[$0] > 0 }
        self.init(sortedAtomicNumbers: z.map { UInt8($0) }, amounts: z.map { sums[$0] })
    }

    /// Number of distinct elements.
    public var elementCount: Int { atomicNumbers.count }

    /// Atoms per formula unit.
    public var atomCount: Double { amounts.reduce(0, +) }

    /// Amount of an element; 0 where absent.
    public subscript(element: Element) -> Double {
        atomicNumbers.firstIndex(of: element.atomicNumber).map { amounts[$0] } ?? 0
    }
}
