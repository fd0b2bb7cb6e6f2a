import MaterialsCore

/// A model that another program wrote, ready to predict.
///
/// - Scope:  LightGBM text; XGBoost JSON and UBJSON; ONNX of tree ensembles, linear models, support vectors, scalers, multilayer
///   perceptrons and pipelines of them. The format is recognised by its content.
/// - Errors: `MatSieveError.input` names what is not supported or damaged.
public struct ForeignModel: Sendable {
    /// Predicts with our kernels.
    public var model: any PropertyModel
    /// Names of the columns as the file has them; `f0`, `f1`, … where it has none.
    public var featureNames: [String]
    /// Columns of a row.
    public var featureCount: Int
    /// Numbers or classes.
    public var task: LearningTask
    /// Labels of the classes in the order of their codes; empty in a regression.
    public var classes: [String]
    /// What the file is: `LightGBM text`, `XGBoost JSON`, …
    public var format: String
    /// What users should know: objective, what was left out.
    public var notes: [String]

    /// Reads a model.
    /// - Throws: `MatSieveError.input` for what is no model, not supported, or damaged.
    public static func read(_ bytes: [UInt8], fileName: String) throws -> ForeignModel {
        switch format(of: bytes) {
        case .lightGBM: return try LightGBMModelText(bytes, fileName: fileName).model()
        case .json:
            return try XGBoostModelFile(JSONScanner.read(bytes, subject: fileName), format: "XGBoost JSON", fileName: fileName).model()
        case .ubjson:
            return try XGBoostModelFile(UBJSONScanner.read(bytes, subject: fileName), format: "XGBoost UBJSON", fileName: fileName).model()
        case .onnx: return try ImportedGraphModel.read(bytes, fileName: fileName)
        case nil:
            throw MatSieveError.input(
                "\(fileName): not a model that can be read; write it as LightGBM text, XGBoost JSON or UBJSON, or ONNX")
        }
    }

    private enum Format { case lightGBM, json, ubjson, onnx }

    private static func format(of bytes: [UInt8]) -> Format? {
        let start = bytes.drop { $0 == 32 || $0 == 10 || $0 == 13 || $0 == 9 }
        guard let first = start.first else { return nil }
        if start.starts(with: "tree\n".utf8) || start.starts(with: "tree\r\n".utf8) { return .lightGBM }
        if first == UInt8(ascii: "{") {
            let next = start.dropFirst().first
            let text: [UInt8] = [32, 10, 13, 9, UInt8(ascii: "\""), UInt8(ascii: "}")]
            return next.map(text.contains) == true ? .json : .ubjson
        }
        // Field 1 of an ONNX model, ir_version, comes first; else its graph.
        return first == 0x08 || first == 0x3a || first == 0x12 ? .onnx : nil
    }

    /// Names for columns without.
    static func numberedNames(_ count: Int) -> [String] { (0..<count).map { "f\($0)" } }
}
