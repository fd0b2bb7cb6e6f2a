import MaterialsCore

extension TrainingPlan {
    /// Reads the value of `train`.
    init(_ setting: Setting, property: String, seed: UInt64) throws {
        var s = try Settings(setting, subject: "train of '\(property)'")
        let descriptors = try (s.list("descriptors") ?? [Setting(.text("magpie"))]).map { try NamedSettings($0, what: "a descriptor") }
        let columns = try (s.list("columns") ?? []).map(Self.featureColumn)
        let model = try NamedSettings(
            s.setting("model", takes: "a model, or {model: settings}", default: "boosted-trees") ?? Setting(.text("boosted-trees")),
            what: "'model'")
        self.init(
            file: try s.requiredText("file"), targets: [try s.requiredText("target")], unit: try s.text("unit"), descriptors: descriptors,
            columns: columns, model: model, task: try s.choice("task", default: LearningTask.regression),
            validation: try Self.validation(&s),
            format: try s.text("format"), keys: try KeyColumns(&s), dataClass: try DataClass(given: &s),
            license: try s.text("license"), seed: seed)
        weights = try s.text("weights")
        repeats = try Self.repeats(&s, validation)
        cardDetail = try s.choice("card", default: .short)
        try s.finish()
    }

    /// `name`, or `{name: category}` / `{name: number}`.
    private static func featureColumn(_ setting: Setting) throws -> CandidateColumn {
        let named = try NamedSettings(setting, what: "a column")
        switch named.settings.value {
        case .null, .text("number"): return CandidateColumn(name: named.name, kind: .numeric)
        case .text("category"): return CandidateColumn(name: named.name, kind: .text)
        default: throw Settings.error(setting.line, "column '\(named.name)' must be a number or a category")
        }
    }

    private static func repeats(_ s: inout Settings, _ validation: Validation) throws -> Int {
        let count = try s.integer("repeats", default: 1, in: 1...1000)
        guard count == 1 || validation.canRepeat else {
            throw Settings.error(s.line(of: "repeats"), "'repeats' needs folds that are drawn anew: give 'folds', 'hold_out' or 'group_by'")
        }
        return count
    }

    private static func validation(_ s: inout Settings) throws -> Validation {
        let column = try s.text("folds_column")
        let folds = try s.integer("folds", default: 0, in: 2...1000)
        let share = try s.number("hold_out", default: 0.2, in: 0...0.9)
        let group = try s.choice("group_by", default: GroupKey.composition)
        let given = ["folds_column", "folds", "hold_out"].filter { s.keys.contains($0) }
        guard given.count < 2 else {
            throw Settings.error(s.line(of: given[1]), "give one of \(given.joined(separator: " and ")), not both")
        }
        if s.keys.contains("group_by") {
            if let other = given.first(where: { $0 != "folds" }) {
                throw Settings.error(s.line(of: other), "'group_by' makes folds of its own; give 'folds' beside it, not '\(other)'")
            }
            return .groups(folds > 0 ? folds : nil, by: group)
        }
        if let column { return .column(column) }
        if folds > 0 { return .folds(folds) }
        return share == 0 ? .none : .holdOut(share)
    }
}

extension DataClass {
    /// Reads `data_class`; nil where it is not given.
    init?(given settings: inout Settings) throws {
        let chosen = try settings.choice("data_class", default: DataClass.open)
        guard settings.keys.contains("data_class") else { return nil }
        self = chosen
    }
}
