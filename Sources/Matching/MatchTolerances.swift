/// How far two crystals may differ and still count as one.
public struct MatchTolerances: Hashable, Sendable {
    /// Relative difference of lattice vectors' lengths.
    public var length: Double
    /// Difference of lattice angles, degrees.
    public var angleDegrees: Double
    /// Largest displacement of a site in units of (volume per site)^⅓.
    public var site: Double
    /// True where volumes are made equal first, so that a strained copy counts as the same.
    public var scalesVolume: Bool

    /// Tolerances; the defaults are those of pymatgen's StructureMatcher.
    public init(length: Double = 0.2, angleDegrees: Double = 5, site: Double = 0.3, scalesVolume: Bool = true) {
        (self.length, self.angleDegrees, self.site, self.scalesVolume) = (length, angleDegrees, site, scalesVolume)
    }
}
