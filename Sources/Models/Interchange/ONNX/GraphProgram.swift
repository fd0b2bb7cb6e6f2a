import MaterialsCore

/// A graph made ready to run on batches: names are numbers, every operator is prepared once.
struct GraphProgram: Sendable {
    /// An operator, prepared: its inputs (nil where left out) to its outputs.
    typealias Operation = @Sendable ([GraphTensor?]) throws -> [GraphTensor]

    private struct Step: Sendable {
        let title: String
        let operation: Operation
        /// Slots; -1 for an input that is left out or an output that nobody wants.
        let inputs: [Int]
        let outputs: [Int]
    }

    private var steps: [Step] = []
    private var constants: [GraphTensor?] = []
    private var slots: [String: Int] = [:]
    private let inputSlots: [Int]
    private let outputSlots: [Int]
    /// Slots that no later step reads, by step.
    private var lastUses: [[Int]] = []
    private let fileName: String

    /// Prepares a graph; `outer` are constants that a graph inside another may read.
    init(_ graph: ONNXDocument.Graph, versions: [String: Int], fileName: String, outer: [String: GraphTensor] = [:]) throws {
        self.fileName = fileName
        var known = outer
        var slots: [String: Int] = [:]
        func slot(_ name: String) -> Int {
            if name.isEmpty { return -1 }
            if let slot = slots[name] { return slot }
            slots[name] = slots.count
            return slots.count - 1
        }
        for (name, tensor) in graph.constants { known[name] = tensor }
        let names = graph.inputs.map(\.name).filter { known[$0] == nil || !graph.constants.map(\.name).contains($0) }
        inputSlots = names.map(slot)
        for name in names { known[name] = nil }
        for name in known.keys { _ = slot(name) }
        var written = Set(inputSlots)
        for name in known.keys { written.insert(slot(name)) }
        for node in graph.nodes {
            let inputs = node.inputs.map(slot)
            guard inputs.allSatisfy({ $0 < 0 || written.contains($0) }) else {
                throw MatSieveError.input("\(fileName): \(node.title) reads what no operator before it writes; the ONNX file is damaged")
            }
            let context = OperatorContext(node: node, versions: versions, fileName: fileName, constants: known)
            let outputs = node.outputs.map(slot)
            do {
                steps.append(Step(title: node.title, operation: try GraphOperators.operation(context), inputs: inputs, outputs: outputs))
            } catch let error as GraphError {
                throw MatSieveError.input("\(fileName): \(node.title): \(error.reason); it is not supported")
            }
            if node.type == "Constant", let value = node.attributes["value"]?.tensor, let name = node.outputs.first { known[name] = value }
            written.formUnion(outputs)
        }
        outputSlots = graph.outputs.map { slot($0.name) }
        guard outputSlots.allSatisfy({ written.contains($0) }) else {
            throw MatSieveError.input("\(fileName): an output that no operator writes; the ONNX file is damaged")
        }
        constants = [GraphTensor?](repeating: nil, count: slots.count)
        for (name, tensor) in known { if let s = slots[name] { constants[s] = tensor } }
        self.slots = slots
        lastUses = Self.lastUses(steps.map(\.inputs), keeping: Set(outputSlots))
    }

    private static func lastUses(_ inputs: [[Int]], keeping: Set<Int>) -> [[Int]] {
        var seen = keeping
        var result = [[Int]](repeating: [], count: inputs.count)
        for step in inputs.indices.reversed() {
            for slot in inputs[step] where slot >= 0 && seen.insert(slot).inserted { result[step].append(slot) }
        }
        return result
    }

    /// Outputs of the given inputs.
    func run(_ inputs: [GraphTensor]) throws -> [GraphTensor] {
        guard inputs.count == inputSlots.count else { throw GraphError("\(inputs.count) inputs instead of \(inputSlots.count)") }
        var values = constants
        for (slot, tensor) in zip(inputSlots, inputs) { values[slot] = tensor }
        for (number, step) in steps.enumerated() {
            do {
                let arguments = try step.inputs.map { slot -> GraphTensor? in
                    guard slot >= 0 else { return nil }
                    guard let value = values[slot] else { throw GraphError("an input that nothing wrote") }
                    return value
                }
                let results = try step.operation(arguments)
                for (slot, result) in zip(step.outputs, results) where slot >= 0 { values[slot] = result }
            } catch let error as GraphError {
                throw MatSieveError.input("\(fileName): \(step.title): \(error.reason); it is not supported")
            }
            for slot in lastUses[number] { values[slot] = nil }
        }
        return try outputSlots.map { slot in
            guard let value = values[slot] else { throw MatSieveError.input("\(fileName): an output that no operator writes") }
            return value
        }
    }
}

extension ONNXDocument.Node {
    /// For messages: `operator 'Scaler' of ai.onnx.ml`.
    var title: String { "operator '\(type)'" + (domain.isEmpty ? "" : " of \(domain)") }
}

/// What an operator is prepared from.
struct OperatorContext {
    let node: ONNXDocument.Node
    let versions: [String: Int]
    let fileName: String
    /// Tensors known before any run.
    let constants: [String: GraphTensor]

    /// Version of the operator's set.
    var version: Int { versions[node.domain] ?? (node.domain.isEmpty ? versions["ai.onnx"] : nil) ?? 1 }

    func integer(_ name: String, _ value: Int) -> Int { node.attributes[name]?.integer ?? value }
    func number(_ name: String, _ value: Double) -> Double { node.attributes[name]?.number ?? value }
    func text(_ name: String, _ value: String) -> String { node.attributes[name]?.text ?? value }
    func integers(_ name: String) -> [Int]? { node.attributes[name]?.integers }
    func numbers(_ name: String) -> [Double] { node.attributes[name]?.numbers ?? [] }
    func texts(_ name: String) -> [String] { node.attributes[name]?.texts ?? [] }
    func tensor(_ name: String) -> GraphTensor? { node.attributes[name]?.tensor }

    /// Numbers of an attribute, or of its twin that holds doubles in a tensor.
    func wideNumbers(_ name: String) -> [Double] { tensor(name + "_as_tensor")?.values ?? numbers(name) }

    /// An input that is known before any run.
    func constantInput(_ index: Int) -> GraphTensor? {
        node.inputs.indices.contains(index) ? constants[node.inputs[index]] : nil
    }
}
