import MaterialsCore

/// Predictions of a surrogate, with the probabilities of classes beside them.
struct SurrogateComputation: PropertyComputation {
    let surrogate: Surrogate
    /// Codes of the classes whose probabilities are columns too, in a classification; nil is class 1 of 0 and 1, else the class predicted.
    let probabilities: [Int?]

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] {
        let card = surrogate.card
        return [PropertyColumn(unit: card.unit, hasSpread: card.task == .regression, classes: card.classes)]
            + probabilities.map { _ in PropertyColumn() }
    }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        let output = surrogate.predict(batch, cache: &cache)
        let predicted = PropertyValues(values: output.prediction.mean, spread: output.prediction.spread)
        let beside = probabilities.map { PropertyValues(values: surrogate.probabilities(output.prediction, ofClass: $0)) }
        return ComputedColumns([predicted] + beside, defects: output.defects)
    }
}

extension OpenedProperty {
    /// A surrogate; `file` is nil where the plan trains it.
    init(_ surrogate: Surrogate, file: String?, hash: String, _ context: PropertyContext) throws {
        let card = surrogate.card
        let named = try context.classes.map { try classCode(of: $0, among: card.classes, property: context.name) }
        computation = SurrogateComputation(surrogate: surrogate, probabilities: card.task == .classification ? [nil] + named : [])
        models = [.init(property: context.name, file: file, sha256: hash, card: card)]
    }
}

/// The code of a class by name.
func classCode(of name: String, among classes: [String], property: String) throws -> Int {
    guard let code = classes.firstIndex(of: name) else {
        throw MatSieveError.input("model of '\(property)': has no class '\(name)'" + suggestion(for: name, among: classes))
    }
    return code
}

/// 1 where any of some surrogates was trained on the composition, else 0.
struct KnownFlags: PropertyComputation {
    let surrogates: [Surrogate]

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] { [PropertyColumn()] }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        var flags = [Double](repeating: 0, count: batch.count)
        for s in surrogates {
            let more = s.knownFlags(batch)
            for row in flags.indices { flags[row] = max(flags[row], more[row]) }
        }
        return ComputedColumns(flags)
    }
}
