import MaterialsCore

extension BoostedTreesModel: ExplainsByTrees {
    /// SHAP values of the number, of the log-odds of class 1, or of the score of each class before the softmax.
    public func shapValues(_ features: FeatureMatrix, threads: Int = 1) throws -> [TreeContributions] {
        precondition(features.columns == featureCount)
        return try ensembles.flatMap { try $0.contributions(features, threads: threads) }
    }
}
