import ArgumentParser
import MaterialsCore
import Screening

/// `matsieve convert`
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a model of another program (LightGBM, XGBoost, ONNX) into a model file, or a model file into ONNX.")

    @Argument(help: "LightGBM text, XGBoost JSON or UBJSON, or ONNX; or a model file (.h5).")
    var input: String
    @Option(name: .shortAndLong, help: "Model file (.h5); or, of a model file, .onnx.")
    var output: String
    @Option(help: "Name of what it predicts; of a model file with several targets, which one.")
    var target: String?
    @Option(help: "Descriptors that give its features, with commas between (matsieve list descriptors).")
    var descriptor: String?
    @Option(help: "Further columns that are features, with commas between.")
    var columns: String?
    @Option(help: "Unit of what it predicts.")
    var unit: String?
    @Option(help: "Rights class of the data that it was trained on: open, shared or closed.")
    var dataClass: String = DataClass.open.rawValue
    @Option(help: "Licence of the data that it was trained on.")
    var license: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        try refuseOverwriting([input], outputs: [output])
        let lines = try ModelConversion.isModelFile(input) ? export() : bring()
        if !common.quiet { for line in lines { common.tell(line) } }
    }

    private func export() throws -> [String] {
        guard output.hasSuffix(".onnx"), descriptor == nil, columns == nil, unit == nil else {
            throw MatSieveError.usage("\(input): is a model file; it becomes ONNX with -o NAME.onnx, and needs no descriptors")
        }
        return try ModelConversion.write(input, target: target, to: output)
    }

    private func bring() throws -> [String] {
        guard let target, let descriptor else {
            throw MatSieveError.usage("\(input): say what it predicts (--target) and from which descriptors (--descriptor)")
        }
        let request = ModelConversion.Request(
            target: target, unit: unit, descriptors: try NamedSettings.list(descriptor),
            columns: try TrainingPlan.featureColumns(columns ?? ""), dataClass: try DataClass(option: dataClass), license: license)
        return try ModelConversion.run(input, output: output, request)
    }
}
