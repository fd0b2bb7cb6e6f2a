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

    /// Whether the answers of its trees are brought together as it turns out best on held-out rows.
    var choosesCombination = false

    /// The recipe with one way to bring its trees together.
    func combining(_ how: TreeCombination) -> StackRecipe {
        guard case .mapping(let entries) = settings.value else { return self }
        var result = self
        result.choosesCombination = false
        let own = (key: "combine", line: 0, value: Setting(.text(how.rawValue), source: how.rawValue))
        result.settings = Setting(.mapping((entries.filter { $0.key != "combine" } + [own]).sorted { $0.key < $1.key }))
        return result
    }

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

    init(
        _ model: String, _ settings: [String: Double] = [:], texts: [String: String] = [:], lists: [String: [Double]] = [:],
        flags: [String: Bool] = [:], transform: TargetTransform = .identity
    ) {
        func number(_ value: Double) -> Setting { Setting(.number(value), source: numberText(value)) }
        let listed = lists.map { (key: $0.key, line: 0, value: Setting(.list($0.value.map(number)))) }
        let switches = flags.map { (key: $0.key, line: 0, value: Setting(.boolean($0.value), source: $0.value ? "true" : "false")) }
        let numbers = settings.map { (key: $0.key, line: 0, value: number($0.value)) }
        let words = texts.map { (key: $0.key, line: 0, value: Setting(.text($0.value), source: $0.value)) }
        let all = (numbers + words + listed + switches).sorted { $0.key < $1.key }
        (self.model, self.transform) = (model, transform)
        self.settings = all.isEmpty ? Setting(.null) : Setting(.mapping(all))
    }

    /// Learns from rows.
    func fit(_ data: TrainingData, _ context: TrainingContext) throws -> StackMember {
        var store = NeighbourStore()
        return try fit(data, like: nil, &store, context)
    }

    /// Learns from rows.
    ///
    /// - Parameters:
    ///   - like: the same recipe's fit of other rows, whose choices serve again
    ///   - store: neighbours of these rows that other members have looked up
    func fit(
        _ data: TrainingData, like other: (any PropertyModel)?, _ store: inout NeighbourStore, _ context: TrainingContext
    ) throws -> StackMember {
        var part = columns.map { data.selectingColumns($0) } ?? data
        if transform != .identity { part.targets = part.targets.map(transform.forward) }
        var neighbours: NeighbourTargets?
        if seesNeighbours, let found = try store.neighbours(self, part, context) {
            neighbours = found.targets
            part = part.appending(found.features, names: found.targets.names)
        }
        var settings = try Settings(self.settings, subject: "model '\(model)'")
        let fitted: any PropertyModel
        if let sharing = other as? any HyperparameterSharing {
            fitted = try type(of: sharing).fit(part, likeAny: sharing, settings: &settings, context: context)
        } else {
            fitted = try ModelRegistry.entry(named: model).fit(part, &settings, context)
        }
        return StackMember(modelName: model, model: fitted, columns: columns, neighbours: neighbours, transform: transform)
    }
}
