import MaterialsCore

extension Calibration {
    /// A calibration from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        guard let task = LearningTask(rawValue: try parameters.string("task")) else {
            throw MatSieveError.input("model file: the calibration's task is unknown; it is damaged or from another version, train it anew")
        }
        let numbers = try parameters.doubles("line", count: 4)
        let factors = try parameters.doubles("factors", count: task == .regression ? Self.levels.count : 0)
        // -1 stands for a missing spread that is not known.
        guard numbers.allSatisfy({ $0.isFinite }), numbers[0] >= 0, numbers[1] >= 0, numbers[3] > 0, factors.allSatisfy({ $0 >= 0 }) else {
            throw MatSieveError.input("model file: the calibration is damaged; train it anew")
        }
        self.init(
            task: task, scale: numbers[0], offset: numbers[1], missingSpread: numbers[2] < 0 ? .nan : numbers[2], factors: factors,
            temperature: numbers[3])
    }

    /// The parameters, enough to make it again.
    public var parameters: ParameterArchive {
        ParameterArchive([
            "task": .string(task.rawValue),
            "line": .doubles([scale, offset, missingSpread.isNaN ? -1 : missingSpread, temperature], shape: [4]),
            "factors": .doubles(factors, shape: [factors.count]),
        ])
    }
}
