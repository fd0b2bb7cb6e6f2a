import MaterialsCore

/// Density, volume of an atom, and how much of the space hard spheres fill.
///
///     density = Σ oᵢ mᵢ / V        volume per atom = V / Σ oᵢ        packing fraction = Σ oᵢ (4/3) π rᵢ³ / V
///
/// - Input:    cell of volume V (Å³); entries with occupancy oᵢ, atomic mass mᵢ (u) and Slater's atomic radius rᵢ (Å)
/// - Output:   3 features, labelled as matminer's: `density` (g/cm³), `vpa` (Å³), `packing fraction`
/// - Scope:    shared and partly empty positions count by their occupancies. The packing fraction is NaN where an element has no radius
///   (noble gases, At, Fr, beyond Am)
/// - Numerics: sums in the order of the entries; matminer 0.10.1 agrees to 10⁻¹²
/// - Cost:     a few ns an atom
/// - Source:   radii: J. C. Slater, J. Chem. Phys. 41, 3199 (1964), doi:10.1063/1.1725697; features: L. Ward et al., Comput. Mater. Sci.
///   152, 60 (2018). Differences: matminer refuses disorder
public struct DensityDescriptor: StructureDescriptor {
    /// `density`.
    public static let name = "density"
    /// The radii, and the implementation whose labels these are.
    public static let references = [
        Citation("J. C. Slater, J. Chem. Phys. 41, 3199 (1964)", doi: "10.1063/1.1725697"),
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Occupancies are weights.
    public static let supportsDisorder = true

    /// Atomic mass unit in g times Å³ in a cm³: u/Å³ in g/cm³ (CODATA 2022).
    private static let gramsPerCubicCentimetre = 1.66053906892

    /// Has no settings.
    public init(settings: inout Settings) throws { try settings.finish() }

    /// `density`, `vpa`, `packing fraction`.
    public var featureNames: [String] { ["density", "vpa", "packing fraction"] }

    /// Fills the three values.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let volume = try crystal.requireVolume()
        var (mass, atoms, cubes) = (0.0, 0.0, 0.0)
        for entry in 0..<crystal.count {
            let z = Int(crystal.atomicNumbers[entry])
            let (weight, radius) = (crystal.occupancy(entry), PymatgenTable.atomicRadius[z])
            mass += weight * PymatgenTable.atomicMass[z]
            atoms += weight
            cubes += weight * (radius * radius * radius)
        }
        features[0] = mass / volume * Self.gramsPerCubicCentimetre
        features[1] = volume / atoms
        features[2] = 4 * Double.pi * cubes / (3 * volume)
    }
}

extension CrystalStructure {
    /// Volume of the cell in Å³; a cell without one is `singular-cell`, an atomic number that is none `bad-element`.
    func requireVolume() throws(CandidateDefect) -> Double {
        guard !lattice.isSingular else { throw CandidateDefect("singular-cell", "the lattice vectors lie in one plane or are not finite") }
        for z in atomicNumbers where !(1...118).contains(z) {
            throw CandidateDefect("bad-element", "atomic number \(z) is not an element")
        }
        return lattice.volume
    }
}
