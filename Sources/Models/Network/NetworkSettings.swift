import MaterialsCore

/// Settings of `mlp`.
struct NetworkSettings: Sendable {
    /// What lies between two layers.
    enum Activation: String, CaseIterable, Sendable { case relu, silu }
    /// What a regression minimises.
    enum Loss: String, CaseIterable, Sendable { case absolute, squared, huber, gaussian }
    /// How the learning rate goes: up in the first 15 % of the steps and down by a cosine, or constant.
    enum Schedule: String, CaseIterable, Sendable { case cosine, constant }

    /// Networks, each from its own start and with its own validation rows.
    var members: Int
    /// Width of each hidden layer; nil: 384 and 192, the first narrower for more than 10,417 inputs, so that it has 4 million weights.
    var hidden: [Int]?
    var activation: Activation
    var loss: Loss
    var schedule: Schedule
    /// Passes over the training rows; 0: 40, and up to 150 of few rows, so that there are 2,400 steps.
    var epochs: Int
    /// Rows of a step; 0: a sixtieth of the rows, from 16 to 256.
    var batchSize: Int
    var learningRate: Double
    /// Decoupled decay of the weights a step, in learning rates.
    var weightDecay: Double
    /// Part of the hidden values that a step leaves out.
    var dropout: Double
    /// Part of the rows that a member keeps aside to judge the noise and, with patience, to choose its epoch; nil: a tenth
    /// of 1,000 rows or more, of fewer none.
    var validationFraction: Double?
    /// Epochs without improvement after which a member ends, and the best one is taken; 0: all epochs are made, the last is taken.
    var patience: Int
    /// Largest magnitude of a standardised feature.
    var bound: Double
    /// Takes square roots of columns that are fractions of elements.
    var rootsOfFractions: Bool
    /// Gives the network a column for each pattern of missing values.
    var marksMissing: Bool

    /// Reads them strictly.
    init(_ settings: inout Settings) throws {
        members = try settings.integer("members", default: 5, in: 1...1_000)
        hidden = try Self.widths(&settings)
        activation = try settings.choice("activation", default: .silu)
        loss = try settings.choice("loss", default: .absolute)
        schedule = try settings.choice("schedule", default: .cosine)
        epochs = try settings.integer("epochs", default: 0, in: 0...100_000)
        batchSize = try settings.integer("batch_size", default: 0, in: 0...65_536)
        learningRate = try settings.number("learning_rate", default: 0.002, in: 1e-9...10)
        weightDecay = try settings.number("weight_decay", default: 1e-4, in: 0...1)
        dropout = try settings.number("dropout", default: 0.1, in: 0...0.95)
        let fraction = try settings.number("validation_fraction", default: 0, in: 0...0.5)
        validationFraction = settings.keys.contains("validation_fraction") ? fraction : nil
        patience = try settings.integer("patience", default: 0, in: 0...100_000)
        bound = try settings.number("clip", default: 3, in: 0.1...1e6)
        rootsOfFractions = try settings.boolean("roots_of_fractions", default: false)
        marksMissing = try settings.boolean("missing_columns", default: false)
        try settings.finish()
    }

    private static func widths(_ settings: inout Settings) throws -> [Int]? {
        let line = settings.line(of: "hidden")
        guard let list = settings.list("hidden") else { return nil }
        return try list.map {
            guard case .number(let n) = $0.value, let width = Int(exactly: n), (1...16_384).contains(width) else {
                throw Settings.error(line, "'hidden' of \(settings.subject) must be a list of whole numbers from 1 to 16384")
            }
            return width
        }
    }

    /// Rows of a step for that many training rows.
    func rowsOfAStep(_ rows: Int) -> Int { min(rows, batchSize > 0 ? batchSize : min(max(rows / 60, 16), 256)) }

    /// Width of each hidden layer for that many inputs.
    func widths(inputs: Int) -> [Int] { hidden ?? [min(384, max(32, 4_000_000 / max(inputs, 1))), 192] }

    /// Rows that a member keeps aside.
    func rowsKept(_ rows: Int) -> Int { Int(Double(rows) * (validationFraction ?? (rows < 1_000 ? 0 : 0.1))) }

    /// Epochs for that many rows to learn from.
    func epochs(_ rows: Int) -> Int {
        let step = max(rowsOfAStep(rows), 1)
        return epochs > 0 ? epochs : min(max(2_400 / max((rows + step - 1) / step, 1), 40), 150)
    }
}
