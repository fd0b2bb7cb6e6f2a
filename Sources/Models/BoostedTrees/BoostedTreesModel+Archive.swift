import MaterialsCore

extension BoostedTreesModel {
    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        guard let task = LearningTask(rawValue: try parameters.string("task")) else {
            throw MatSieveError.input("model file: unknown task; it is damaged or from another version, train it anew")
        }
        let spread = try parameters.double("spread")
        guard spread.isFinite else { throw MatSieveError.input("model file: 'spread' is damaged; train it anew") }
        self.init(
            task: task, spread: spread < 0 ? .nan : spread, ensembles: try Self.ensembles(parameters, task: task),
            summary: try parameters.summary())
    }

    private static func ensembles(_ parameters: ParameterArchive, task: LearningTask) throws -> [TreeEnsemble] {
        let damaged = MatSieveError.input("model file: the trees of the classes are damaged; train it anew")
        var names = ["trees"]
        if parameters["class_count"] != nil {
            let count = try parameters.integer("class_count")
            // More classes than entries: some have no trees.
            guard task == .classification, count > 2, count <= parameters.entries.count else { throw damaged }
            names = (0..<count).map { "trees_\($0)" }
        }
        let ensembles = try names.map { try TreeEnsemble(archive: parameters.group($0)) }
        guard ensembles.allSatisfy({ $0.featureCount == ensembles[0].featureCount && $0.outputCount == 1 }) else { throw damaged }
        return ensembles
    }

    /// The parameters, enough to make the model again; an unknown spread is -1.
    public var parameters: ParameterArchive {
        var archive = ParameterArchive([
            "task": .string(task.rawValue), "spread": .doubles([spread.isFinite ? spread : -1], shape: [1]),
        ])
        archive.setSummary(summary)
        guard ensembles.count > 1 else {
            archive.merge(ensembles[0].archive, under: "trees")
            return archive
        }
        archive["class_count"] = .integers([Int64(ensembles.count)], shape: [1])
        for (k, ensemble) in ensembles.enumerated() { archive.merge(ensemble.archive, under: "trees_\(k)") }
        return archive
    }
}
