/// A vector in Cartesian coordinates, Å.
public struct CartesianVector: Hashable, Sendable {
    /// x, y, z in Å.
    public var angstroms: SIMD3<Double>

    /// A vector of the given coordinates.
    @inlinable public init(_ angstroms: SIMD3<Double>) { self.angstroms = angstroms }
    /// A vector of the given coordinates.
    @inlinable public init(_ x: Double, _ y: Double, _ z: Double) { angstroms = SIMD3(x, y, z) }

    /// Square of the length, summed x, y, z in this order.
    @inlinable public var squaredLength: Double { dot(self) }
    /// Length in Å.
    @inlinable public var length: Double { squaredLength.squareRoot() }

    /// Scalar product, summed x, y, z in this order.
    @inlinable public func dot(_ other: CartesianVector) -> Double {
        let p = angstroms * other.angstroms
        return (p.x + p.y) + p.z
    }

    /// Vector product.
    @inlinable public func cross(_ other: CartesianVector) -> CartesianVector {
        let (u, v) = (angstroms, other.angstroms)
        return CartesianVector(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    }

    /// Sum.
    @inlinable public static func + (u: CartesianVector, v: CartesianVector) -> CartesianVector {
        CartesianVector(u.angstroms + v.angstroms)
    }
    /// Difference.
    @inlinable public static func - (u: CartesianVector, v: CartesianVector) -> CartesianVector {
        CartesianVector(u.angstroms - v.angstroms)
    }
    /// Multiple.
    @inlinable public static func * (s: Double, v: CartesianVector) -> CartesianVector { CartesianVector(s * v.angstroms) }
}

/// A position in units of the lattice vectors.
public struct FractionalPosition: Hashable, Sendable {
    /// Along a, b, c.
    public var coordinates: SIMD3<Double>

    /// A position of the given coordinates.
    @inlinable public init(_ coordinates: SIMD3<Double>) { self.coordinates = coordinates }
    /// A position of the given coordinates.
    @inlinable public init(_ a: Double, _ b: Double, _ c: Double) { coordinates = SIMD3(a, b, c) }

    /// The equivalent position with all coordinates in [0, 1).
    public var wrapped: FractionalPosition {
        func wrap(_ x: Double) -> Double {
            let y = x - x.rounded(.down)
            // A tiny negative number rounds up to 1.
            return y < 1 ? y : 0
        }
        return FractionalPosition(wrap(coordinates.x), wrap(coordinates.y), wrap(coordinates.z))
    }
}

/// Along which lattice vectors a structure repeats.
public struct Periodicity: Hashable, Sendable {
    /// Along a, b, c.
    public var a, b, c: Bool

    /// Periodicity along each vector.
    public init(_ a: Bool, _ b: Bool, _ c: Bool) { (self.a, self.b, self.c) = (a, b, c) }

    /// A crystal.
    public static let full = Periodicity(true, true, true)
    /// A molecule or cluster.
    public static let none = Periodicity(false, false, false)

    /// By axis: 0, 1, 2.
    public subscript(axis: Int) -> Bool { axis == 0 ? a : axis == 1 ? b : c }
    /// Number of periodic axes.
    public var count: Int { (a ? 1 : 0) + (b ? 1 : 0) + (c ? 1 : 0) }
}
