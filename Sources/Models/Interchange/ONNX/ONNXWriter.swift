import MaterialsCore

/// Writes models as ONNX, for onnxruntime and whatever else reads it.
///
/// - Input:    one table `X` of float64, one column a feature in the order of the training.
/// - Output:   regression: `prediction`. Classification: `label` and `probabilities`.
/// - Scope:    trees and linear models; standard deviations and applicability stay behind.
/// - Numerics: trees decide as ours for every float64 and add float64 in our order, so sums have our bits where the reader adds tree by
///   tree; linear models and what stands behind an exponential function agree to 1e-12.
/// - Source:   ONNX 1.23: ai.onnx 17 and ai.onnx.ml 5, the first whose trees have outputs of float64.
public enum ONNXWriter {
    /// The bytes of a file.
    /// - Throws: `MatSieveError.usage` for models that cannot be written.
    public static func write(_ model: any PropertyModel, featureNames: [String], classes: [String] = []) throws -> [UInt8] {
        guard let writable = model as? any ONNXWritable else {
            throw MatSieveError.usage(
                "models of '\(type(of: model).name)' cannot be written as ONNX; boosted-trees, random-forest, extra-trees and ridge can")
        }
        guard featureNames.count == writable.featureCount else {
            throw MatSieveError.usage("\(featureNames.count) names for \(writable.featureCount) features of the model")
        }
        var graph = ONNXGraphBuilder()
        try writable.write(to: &graph, classes: classes)
        return graph.file(columns: writable.featureCount, featureNames: featureNames)
    }
}

/// A model that can be written as ONNX.
protocol ONNXWritable {
    /// Columns it was trained on.
    var featureCount: Int { get }
    /// Adds its operators, from input `X` to its outputs.
    func write(to graph: inout ONNXGraphBuilder, classes: [String]) throws
}

extension ONNXGraphBuilder {
    /// Ends a regression.
    mutating func finishRegression(_ values: String) {
        _ = add("Identity", [values], output: "prediction")
        output("prediction", columns: 1)
    }

    /// Ends a classification of two classes from the probability of class 1.
    mutating func finishTwoClasses(_ probability: String, classes: [String]) {
        let half = constant([0.5], shape: [1, 1])
        let one = constant([1], shape: [1, 1])
        let isLess = add("Less", [probability, half])
        let code = add("Cast", [add("Not", [isLess])], [("to", .integer(7))])
        _ = add("Concat", [add("Sub", [one, probability]), probability], output: "probabilities", [("axis", .integer(1))])
        finishLabels(code, classes: classes, count: 2)
    }

    /// Ends a classification of several classes from their probabilities.
    mutating func finishClasses(_ probabilities: String, classes: [String], count: Int) {
        _ = add("Identity", [probabilities], output: "probabilities")
        let code = add("ArgMax", [probabilities], [("axis", .integer(1))])
        finishLabels(code, classes: classes, count: count)
    }

    private mutating func finishLabels(_ code: String, classes: [String], count: Int) {
        let isNamed = classes.count == count
        let flat = constant([-1])
        let labels = isNamed ? add("ArrayFeatureExtractor", [constant(classes, name: "classes"), code], domain: "ai.onnx.ml") : code
        _ = add("Reshape", [labels, flat], output: "label")
        output("label", columns: nil, isText: isNamed)
        output("probabilities", columns: count)
    }
}
