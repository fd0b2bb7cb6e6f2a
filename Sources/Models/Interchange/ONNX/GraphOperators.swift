import MaterialsCore

/// The operators that graphs may use.
enum GraphOperators {
    typealias Builder = @Sendable (OperatorContext) throws -> GraphProgram.Operation

    private static let core: [String: Builder] = [elementwise, shapes, reductions, matrices].reduce([:]) {
        $0.merging($1) { first, _ in first }
    }
    private static let learning: [String: Builder] = [trees, linear, vectors, preparation].reduce([:]) {
        $0.merging($1) { first, _ in first }
    }

    /// The prepared operator of a node.
    /// - Throws: `MatSieveError.input` with its name where it is not known.
    static func operation(_ context: OperatorContext) throws -> GraphProgram.Operation {
        let builder: Builder?
        switch context.node.domain {
        case "": builder = core[context.node.type]
        case "ai.onnx.ml": builder = learning[context.node.type]
        default: builder = nil
        }
        guard let builder else {
            throw MatSieveError.input("\(context.fileName): \(context.node.title) is not supported; export the model without it")
        }
        return try builder(context)
    }

    /// The first inputs, which must be there.
    static func take(_ inputs: [GraphTensor?], _ count: Int = 1) throws -> [GraphTensor] {
        let present = inputs.prefix(count).compactMap { $0 }
        guard present.count == count else { throw GraphError("an input is missing") }
        return present
    }

    /// The first input, which must hold numbers.
    static func numeric(_ inputs: [GraphTensor?]) throws -> GraphTensor {
        let x = try take(inputs)[0]
        guard x.kind != .text else { throw GraphError("texts instead of numbers") }
        return x
    }
}
