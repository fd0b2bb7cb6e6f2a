import MaterialsCore

extension RidgeModel: ONNXWritable {
    func write(to graph: inout ONNXGraphBuilder, classes: [String]) throws {
        let score = graph.linearScore(scaling, weights: weights, intercepts: [intercept])
        if task == .regression {
            graph.finishRegression(score)
        } else {
            graph.finishTwoClasses(graph.add("Sigmoid", [score]), classes: classes)
        }
    }
}

extension ONNXGraphBuilder {
    /// Standardised columns times weights (kept columns × outputs), missing values at the mean.
    mutating func linearScore(_ scaling: ColumnScaling, weights: [Double], intercepts: [Double]) -> String {
        let outputs = intercepts.count
        let count = scaling.kept.count
        guard count > 0 else {
            // No column varies: the intercept, once a row.
            let none = constant([Double](repeating: 0, count: scaling.sourceColumns * outputs), shape: [scaling.sourceColumns, outputs])
            let finite = add(
                "Where", [add("Less", [add("Abs", ["X"]), constant([.infinity], shape: [1, 1])]), "X", constant([0], shape: [1, 1])])
            return add("Add", [add("MatMul", [finite, none]), constant(intercepts, shape: [1, outputs])])
        }
        let kept = add("Gather", ["X", constant(scaling.kept)], [("axis", .integer(1))])
        let means = constant(scaling.means, shape: [1, count])
        let isFinite = add("Less", [add("Abs", [kept]), constant([.infinity], shape: [1, 1])])
        let filled = add("Where", [isFinite, kept, means])
        let standard = add("Mul", [add("Sub", [filled, means]), constant(scaling.factors, shape: [1, count])])
        let product = add("MatMul", [standard, constant(weights, shape: [count, outputs])])
        return add("Add", [product, constant(intercepts, shape: [1, outputs])])
    }
}
