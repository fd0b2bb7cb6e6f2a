/// Three lattice vectors in Å.
///
/// A direction without periodicity still has a vector (1 Å, perpendicular to the others, where the file gives none), so that
/// fractional positions always mean something.
public struct Lattice: Hashable, Sendable {
    /// Lattice vectors.
    public let a, b, c: CartesianVector
    /// Rows of the inverse matrix's transpose: a*, b*, c* without 2π (1/Å).
    public let reciprocalA, reciprocalB, reciprocalC: CartesianVector
    /// Volume of the cell, Å³; negative for a left-handed triple.
    public let signedVolume: Double

    /// A lattice of three vectors; they may be linearly dependent, which `isSingular` tells.
    public init(a: CartesianVector, b: CartesianVector, c: CartesianVector) {
        (self.a, self.b, self.c) = (a, b, c)
        let bc = b.cross(c)
        let volume = a.dot(bc)
        signedVolume = volume
        let scale = volume == 0 ? 0 : 1 / volume
        (reciprocalA, reciprocalB, reciprocalC) = (scale * bc, scale * c.cross(a), scale * a.cross(b))
    }

    /// A lattice from cell parameters: a along x, b in the xy plane, c with positive z.
    ///
    /// - Parameters:
    ///   - lengths: a, b, c in Å, positive
    ///   - degrees: α, β, γ between 0 and 180
    /// - Returns: nil where no such cell exists.
    public init?(lengths: SIMD3<Double>, degrees: SIMD3<Double>) {
        guard lengths.x > 0, lengths.y > 0, lengths.z > 0, lengths.x < .infinity, lengths.y < .infinity, lengths.z < .infinity else {
            return nil
        }
        for angle in [degrees.x, degrees.y, degrees.z] where !(angle > 0 && angle < 180) { return nil }
        let (cosA, cosB, cosG) = (Self.cosine(degrees.x), Self.cosine(degrees.y), Self.cosine(degrees.z))
        let sinG = (1 - cosG * cosG).squareRoot()
        let cx = cosB
        let cy = (cosA - cosB * cosG) / sinG
        let squared = (1 - cx * cx) - cy * cy
        guard squared > 0, sinG > 0 else { return nil }
        self.init(
            a: CartesianVector(lengths.x, 0, 0), b: CartesianVector(lengths.y * cosG, lengths.y * sinG, 0),
            c: CartesianVector(lengths.z * cx, lengths.z * cy, lengths.z * squared.squareRoot()))
    }

    /// Exact at right angles and 60°, 120°, where files mean exactly that.
    private static func cosine(_ degrees: Double) -> Double {
        if degrees == 90 { return 0 }
        if degrees == 120 { return -0.5 }
        if degrees == 60 { return 0.5 }
        return PortableMath.cos(degrees * (Double.pi / 180))
    }

    /// The lattice vector of an axis: 0, 1, 2.
    public subscript(axis: Int) -> CartesianVector { axis == 0 ? a : axis == 1 ? b : c }

    /// Volume of the cell, Å³.
    public var volume: Double { abs(signedVolume) }
    /// Lengths of a, b, c in Å.
    public var lengths: SIMD3<Double> { SIMD3(a.length, b.length, c.length) }
    /// Angles α (b, c), β (a, c), γ (a, b) in radians.
    public var angles: SIMD3<Double> { SIMD3(Self.angle(b, c), Self.angle(a, c), Self.angle(a, b)) }
    /// Angles α, β, γ in degrees.
    public var degrees: SIMD3<Double> { angles * (180 / Double.pi) }
    /// Distances between the planes that bound the cell along a, b, c, Å.
    public var planeSpacings: SIMD3<Double> { SIMD3(1 / reciprocalA.length, 1 / reciprocalB.length, 1 / reciprocalC.length) }
    /// True where the vectors are not finite or (nearly) lie in one plane: volume below 10⁻⁶ of the product of the lengths.
    public var isSingular: Bool {
        let box = a.length * b.length * c.length
        return !(volume > 1e-6 * box && box < .infinity)
    }

    /// Cartesian coordinates of a position, summed along a, b, c in this order.
    @inlinable public func cartesian(_ position: FractionalPosition) -> CartesianVector {
        let f = position.coordinates
        return CartesianVector((f.x * a.angstroms + f.y * b.angstroms) + f.z * c.angstroms)
    }

    /// Fractional coordinates of a vector.
    @inlinable public func fractional(_ vector: CartesianVector) -> FractionalPosition {
        FractionalPosition(vector.dot(reciprocalA), vector.dot(reciprocalB), vector.dot(reciprocalC))
    }

    private static func angle(_ u: CartesianVector, _ v: CartesianVector) -> Double {
        PortableMath.acos(max(-1, min(1, u.dot(v) / (u.length * v.length))))
    }
}
