/// What a ranking may have to know of one column over all candidates; exact, so that any cut and any order of merging give the same.
public struct ColumnStatistics: Equatable, Sendable {
    /// Smallest value; +∞ of nothing.
    public private(set) var minimum = Double.infinity
    /// Largest value; −∞ of nothing.
    public private(set) var maximum = -Double.infinity
    private var squares = ExactSum()

    /// Statistics of nothing.
    public init() {}

    /// Square root of the sum of the squares.
    ///
    /// - Numerics: each square is rounded, their sum is not; ∞ from values of 1e154 on.
    public var norm: Double { squares.value.squareRoot() }

    /// Takes in a value.
    public mutating func add(_ x: Double) {
        minimum = min(minimum, x)
        maximum = max(maximum, x)
        squares.add(x * x)
    }

    /// Takes in all that others hold.
    public mutating func merge(_ other: ColumnStatistics) {
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        squares.merge(other.squares)
    }

    /// Writes the statistics; equal ones give equal bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(minimum)
        writer.write(maximum)
        squares.encode(to: &writer)
    }

    /// Reads what `encode` wrote.
    public init(from reader: inout ByteReader) throws {
        (minimum, maximum) = (try reader.readDouble(), try reader.readDouble())
        squares = try ExactSum(from: &reader)
    }
}
