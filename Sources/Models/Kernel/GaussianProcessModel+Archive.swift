import MaterialsCore

extension GaussianProcessModel {
    /// The parameters, enough to make the model again.
    public var parameters: ParameterArchive {
        var archive = predictor.parameters
        archive.merge(scaling.archive, under: "scaling")
        archive["task"] = .string(task.rawValue)
        archive["method"] = .string(isInducing ? "inducing" : "exact")
        archive["target"] = .doubles([targetMean, targetScale, noise], shape: [3])
        archive["log_likelihood"] = .doubles([logLikelihood], shape: [1])
        archive["calibration"] = calibration.parameters
        return archive
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        guard let task = LearningTask(rawValue: try parameters.string("task")) else { throw KernelPredictor.damaged }
        let method = try parameters.string("method")
        let target = try parameters.doubles("target", count: 3)
        guard method == "inducing" || method == "exact", target.allSatisfy(\.isFinite), target[1] > 0, target[2] >= 0 else {
            throw KernelPredictor.damaged
        }
        let scaling = try ColumnScaling(archive: parameters.group("scaling"))
        let calibration = try ClassCalibration.read(parameters.doubles("calibration"), task)
        self.init(
            task: task, scaling: scaling, targetMean: target[0], targetScale: target[1], noise: target[2], calibration: calibration,
            predictor: try KernelPredictor(
                parameters: parameters, columns: scaling.kept.count, outputs: calibration?.slopes.count ?? 1),
            logLikelihood: try parameters.double("log_likelihood"), isInducing: method == "inducing")
    }
}

extension ClassCalibration? {
    /// Slopes, then offsets; nothing for a regression.
    var parameters: ParameterArchive.Entry {
        let values = self.map { $0.slopes + $0.offsets } ?? []
        return .doubles(values, shape: [values.count])
    }
}

extension ClassCalibration {
    /// Reads what `parameters` gave; nil for a regression.
    static func read(_ values: [Double], _ task: LearningTask) throws -> ClassCalibration? {
        guard values.allSatisfy(\.isFinite), values.count % 2 == 0, values.isEmpty == (task == .regression), values.count != 4 else {
            throw KernelPredictor.damaged
        }
        let count = values.count / 2
        return values.isEmpty ? nil : ClassCalibration(slopes: Array(values.prefix(count)), offsets: Array(values.suffix(count)))
    }
}
