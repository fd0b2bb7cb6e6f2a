import MaterialsCore

/// One feature of a descriptor: `{descriptor: pore-geometry, feature: …}`.
struct DescriptorProperty: PropertyKind {
    static let name = "descriptor"
    static let summary = "one feature of a descriptor, by its label"
    static let example = "{descriptor: magpie, feature: MagpieData mean Number}"

    private let descriptor: NamedSettings
    private let feature: String

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        descriptor = try NamedSettings(settings.setting("descriptor")!, what: "'descriptor'")
        feature = try settings.requiredText("feature")
    }

    func needs(_ context: PropertyContext) throws -> CandidateNeeds {
        let pipeline = try computation(context).pipeline
        return CandidateNeeds(columns: pipeline.requiredColumns, structuresFor: pipeline.structureDescriptors)
    }

    func open(_ context: PropertyContext) throws -> OpenedProperty { OpenedProperty(computation: try computation(context)) }

    /// Finds the feature by its label.
    /// - Errors: `.usage` for an unknown descriptor or feature, with the nearest label
    private func computation(_ context: PropertyContext) throws -> DescriptorFeature {
        let pipeline = try FeaturePipeline(descriptors: [descriptor], columns: [])
        guard let found = pipeline.featureNames.firstIndex(of: feature) else {
            let labels = pipeline.featureNames
            let near = suggestion(for: feature, among: labels)
            let some = labels.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (labels.count > 5 ? ", …" : "")
            throw context.error("'\(descriptor.name)' has no feature '\(feature)'" + (near.isEmpty ? "; it has \(some)" : near))
        }
        return DescriptorFeature(pipeline: pipeline, column: found)
    }
}

/// A column of what a descriptor computes.
private struct DescriptorFeature: PropertyComputation {
    /// The descriptor alone.
    let pipeline: FeaturePipeline
    /// Where the feature stands.
    let column: Int

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] { [PropertyColumn()] }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        let (matrix, defects) = cache.features(pipeline, of: batch)
        return ComputedColumns([PropertyValues(values: matrix.column(column))], defects: defects)
    }
}
