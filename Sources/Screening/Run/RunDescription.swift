import MaterialsCore

/// What a run is, beside its summary: enough to finish it, and to tell whether two parts belong together.
struct RunDescription: Codable, Equatable, Sendable {
    /// An input and its identity.
    struct Input: Codable, Equatable, Sendable {
        var role: String
        var path: String
        var sha256: String
        var dataClass: DataClass
        var license: String?
        var source: String?
    }

    /// A surrogate and its identity.
    struct Model: Codable, Equatable, Sendable {
        var property: String
        var file: String?
        var sha256: String
        var card: ModelCard
    }

    /// A property as the outputs show it.
    struct Property: Codable, Equatable, Sendable {
        var name: String
        var unit: String?
        var hasSpread: Bool
        /// Names of classes by code, which the outputs show instead.
        var classes: [String]?
    }

    var version: String
    var planText: String
    var planPath: String
    var overrides: [String]
    /// The plan for people.
    var displayPlan: String
    /// What people should mind of the inputs.
    var notes: [String]
    var canonicalPlan: String
    var inputs: [Input]
    var models: [Model]
    var properties: [Property]
    var textColumns: [String]
    var stepNames: [String]
    var rejectionLimit: Int
    var seed: UInt64

    /// Strictest class of everything that went in.
    var dataClass: DataClass {
        max(inputs.map(\.dataClass).max() ?? .open, models.map(\.card.data.dataClass).max() ?? .open)
    }

    /// What two parts of a run must share, as named parts so that a difference can be named.
    var identity: [(what: String, value: String)] {
        [("MatSieve version", version), ("plan", canonicalPlan), ("rejections limit", String(rejectionLimit))]
            + inputs.map { ("input \($0.path)", $0.sha256) } + models.map { ("model of '\($0.property)'", $0.sha256) }
    }

    /// The first thing in which the two differ, or nil.
    func difference(from other: RunDescription) -> String? {
        for (mine, theirs) in zip(identity, other.identity) where mine != theirs {
            return mine.what == theirs.what ? mine.what : "inputs or models"
        }
        return identity.count == other.identity.count ? nil : "inputs or models"
    }

    func encoded() throws -> String {
        try JSONText.line(self)
    }
}

extension RunDescription {
    /// Reads what `encoded` wrote.
    init(encoded: String, file: String) throws {
        do {
            self = try JSONText.decode(RunDescription.self, from: encoded)
        } catch {
            throw MatSieveError.input("\(file): its description can't be read; it is damaged or from another version, run that part again")
        }
    }
}
