import MaterialsCore

/// A model whose search for settings costs most of its fit, and whose choice serves for other rows of the same table.
protocol HyperparameterSharing: PropertyModel {
    /// Learns with what `model` has chosen, where that suits; nil chooses anew.
    static func fit(_ data: TrainingData, like model: Self?, settings: inout Settings, context: TrainingContext) throws -> Self
    /// Values of a regression without their spread.
    func means(_ features: FeatureMatrix) -> [Double]
}

/// A regression by many trees, whose answers can be brought together in several ways.
protocol TreeCombining: PropertyModel {
    /// The same trees, brought together another way.
    func combining(_ how: TreeCombination) -> Self
}

extension RandomForestModel: TreeCombining {}
extension ExtraTreesModel: TreeCombining {}

extension HyperparameterSharing {
    static func fit(
        _ data: TrainingData, likeAny model: any PropertyModel, settings: inout Settings, context: TrainingContext
    ) throws -> any PropertyModel {
        try fit(data, like: model as? Self, settings: &settings, context: context)
    }
}

/// Neighbours of the rows of one fit, for all members that look at the same columns and targets.
struct NeighbourStore {
    private struct Key: Hashable {
        var columns: [Int]?
        var transform: TargetTransform
    }
    private var found: [Key: (targets: NeighbourTargets, features: FeatureMatrix)] = [:]

    /// Those of `part`, made when first asked for; nil where no column varies.
    mutating func neighbours(
        _ recipe: StackRecipe, _ part: TrainingData, _ context: TrainingContext
    ) throws -> (targets: NeighbourTargets, features: FeatureMatrix)? {
        let key = Key(columns: recipe.columns, transform: recipe.transform)
        if let known = found[key] { return known }
        guard let made = try NeighbourTargets.fit(part, context) else { return nil }
        found[key] = (made.0, made.features)
        return found[key]
    }
}
