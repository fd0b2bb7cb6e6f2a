/// How far atoms may be from where symmetry wants them.
public struct SymmetryTolerance: Hashable, Sendable {
    /// Distance between an atom and the image of another, Å (spglib's symprec).
    public var distanceAngstrom: Double
    /// Angle between lattice vectors and their images, degrees; nil lets it follow from the distance.
    public var angleDegrees: Double?

    /// A tolerance; the defaults are those of pymatgen.
    public init(distanceAngstrom: Double = 0.01, angleDegrees: Double? = 5) {
        (self.distanceAngstrom, self.angleDegrees) = (distanceAngstrom, angleDegrees)
    }
}

/// The seven crystal systems, from most to least symmetric.
public enum CrystalSystem: Int, CaseIterable, Sendable {
    case cubic = 1
    case hexagonal, trigonal, tetragonal, orthorhombic, monoclinic, triclinic

    /// The system of a space group of International Tables, 1…230.
    public init(spaceGroupNumber number: Int) {
        switch number {
        case ...2: self = .triclinic
        case ...15: self = .monoclinic
        case ...74: self = .orthorhombic
        case ...142: self = .tetragonal
        case ...167: self = .trigonal
        case ...194: self = .hexagonal
        default: self = .cubic
        }
    }
}
