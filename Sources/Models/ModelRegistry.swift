import MaterialsCore

/// The models that plans can name.
public enum ModelRegistry {
    /// One line a model, by name.
    public static let entries: [ModelEntry] = [
        ModelEntry(BoostedTreesModel.self),
        ModelEntry(ExtraTreesModel.self),
        ModelEntry(ImportedGraphModel.self),
        ModelEntry(ImportedTreesModel.self),
        ModelEntry(RandomForestModel.self),
        ModelEntry(RidgeModel.self),
    ]

    /// The model of a name.
    /// - Throws: `MatSieveError.usage` with the nearest name.
    public static func entry(named name: String) throws -> ModelEntry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        throw MatSieveError.usage("unknown model '\(name)'" + suggestion(for: name, among: entries.map(\.name)))
    }
}
