import MaterialsCore

/// The descriptors that plans can name, in alphabetical order; a new one needs its file and a line here.
public enum DescriptorRegistry {
    /// All descriptors.
    public static let entries: [DescriptorEntry] = [
        DescriptorEntry(ACSFDescriptor.self),
        DescriptorEntry(AtomicPackingDescriptor.self),
        DescriptorEntry(BandCenterDescriptor.self),
        DescriptorEntry(BondAnglesDescriptor.self),
        DescriptorEntry(BondLengthsDescriptor.self),
        DescriptorEntry(CationPropertyDescriptor.self),
        DescriptorEntry(CellContentDescriptor.self),
        DescriptorEntry(ConnectedComponentsDescriptor.self),
        DescriptorEntry(CoordinationDescriptor.self),
        DescriptorEntry(CoordinationSequenceDescriptor.self),
        DescriptorEntry(CoulombMatrixDescriptor.self),
        DescriptorEntry(DensityDescriptor.self),
        DescriptorEntry(DimensionalityDescriptor.self),
        DescriptorEntry(ElectronAffinityDescriptor.self),
        DescriptorEntry(ElectronegativityDifferenceDescriptor.self),
        DescriptorEntry(ElementFractionDescriptor.self),
        DescriptorEntry(EwaldEnergyDescriptor.self),
        DescriptorEntry(EwaldMatrixDescriptor.self),
        DescriptorEntry(GraphDegreeDescriptor.self),
        DescriptorEntry(IonPropertyDescriptor.self),
        DescriptorEntry(LaplacianSpectrumDescriptor.self),
        DescriptorEntry(LocalMBTRDescriptor.self),
        DescriptorEntry(MagpieDescriptor.self),
        DescriptorEntry(MBTRDescriptor.self),
        DescriptorEntry(MeredigDescriptor.self),
        DescriptorEntry(MiedemaDescriptor.self),
        DescriptorEntry(OxidationStatesDescriptor.self),
        DescriptorEntry(PartialRadialDistributionDescriptor.self),
        DescriptorEntry(PoreSpheresDescriptor.self),
        DescriptorEntry(PoreVolumeDescriptor.self),
        DescriptorEntry(RadialDistributionDescriptor.self),
        DescriptorEntry(RingStatisticsDescriptor.self),
        DescriptorEntry(ShortestPathCorrelationDescriptor.self),
        DescriptorEntry(SineMatrixDescriptor.self),
        DescriptorEntry(SiteFingerprintDescriptor.self),
        DescriptorEntry(SOAPDescriptor.self),
        DescriptorEntry(SpaceGroupColumnDescriptor.self),
        DescriptorEntry(SpaceGroupDescriptor.self),
        DescriptorEntry(SteinhardtDescriptor.self),
        DescriptorEntry(StoichiometryDescriptor.self),
        DescriptorEntry(StructuralComplexityDescriptor.self),
        DescriptorEntry(TransitionMetalFractionDescriptor.self),
        DescriptorEntry(ValenceOrbitalDescriptor.self),
        DescriptorEntry(WeisfeilerLehmanDescriptor.self),
        DescriptorEntry(WenAlloysDescriptor.self),
        DescriptorEntry(XRayPowderDescriptor.self),
        DescriptorEntry(YangSolidSolutionDescriptor.self),
    ]

    /// The entry of a name.
    /// - Throws: `MatSieveError.usage` with the nearest name where there is none.
    public static func entry(named name: String) throws -> DescriptorEntry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        throw MatSieveError.usage("unknown descriptor '\(name)'" + suggestion(for: name, among: entries.map(\.name)))
    }

    /// Makes a descriptor, with its defaults where no settings are given.
    /// - Throws: `MatSieveError.usage` for an unknown name or setting.
    public static func make(_ name: String, settings: Settings? = nil) throws -> any Descriptor {
        let entry = try entry(named: name)
        var settings = settings ?? Settings(subject: "descriptor '\(name)'")
        return try entry.make(&settings)
    }
}
