import MaterialsCore

extension MLPModel {
    /// The parameters, enough to make the model again; the numbers of the members are little-endian float32.
    public var parameters: ParameterArchive {
        var archive = ParameterArchive([
            "loss": .string(loss.kind.rawValue), "activation": .string(activation.rawValue),
            "class_count": .integers([Int64(loss.classCount)], shape: [1]),
            "widths": .integers(shape.widths.map { Int64($0) }, shape: [shape.widths.count]),
            "member_count": .integers([Int64(memberParameters.count / max(shape.count, 1))], shape: [1]),
            "members": .bytes(
                memberParameters.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } }),
            "target": .doubles([centre, deviation, noiseVariance], shape: [3]), "shares": .doubles(shares, shape: [shares.count]),
        ])
        archive.setSummary(summary)
        archive.merge(encoding.archive, under: "features")
        return archive
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the mlp model is damaged or from another version; train it anew")
        let encoding = try FeatureEncoding(archive: parameters.group("features"))
        let classCount = try parameters.integer("class_count")
        guard let kind = NetworkLoss.Kind(rawValue: try parameters.string("loss")),
            let activation = NetworkSettings.Activation(rawValue: try parameters.string("activation")),
            classCount == 0 || (2...1_000_000).contains(classCount),
            (kind == .logistic) == (classCount == 2), (kind == .softmax) == (classCount > 2)
        else { throw damaged }
        let loss = NetworkLoss(kind: kind, classCount: classCount)
        let widths = try parameters.integers("widths")
        guard widths.count >= 2, widths.count < 1_000, widths.dropFirst().allSatisfy({ (1...1_000_000).contains($0) }),
            widths[0] == Int64(encoding.columns), widths.last! == Int64(loss.outputs)
        else { throw damaged }
        let shape = NetworkShape(widths: widths.map { Int($0) })
        let bytes = try parameters.bytes("members")
        let memberCount = try parameters.integer("member_count")
        guard (0...1_000).contains(memberCount), bytes.count == memberCount * shape.count * 4 else { throw damaged }
        let numbers = stride(from: 0, to: bytes.count, by: 4).map { i in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) })
        }
        let target = try parameters.doubles("target", count: 3)
        let shares = try parameters.doubles("shares", count: classCount)
        guard numbers.allSatisfy(\.isFinite), (target + shares).allSatisfy(\.isFinite), target[1] >= 0, target[2] >= 0 else {
            throw damaged
        }
        self.init(
            encoding: encoding, loss: loss, activation: activation, shape: shape, memberParameters: numbers, centre: target[0],
            deviation: target[1], noiseVariance: target[2], shares: shares,
            summary: try parameters.summary())
    }
}
