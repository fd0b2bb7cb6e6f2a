import Descriptors
import MaterialsCore

/// How a surrogate is trained: the table, what describes it, the model and its validation.
public struct TrainingPlan: Sendable {
    /// How the error of the model is judged.
    public enum Validation: Sendable, Equatable {
        /// Not at all.
        case none
        /// A seeded share of the rows is held out once.
        case holdOut(Double)
        /// Seeded folds.
        case folds(Int)
        /// Folds given by a column of the table.
        case column(String)
        /// Seeded folds of whole groups: rows of one group are never learned from and tested at once. Nil: five folds of compositions
        /// or systems, one of each element, ten clusters.
        case groups(Int?, by: GroupKey)

        /// True where the division depends on a seed.
        public var canRepeat: Bool {
            switch self {
            case .none, .column, .groups(nil, .element): false
            case .holdOut, .folds, .groups: true
            }
        }
    }

    /// What rows have in common that must not be split over folds.
    public enum GroupKey: String, Sendable, CaseIterable {
        /// Equal composition up to its scale: polymorphs stay together.
        case composition
        /// Equal set of elements.
        case chemicalSystem = "chemical-system"
        /// Each fold leaves out some elements: it tests the rows that hold one of them.
        case element
        /// Each fold leaves out a cluster of rows that resemble each other in their features.
        case cluster
    }

    /// How much is found out for the model card.
    public enum CardDetail: String, Sendable, CaseIterable {
        /// Everything: also the learning curve, which costs a few more fits.
        case full
        /// No learning curve; importance from a few hundred rows.
        case short

        /// Rows from which the importance of features is judged in a short card; a full one takes 1,000.
        static let importanceRowsOfShort = 300
    }

    /// Table with a formula or structure a row.
    public var file: String
    /// Columns to learn, each by a surrogate of its own.
    public var targets: [String]
    /// Unit of the target, where the table does not say; for a single target.
    public var unit: String?
    /// Descriptors: registry name and settings.
    public var descriptors: [NamedSettings]
    /// Columns of the table that are features too, with their kind.
    public var columns: [CandidateColumn]
    /// Registry name of the model and its settings.
    public var model: NamedSettings
    /// Numbers or classes.
    public var task: LearningTask
    /// How the error is judged.
    public var validation: Validation
    /// How often the seeded folds are made anew.
    public var repeats = 1
    /// Format of the table, where its ending does not say.
    public var format: String?
    /// Columns that say what a row is.
    public var keys: KeyColumns
    /// Rights class of the table, where it does not know its own.
    public var dataClass: DataClass?
    /// Licence of the table, where it does not know its own.
    public var license: String?
    /// Seed of every random choice.
    public var seed: UInt64
    /// Column that weighs the rows: positive, finite numbers.
    public var weights: String?
    /// How much is found out for the model card.
    public var cardDetail = CardDetail.full

    /// Makes a training plan.
    public init(
        file: String, targets: [String], unit: String? = nil, descriptors: [NamedSettings], columns: [CandidateColumn] = [],
        model: NamedSettings, task: LearningTask = .regression, validation: Validation = .holdOut(0.2),
        format: String? = nil, keys: KeyColumns = KeyColumns(), dataClass: DataClass? = nil, license: String? = nil,
        seed: UInt64 = 0
    ) {
        precondition(!targets.isEmpty)
        (self.file, self.targets, self.unit, self.descriptors, self.columns) = (file, targets, unit, descriptors, columns)
        (self.model, self.task, self.validation) = (model, task, validation)
        (self.format, self.keys, self.seed) = (format, keys, seed)
        (self.dataClass, self.license) = (dataClass, license)
    }

    /// The first column to learn.
    public var target: String { targets[0] }

    /// The same training for one of the targets.
    func learning(_ target: String) -> TrainingPlan {
        var plan = self
        plan.targets = [target]
        return plan
    }

    /// Columns that the table must have: targets, features, weights, folds; `targetKind` says how a target is read.
    func tableColumns(targetKind: (String) throws -> ColumnKind) rethrows -> [CandidateColumn] {
        var columns = try targets.map { CandidateColumn(name: $0, kind: try targetKind($0)) } + self.columns
        if let weights { columns.append(CandidateColumn(name: weights, kind: .numeric)) }
        if case .column(let name) = validation { columns.append(CandidateColumn(name: name, kind: .text)) }
        return columns
    }

    /// Columns that the descriptors read beside those.
    func descriptorColumns() throws -> [CandidateColumn] {
        guard !descriptors.isEmpty else { return [] }
        let own = Set(tableColumns { _ in .numeric }.map(\.name))
        return try FeaturePipeline(descriptors: descriptors, columns: []).descriptorColumns.filter { !own.contains($0.name) }
    }

    /// Names of the descriptors that need structures.
    func structureDescriptors() throws -> [String] {
        try descriptors.filter { try DescriptorRegistry.entry(named: $0.name).requiresStructure }.map(\.name)
    }

    /// Everything that decides the model beside the data, as canonical text.
    public var canonicalText: String {
        let d = descriptors.map(\.canonicalText).joined(separator: ";")
        let c = columns.map { "\($0.name):\($0.kind.rawValue)" }.joined(separator: ";")
        return "target=\(targets)|unit=\(unit ?? "")|descriptors=\(d)|columns=\(c)|model=\(model.canonicalText)|task=\(task.rawValue)"
            + "|validation=\(validation)|seed=\(seed)|weights=\(weights ?? "")|card=\(cardDetail.rawValue)|repeats=\(repeats)"
    }
}

/// A registry name and the settings given with it.
public struct NamedSettings: Sendable {
    /// Registry name.
    public var name: String
    /// Settings below it.
    public var settings: Setting
    /// Line in the plan; 0 where there is none.
    public var line = 0

    /// Makes a named setting.
    public init(_ name: String, _ settings: Setting = Setting(.null)) { (self.name, self.settings) = (name, settings) }

    /// Canonical text, for hashes and model cards.
    public var canonicalText: String { "\(name)\(settings.canonicalText)" }

    /// Reads `name` or `{name: {…}}`.
    init(_ setting: Setting, what: String) throws {
        switch setting.value {
        case .text(let t): self.init(t)
        case .mapping(let m) where m.count == 1: self.init(m[0].key, m[0].value)
        default: throw Settings.error(setting.line, "\(what) must be a name, or a name with its settings as {name: {key: value}}")
        }
        line = setting.line
    }
}
