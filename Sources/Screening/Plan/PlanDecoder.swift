import MaterialsCore
import Selection

/// Decodes the parts of a plan, each strictly.
enum PlanDecoder {
    static func sources(_ plan: inout Settings) throws -> [ScreeningPlan.Source] {
        guard let list = plan.list("candidates"), !list.isEmpty else {
            throw Settings.error(plan.line(of: "candidates"), "the plan needs 'candidates': a list with at least one '- file: …'")
        }
        return try list.map { item in
            if case .text(let file) = item.value { return source(file: file, line: item.line) }
            var s = try Settings(item, subject: "candidates")
            var result = source(file: try s.requiredText("file"), line: item.line)
            result.format = try s.text("format")
            result.keys = try KeyColumns(&s)
            result.columns = try s.texts("columns") ?? []
            result.license = try s.text("license")
            result.origin = try s.text("source")
            result.dataClass = try dataClass(&s)
            try s.finish()
            return result
        }
    }

    private static func dataClass(_ s: inout Settings) throws -> DataClass? {
        let chosen = try s.choice("data_class", default: DataClass.open)
        return s.keys.contains("data_class") ? chosen : nil
    }

    private static func source(file: String, line: Int) -> ScreeningPlan.Source {
        ScreeningPlan.Source(
            file: file, format: nil, keys: KeyColumns(), columns: [], dataClass: nil, license: nil, origin: nil, line: line)
    }

    static func properties(_ plan: inout Settings, seed: UInt64) throws -> [ScreeningPlan.Property] {
        guard let setting = plan.setting("properties") else { return [] }
        guard case .mapping(let entries) = setting.value else {
            throw Settings.error(setting.line, "'properties' must be a mapping of names to how they are computed")
        }
        return try entries.map { name, line, value in
            guard !name.isEmpty else { throw Settings.error(line, "a property needs a name") }
            guard name != knownPropertyName else {
                throw Settings.error(line, "'\(name)' is reserved: it marks what a model was trained on")
            }
            var s = try Settings(value, subject: "property '\(name)'")
            let kinds = propertyKinds.filter { s.keys.contains($0) }
            guard kinds.count == 1 else {
                throw Settings.error(
                    line, "property '\(name)' needs exactly one of \(propertyKinds.joined(separator: ", "))" + unknownKind(s.keys))
            }
            let kind: ScreeningPlan.Property.Kind
            switch kinds[0] {
            case "model": kind = .model(file: try s.requiredText("model"), target: try s.text("target"))
            case "descriptor":
                let descriptor = try NamedSettings(s.setting("descriptor")!, what: "'descriptor'")
                kind = .feature(try s.requiredText("feature"), of: descriptor)
            case "expression":
                kind = .expression(try expression(s.requiredText("expression"), property: name, line: s.line(of: "expression")))
            case "train": kind = .train(try training(s.setting("train")!, property: name, seed: seed))
            default:
                kind = .join(
                    file: try s.requiredText("file"), column: try s.requiredText("column"),
                    by: try s.choice("by", default: ScreeningPlan.JoinKey.formula), keys: try KeyColumns(&s), dataClass: try dataClass(&s))
            }
            try s.finish()
            return ScreeningPlan.Property(name: name, kind: kind, line: line)
        }
    }

    private static let propertyKinds = ["descriptor", "expression", "file", "model", "train"]

    private static func expression(_ text: String, property: String, line: Int) throws -> Selection.Expression {
        let expression: Selection.Expression
        do { expression = try Selection.Expression(text) } catch let e as MatSieveError { throw Settings.error(line, e.message) }
        guard expression.kind == .number else {
            throw Settings.error(line, "property '\(property)': '\(text)' is a condition, not a number; conditions go to 'filters'")
        }
        return expression
    }

    private static func unknownKind(_ keys: [String]) -> String {
        keys.first.map { suggestion(for: $0, among: propertyKinds) } ?? ""
    }

    private static func training(_ setting: Setting, property: String, seed: UInt64) throws -> TrainingPlan {
        var s = try Settings(setting, subject: "train of '\(property)'")
        let descriptors = try (s.list("descriptors") ?? [Setting(.text("magpie"))]).map { try NamedSettings($0, what: "a descriptor") }
        let columns = try (s.list("columns") ?? []).map(featureColumn)
        let model = try NamedSettings(s.setting("model") ?? Setting(.text("boosted-trees")), what: "'model'")
        var result = TrainingPlan(
            file: try s.requiredText("file"), targets: [try s.requiredText("target")], unit: try s.text("unit"), descriptors: descriptors,
            columns: columns, model: model, task: try s.choice("task", default: LearningTask.regression), validation: try validation(&s),
            format: try s.text("format"), keys: try KeyColumns(&s), dataClass: try dataClass(&s),
            license: try s.text("license"), seed: seed)
        result.weights = try s.text("weights")
        result.repeats = try repeats(&s, result.validation)
        result.cardDetail = try s.choice("card", default: .short)
        try s.finish()
        return result
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

    private static func repeats(_ s: inout Settings, _ validation: TrainingPlan.Validation) throws -> Int {
        let count = try s.integer("repeats", default: 1, in: 1...1000)
        guard count == 1 || validation.canRepeat else {
            throw Settings.error(s.line(of: "repeats"), "'repeats' needs folds that are drawn anew: give 'folds', 'hold_out' or 'group_by'")
        }
        return count
    }

    private static func validation(_ s: inout Settings) throws -> TrainingPlan.Validation {
        let column = try s.text("folds_column")
        let folds = try s.integer("folds", default: 0, in: 2...1000)
        let share = try s.number("hold_out", default: 0.2, in: 0...0.9)
        let group = try s.choice("group_by", default: TrainingPlan.GroupKey.composition)
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

    static func filters(_ plan: inout Settings) throws -> [ScreeningPlan.Filter] {
        try (plan.list("filters") ?? []).map { item in
            if case .text = item.value { return try filter("where", item, name: nil, line: item.line) }
            var s = try Settings(item, subject: "a filter")
            let name = try s.text("name")
            let kinds = s.keys.filter { $0 != "name" }
            guard let kind = kinds.first, kinds.count == 1 else {
                throw Settings.error(
                    item.line, "a filter needs exactly one of \(FilterRegistry.entries.map(\.name).joined(separator: ", "))")
            }
            return try filter(kind, s.setting(kind)!, name: name, line: s.line(of: kind))
        }
    }

    private static func filter(_ kind: String, _ setting: Setting, name: String?, line: Int) throws -> ScreeningPlan.Filter {
        let made = try FilterRegistry.entry(named: kind, line: line).make(setting)
        return ScreeningPlan.Filter(name: name ?? made.label, filter: made, line: line)
    }
}

/// Name of the property that is 1 for candidates that the surrogate of one property was trained on; there where a plan has several.
func knownName(_ property: String) -> String { property + "_known" }

/// Name of the property that is 1 for candidates that a surrogate of the plan was trained on.
public let knownPropertyName = "known"
