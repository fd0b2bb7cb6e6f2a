import MaterialsCore

extension Forest {
    /// SHAP values of the mean, or of the shares of the classes.
    func shapValues(_ features: FeatureMatrix, threads: Int) throws -> [TreeContributions] {
        precondition(features.columns == ensemble.featureCount)
        let share = scale / Double(ensemble.treeCount)
        return try ensemble.contributions(features, threads: threads).map { contributions in
            var scaled = contributions
            for i in scaled.values.values.indices { scaled.values.values[i] *= share }
            scaled.expected = center + contributions.expected * share
            return scaled
        }
    }
}

extension RandomForestModel: ExplainsByTrees {
    /// SHAP values of the mean, of the share of class 1, or of the share of each class.
    public func shapValues(_ features: FeatureMatrix, threads: Int = 1) throws -> [TreeContributions] {
        try forest.shapValues(features, threads: threads)
    }
}

extension ExtraTreesModel: ExplainsByTrees {
    /// SHAP values of the mean, of the share of class 1, or of the share of each class.
    public func shapValues(_ features: FeatureMatrix, threads: Int = 1) throws -> [TreeContributions] {
        try forest.shapValues(features, threads: threads)
    }
}
