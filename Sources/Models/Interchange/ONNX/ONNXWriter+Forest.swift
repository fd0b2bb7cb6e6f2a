import MaterialsCore

extension RandomForestModel: ONNXWritable {
    func write(to graph: inout ONNXGraphBuilder, classes: [String]) throws { graph.forest(forest, classes: classes) }
}

extension ExtraTreesModel: ONNXWritable {
    func write(to graph: inout ONNXGraphBuilder, classes: [String]) throws { graph.forest(forest, classes: classes) }
}

extension ONNXGraphBuilder {
    /// The mean of the trees, in the target's unit or as shares of classes.
    mutating func forest(_ forest: Forest, classes: [String]) {
        let x = finiteSingle("X", rounded: forest.ensemble.hasCategories)
        let count = constant([Double(forest.ensemble.treeCount)], shape: [1, 1])
        let mean = add("Div", [trees([forest.ensemble], x), count])
        guard forest.task == .classification else {
            let scaled = add("Mul", [mean, constant([forest.scale], shape: [1, 1])])
            return finishRegression(add("Add", [scaled, constant([forest.center], shape: [1, 1])]))
        }
        let shares = add("Min", [mean, constant([1], shape: [1, 1])])
        if forest.ensemble.outputCount == 1 {
            finishTwoClasses(shares, classes: classes)
        } else {
            finishClasses(shares, classes: classes, count: forest.classCount)
        }
    }
}
