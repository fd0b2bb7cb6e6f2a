import MaterialsCore

/// A set of elements, as in `Fe-Li-O`.
public struct ChemicalSystem: Hashable, Comparable, Sendable {
    /// Bit z of 128 stands for the element of atomic number z.
    private var low: UInt64
    private var high: UInt64

    /// No element.
    public init() { (low, high) = (0, 0) }

    /// The elements of some atomic numbers.
    public init(_ atomicNumbers: some Sequence<UInt8>) {
        self.init()
        for z in atomicNumbers { insert(z) }
    }

    /// Adds an element.
    public mutating func insert(_ atomicNumber: UInt8) {
        if atomicNumber < 64 { low |= 1 << UInt64(atomicNumber) } else { high |= 1 << UInt64(atomicNumber - 64) }
    }

    /// Number of elements.
    public var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }

    /// True where an element belongs to it.
    public func contains(_ atomicNumber: UInt8) -> Bool {
        (atomicNumber < 64 ? low >> UInt64(atomicNumber) : high >> UInt64(atomicNumber - 64)) & 1 == 1
    }

    /// True where some elements all belong to it.
    public func containsAll(_ atomicNumbers: Span<UInt8>) -> Bool {
        for i in 0..<atomicNumbers.count where !contains(atomicNumbers[i]) { return false }
        return true
    }

    /// True where every element of it belongs to `other`.
    public func isSubset(of other: ChemicalSystem) -> Bool { low & ~other.low == 0 && high & ~other.high == 0 }

    /// Atomic numbers, ascending.
    public var atomicNumbers: [UInt8] { (1...118).filter { contains($0) } }

    /// Symbols in alphabetical order, with hyphens.
    public var name: String { atomicNumbers.map { Element(atomicNumber: Int($0))!.symbol }.sorted().joined(separator: "-") }

    /// Fewer elements first, then by atomic numbers.
    public static func < (a: ChemicalSystem, b: ChemicalSystem) -> Bool {
        (a.count, a.high, a.low) < (b.count, b.high, b.low)
    }
}
