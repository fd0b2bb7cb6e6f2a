import MaterialsCore

/// How one member of a stack is made: model, settings, columns and scale of the target.
struct StackRecipe: Sendable {
    /// Registry name.
    var model: String
    /// Its settings.
    var settings = Setting(.null)
    /// Columns that it sees, ascending; nil for all.
    var columns: [Int]?
    /// Name of the choice of columns, for the summary.
    var columnsName = "all"
    var transform = TargetTransform.identity
    /// Whether it also sees the targets of the nearest training rows.
    var seesNeighbours = false

    /// What it is, in one line.
    var text: String {
        let scale = transform == .identity ? "" : ", log target"
        let features = columns == nil ? "" : ", \(columnsName) features"
        var settings = settings.canonicalText
        settings = settings == "null" ? "" : " " + settings
        return model + settings + features + (seesNeighbours ? " and neighbours' targets" : "") + scale
    }

    /// Reads `name` or `{name: {setting: value}}`.
    init(_ setting: Setting) throws {
        switch setting.value {
        case .text(let name): model = name
        case .mapping(let m) where m.count == 1: (model, settings) = (m[0].key, m[0].value)
        default:
            throw Settings.error(setting.line, "a member must be the name of a model, or {name: {setting: value}}")
        }
        guard model != StackModel.name, model != AutoModel.name else {
            throw Settings.error(setting.line, "a member can't be '\(model)'; name the models that it is made of")
        }
        _ = try ModelRegistry.entry(named: model)
    }

    init(_ model: String, _ settings: [String: Double] = [:], texts: [String: String] = [:], transform: TargetTransform = .identity) {
        let numbers = settings.map { (key: $0.key, line: 0, value: Setting(.number($0.value), source: numberText($0.value))) }
        let words = texts.map { (key: $0.key, line: 0, value: Setting(.text($0.value), source: $0.value)) }
        let all = (numbers + words).sorted { $0.key < $1.key }
        (self.model, self.transform) = (model, transform)
        self.settings = all.isEmpty ? Setting(.null) : Setting(.mapping(all))
    }

    /// Learns from rows.
    func fit(_ data: TrainingData, _ context: TrainingContext) throws -> StackMember {
        var part = columns.map { data.selectingColumns($0) } ?? data
        if transform != .identity { part.targets = part.targets.map(transform.forward) }
        var neighbours: NeighbourTargets?
        if seesNeighbours, let found = try NeighbourTargets.fit(part, context) {
            neighbours = found.0
            part = part.appending(found.features, names: NeighbourTargets.names)
        }
        var settings = try Settings(self.settings, subject: "model '\(model)'")
        let fitted = try ModelRegistry.entry(named: model).fit(part, &settings, context)
        return StackMember(modelName: model, model: fitted, columns: columns, neighbours: neighbours, transform: transform)
    }
}
