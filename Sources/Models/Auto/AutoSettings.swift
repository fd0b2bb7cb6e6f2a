import MaterialsCore

/// Settings of `auto`: what it may spend and what it is to minimise.
struct AutoSettings: Sendable {
    /// Minutes of one core that the whole fit may take, by the estimate of `FitCost`.
    var minutes: Double
    /// Gigabytes that a single fit may take, by the same estimate.
    var memoryGB: Double
    /// Inner folds; nil by the number of rows.
    private let givenFolds: Int?
    var loss: BlendLoss
    var decision: Blend.Decision
    /// Models that it may use; all where it is empty.
    var models: [String]

    /// Reads them strictly.
    init(_ settings: inout Settings, _ task: LearningTask) throws {
        minutes = try settings.number("minutes", default: 10, in: 0.01...100_000)
        memoryGB = try settings.number("memory_gb", default: 4, in: 0.1...10_000)
        let folds = try settings.integer("folds", default: 5, in: 1...100)
        givenFolds = settings.keys.contains("folds") ? folds : nil
        loss = try settings.blendLoss(task)
        decision = try settings.choice("decision", default: .likeliest)
        models = try settings.texts("models") ?? []
        let line = settings.line(of: "models")
        try settings.finish()
        let known = Set(AutoPortfolio.models)
        for name in models where !known.contains(name) {
            throw Settings.error(line, "'\(name)' is no model that auto chooses from" + suggestion(for: name, among: known.sorted()))
        }
    }

    /// Inner folds for so many rows: five, of more than 3,000 three, of more than 8,000 a held-out fifth tells enough.
    func folds(rows: Int) -> Int { givenFolds ?? (rows > 8_000 ? 1 : rows > 3_000 ? 3 : 5) }
}
