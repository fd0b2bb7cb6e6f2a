import MaterialsCore

/// A trained part of a stack.
struct StackMember: Sendable {
    /// Registry name.
    let modelName: String
    let model: any PropertyModel
    /// Columns that it sees, ascending; nil for all.
    let columns: [Int]?
    /// What gives the targets of near training rows as further columns; nil where the member does not look at them.
    let neighbours: NeighbourTargets?
    let transform: TargetTransform

    /// The features that the model sees.
    private func seen(_ features: FeatureMatrix) -> FeatureMatrix {
        let seen = columns.map { features.selectingColumns($0) } ?? features
        return neighbours.map { seen.appending($0.features(seen)) } ?? seen
    }

    /// Rows × outputs in the target's scale (one value, or the probabilities of all classes): of a forest one table for each of
    /// `combinations`, else one.
    func outputs(_ features: FeatureMatrix, classCount: Int, combinations: [TreeCombination]) -> [FeatureMatrix] {
        let seen = seen(features)
        if classCount == 0, let sharing = model as? any HyperparameterSharing {
            let means = sharing.means(seen).map { transform.backward($0, 0).mean }
            return [FeatureMatrix(rows: seen.rows, columns: 1, values: means)]
        }
        var models = [model]
        if let forest = model as? any TreeCombining, !combinations.isEmpty { models = combinations.map { forest.combining($0) } }
        return models.map { model in
            let prediction = model.predictions(seen, classCount: classCount)
            var table = FeatureMatrix(rows: seen.rows, columns: max(classCount, 1))
            for row in 0..<seen.rows { prediction.copyOutputs(of: row, to: row, of: &table) }
            if transform != .identity { for i in table.values.indices { table.values[i] = transform.backward(table.values[i], 0).mean } }
            return table
        }
    }

    /// Predictions in the target's scale.
    func predictions(_ features: FeatureMatrix, classCount: Int) -> Prediction {
        let seen = seen(features)
        var prediction = model.predictions(seen, classCount: classCount)
        guard transform != .identity else { return prediction }
        for row in 0..<prediction.rows {
            (prediction.mean[row], prediction.spread[row]) = transform.backward(prediction.mean[row], prediction.spread[row])
        }
        return prediction
    }

    /// The parameters, enough to make the member again.
    var parameters: ParameterArchive {
        var archive = ParameterArchive(["model": .string(modelName), "transform": .string(transform.rawValue)])
        archive["column_count"] = .integers([Int64(columns?.count ?? -1)], shape: [1])
        archive["columns"] = .integers((columns ?? []).map { Int64($0) }, shape: [columns?.count ?? 0])
        archive["has_neighbours"] = .integers([neighbours == nil ? 0 : 1], shape: [1])
        if let neighbours { archive.merge(neighbours.archive, under: "neighbours") }
        archive.merge(model.parameters, under: "parameters")
        return archive
    }

    init(modelName: String, model: any PropertyModel, columns: [Int]?, neighbours: NeighbourTargets?, transform: TargetTransform) {
        (self.modelName, self.model, self.columns) = (modelName, model, columns)
        (self.neighbours, self.transform) = (neighbours, transform)
    }

    /// A member from its parameters.
    init(parameters: ParameterArchive, featureCount: Int) throws {
        modelName = try parameters.string("model")
        guard let transform = TargetTransform(rawValue: try parameters.string("transform")), modelName != StackModel.name else {
            throw MatSieveError.input("model file: a member of the stack is damaged or from another version; train it anew")
        }
        self.transform = transform
        let count = try parameters.integer("column_count")
        let stored = try parameters.integers("columns", count: max(count, 0)).map { Int($0) }
        columns = count < 0 ? nil : stored
        if let columns {
            guard columns.allSatisfy({ $0 >= 0 && $0 < featureCount }), zip(columns, columns.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw MatSieveError.input("model file: the columns of a member of the stack are damaged; train it anew")
            }
        }
        let hasNeighbours = try parameters.integer("has_neighbours")
        guard hasNeighbours == 0 || hasNeighbours == 1 else {
            throw MatSieveError.input("model file: the neighbours of a member of the stack are damaged; train it anew")
        }
        neighbours = hasNeighbours == 1 ? try NeighbourTargets(archive: parameters.group("neighbours")) : nil
        guard neighbours == nil || neighbours!.space.scaling.sourceColumns == columns?.count ?? featureCount else {
            throw MatSieveError.input("model file: the neighbours of a member of the stack are damaged; train it anew")
        }
        model = try ModelRegistry.entry(named: modelName).load(parameters.group("parameters"))
        try model.requireFeatures((columns?.count ?? featureCount) + (neighbours?.names.count ?? 0))
    }
}
