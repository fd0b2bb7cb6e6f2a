import MaterialsCore

/// All ways to compute a property, by the key that selects them in a plan.
enum PropertyKindRegistry {
    /// Alphabetical; a new kind is one line here.
    static let entries: [PropertyKindEntry] = [
        PropertyKindEntry(DescriptorProperty.self),
        PropertyKindEntry(ElementTableProperty.self),
        PropertyKindEntry(ExpressionProperty.self),
        PropertyKindEntry(HullProperty.self),
        PropertyKindEntry(JoinedProperty.self),
        PropertyKindEntry(KnownMaterialsProperty.self),
        PropertyKindEntry(ModelProperty.self),
        PropertyKindEntry(SMACTValidityProperty.self),
        PropertyKindEntry(TrainedProperty.self),
    ]

    /// Reads a property; exactly one of its keys must be that of a kind.
    static func decode(_ settings: inout Settings, of property: PropertyHead) throws -> any PropertyKind {
        let keys = settings.keys
        let chosen = entries.filter { keys.contains($0.name) }
        guard chosen.count == 1 else {
            let names = entries.map(\.name).sorted()
            throw Settings.error(
                property.line,
                "property '\(property.name)' needs exactly one of \(names.joined(separator: ", "))"
                    + (keys.first.map { suggestion(for: $0, among: names) } ?? ""))
        }
        return try chosen[0].make(&settings, property)
    }
}
