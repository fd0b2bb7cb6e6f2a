import MaterialsCore

/// One feature of a descriptor as a property: `{descriptor: pore-geometry, feature: …}`.
struct FeatureProperty: Sendable {
    /// The descriptor alone.
    let pipeline: FeaturePipeline
    /// Where its feature stands.
    let column: Int

    /// Finds a feature by its label.
    /// - Errors: `.usage` for an unknown descriptor or feature, with the nearest label
    init(_ feature: String, of descriptor: NamedSettings, line: Int) throws {
        pipeline = try FeaturePipeline(descriptors: [descriptor], columns: [])
        guard let found = pipeline.featureNames.firstIndex(of: feature) else {
            let labels = pipeline.featureNames
            let near = suggestion(for: feature, among: labels)
            let some = labels.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (labels.count > 5 ? ", …" : "")
            throw Settings.error(line, "'\(descriptor.name)' has no feature '\(feature)'" + (near.isEmpty ? "; it has \(some)" : near))
        }
        column = found
    }
}
