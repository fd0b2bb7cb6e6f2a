/// Exact number of positions, split by whether an element stands in two oxidation states; stops at the largest 128-bit number.
///
/// Products leave out what has two such elements, so that a formula has at most one.
struct PositionCount: Equatable, Sendable {
    /// Positions with one state an element.
    var plain: UInt128
    /// Positions with one element in two states.
    var mixed: UInt128

    /// No positions.
    static let zero = PositionCount(plain: 0, mixed: 0)
    /// One position without elements.
    static let one = PositionCount(plain: 1, mixed: 0)

    /// All positions.
    var total: UInt128 { Self.sum(plain, mixed) }

    static func + (a: PositionCount, b: PositionCount) -> PositionCount {
        PositionCount(plain: sum(a.plain, b.plain), mixed: sum(a.mixed, b.mixed))
    }

    static func * (a: PositionCount, b: PositionCount) -> PositionCount {
        PositionCount(plain: product(a.plain, b.plain), mixed: sum(product(a.plain, b.mixed), product(a.mixed, b.plain)))
    }

    private static func sum(_ a: UInt128, _ b: UInt128) -> UInt128 {
        let (value, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : value
    }

    private static func product(_ a: UInt128, _ b: UInt128) -> UInt128 {
        let (value, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? .max : value
    }
}
