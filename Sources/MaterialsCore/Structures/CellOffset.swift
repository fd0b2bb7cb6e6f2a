/// Whole cells by which an image is moved along a, b, c.
public struct CellOffset: Hashable, Sendable {
    /// Along a, b, c.
    public var cells: SIMD3<Int32>

    /// An offset.
    @inlinable public init(_ cells: SIMD3<Int32>) { self.cells = cells }
    /// An offset.
    @inlinable public init(_ a: Int32, _ b: Int32, _ c: Int32) { cells = SIMD3(a, b, c) }

    /// The atom's own cell.
    public static let zero = CellOffset(0, 0, 0)

    /// The way back.
    @inlinable public static prefix func - (offset: CellOffset) -> CellOffset { CellOffset(0 &- offset.cells) }

    /// Order along a, then b, then c.
    @inlinable public static func < (m: CellOffset, n: CellOffset) -> Bool {
        if m.cells.x != n.cells.x { return m.cells.x < n.cells.x }
        return m.cells.y != n.cells.y ? m.cells.y < n.cells.y : m.cells.z < n.cells.z
    }
}
