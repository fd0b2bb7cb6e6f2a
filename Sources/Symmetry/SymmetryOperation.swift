import MaterialsCore

/// A symmetry operation in fractional coordinates: an integer matrix, then a translation.
///
///     x' = R x + t
///
/// - Numerics: translations that are fractions (1/3, 1/4 …) are the closest numbers to them.
public struct SymmetryOperation: Hashable, Sendable {
    /// Rows of the matrix.
    public var rows: RotationRows
    /// Translation in units of the lattice vectors.
    public var translation: SIMD3<Double>

    /// The three rows of an integer matrix.
    public struct RotationRows: Hashable, Sendable {
        /// Coefficients of the new x, y and z.
        public var x, y, z: SIMD3<Int>

        /// A matrix of three rows.
        public init(_ x: SIMD3<Int>, _ y: SIMD3<Int>, _ z: SIMD3<Int>) { (self.x, self.y, self.z) = (x, y, z) }

        /// Does nothing.
        public static let identity = RotationRows(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))

        /// 1 for proper, -1 for improper operations of a lattice.
        public var determinant: Int {
            let cx = y.y * z.z - y.z * z.y
            let cy = y.z * z.x - y.x * z.z
            let cz = y.x * z.y - y.y * z.x
            return x.x * cx + x.y * cy + x.z * cz
        }

        /// First `other`, then this.
        public func after(_ other: RotationRows) -> RotationRows {
            func row(_ r: SIMD3<Int>) -> SIMD3<Int> { r.x &* other.x &+ r.y &* other.y &+ r.z &* other.z }
            return RotationRows(row(x), row(y), row(z))
        }

        /// The image of a vector of integers.
        public func apply(_ v: SIMD3<Int>) -> SIMD3<Int> { SIMD3((x &* v).wrappedSum(), (y &* v).wrappedSum(), (z &* v).wrappedSum()) }
    }

    /// An operation.
    public init(rows: RotationRows, translation: SIMD3<Double>) { (self.rows, self.translation) = (rows, translation) }

    /// Leaves everything where it is.
    public static let identity = SymmetryOperation(rows: .identity, translation: .zero)

    /// The image of a position, not wrapped into the cell; summed x, y, z, translation in this order.
    public func apply(_ position: FractionalPosition) -> FractionalPosition {
        func image(_ row: SIMD3<Int>, _ t: Double) -> Double {
            let p = position.coordinates * SIMD3(Double(row.x), Double(row.y), Double(row.z))
            return ((p.x + p.y) + p.z) + t
        }
        return FractionalPosition(image(rows.x, translation.x), image(rows.y, translation.y), image(rows.z, translation.z))
    }

    /// First `other`, then this; translations are not reduced.
    public func after(_ other: SymmetryOperation) -> SymmetryOperation {
        SymmetryOperation(rows: rows.after(other.rows), translation: apply(FractionalPosition(other.translation)).coordinates)
    }

    /// True where the operation leaves lengths and angles of a cell as they are, within 0.2 % of the lengths.
    public func preserves(_ lattice: Lattice) -> Bool {
        let vectors = [lattice.a, lattice.b, lattice.c]
        // Columns of the matrix are the images of the lattice vectors.
        let images = (0..<3).map { k in
            Double(rows.x[k]) * lattice.a + Double(rows.y[k]) * lattice.b + Double(rows.z[k]) * lattice.c
        }
        for i in 0..<3 {
            for j in i..<3 {
                let scale = vectors[i].length * vectors[j].length
                if !(abs(images[i].dot(images[j]) - vectors[i].dot(vectors[j])) <= 4e-3 * scale) { return false }
            }
        }
        return true
    }
}

extension SIMD3<Int> {
    @inline(__always) fileprivate func wrappedSum() -> Int { x &+ y &+ z }
}
