import Foundation
import LinearAlgebra
import MaterialsCore
import Testing

@testable import Models

/// A model of another program with its input and what that program made of it.
struct ForeignReference: Sendable, CustomTestStringConvertible {
    let file: String
    let table: String
    let task: LearningTask
    let outputs: Int
    let hasScores: Bool
    let hasLabels: Bool
    let hasExact: Bool
    var testDescription: String { file }

    static let all: [ForeignReference] =
        (try? ReferenceData.text("interchange/index.csv"))?.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: ",").map(String.init)
            return ForeignReference(
                file: cells[0], table: cells[1], task: LearningTask(rawValue: cells[2])!, outputs: Int(cells[3])!,
                hasScores: cells[4] == "1",
                hasLabels: cells[5] == "1", hasExact: cells[6] == "1")
        } ?? []

    private func values(_ suffix: String) throws -> [Double] {
        try ReferenceData.values("interchange/\(file.replacing(".", with: "_")).\(suffix).f64", of: Double.self)
    }

    func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: ReferenceData.folder.appending(path: "interchange/\(file)"))) }
    func read() throws -> ForeignModel { try ForeignModel.read(bytes(), fileName: file) }
    func expected() throws -> [Double] { try values("outputs") }
    func scores() throws -> [Double] { try values("scores") }
    func exact() throws -> [Double] { try values("exact") }
    func labels() throws -> [Double] { try values("labels") }

    func features() throws -> FeatureMatrix {
        let values = try ReferenceData.values("interchange/\(table).f64", of: Double.self)
        return FeatureMatrix(rows: values.count / 8, columns: 8, values: values)
    }
}

/// Predictions in the layout of the other program's.
private func predicted(_ model: ForeignModel, _ features: FeatureMatrix, outputs: Int) -> (values: [Double], classes: [Double]) {
    let p = model.model.predictions(features, classCount: model.classes.count)
    let values = (0..<features.rows).flatMap { row -> [Double] in
        if model.task == .regression { return [p.mean[row]] }
        return outputs == 1 ? [p.spread[row]] : (0..<outputs).map { p.probability(ofClass: $0, row: row) }
    }
    return (values, p.mean)
}

@Suite struct InterchangeTests {
    private static let trees = ForeignReference.all.filter { !$0.file.hasPrefix("onnx") }
    private static let graphs = ForeignReference.all.filter { $0.file.hasPrefix("onnx") }

    @Test func thereAreReferences() { #expect(Self.trees.count >= 24 && Self.graphs.count >= 30) }

    /// Scores bit for bit; outputs behind an exponential function to two units in the last place.
    @Test(arguments: trees) func treesHaveTheBitsOfTheirProgram(_ reference: ForeignReference) throws {
        let foreign = try reference.read()
        let model = try #require(foreign.model as? ImportedTreesModel)
        let features = try reference.features()
        #expect(foreign.task == reference.task && foreign.featureCount == 8 && foreign.featureNames.count == 8)
        if reference.hasScores { #expect(model.scores(features).values.bits == (try reference.scores()).bits) }
        let expected = try reference.expected()
        let isSingle = model.trees.arithmetic == .single
        let ulp = isSingle ? 0x1p-23 : 0x1p-52
        let (values, _) = predicted(foreign, features, outputs: reference.outputs)
        let bound = model.transform == .identity ? 0 : 3 * ulp
        #expect(zip(values, expected).allSatisfy { ($0 - $1).magnitude <= bound * $1.magnitude } && values.count == expected.count)
    }

    @Test(arguments: trees) func fastScoresAreThoseOfOneRow(_ reference: ForeignReference) throws {
        let model = try #require(try reference.read().model as? ImportedTreesModel)
        let features = try reference.features()
        let all = model.scores(features)
        for row in 0..<60 { #expect(model.trees.scores(Array(features.row(row))).bits == Array(all.row(row)).bits) }
    }

    /// The tolerance is 1e-6 of the largest value. onnxruntime's float32 sums over support vectors are off by more, so theirs is to
    /// scikit-learn's own float64.
    @Test(arguments: graphs) func graphsAgreeWithOnnxruntime(_ reference: ForeignReference) throws {
        let foreign = try reference.read()
        let expected = try reference.hasExact ? reference.exact() : reference.expected()
        let (values, classes) = predicted(foreign, try reference.features(), outputs: reference.outputs)
        let scale = expected.map(\.magnitude).max()!
        let bound = reference.file.contains("_double") ? 1e-12 : 1e-6
        #expect(largestDifference(values, expected) <= bound * scale && values.count == expected.count)
        if reference.hasLabels { #expect(classes == (try reference.labels())) }
    }

    @Test(arguments: ForeignReference.all) func survivesItsArchiveAndAnyBatch(_ reference: ForeignReference) throws {
        let foreign = try reference.read()
        let features = try reference.features()
        let whole = foreign.model.predictions(features, classCount: foreign.classes.count)
        let again = try ModelRegistry.entry(named: type(of: foreign.model).name).load(foreign.model.parameters)
        #expect(again.parameters == foreign.model.parameters && again.summary == foreign.model.summary)
        for rows in [[0], [7, 3, 199], Array(0..<65)] {
            let part = again.predictions(features.selecting(rows), classCount: foreign.classes.count)
            for (i, row) in rows.enumerated() {
                #expect(part.mean[i].bitPattern == whole.mean[row].bitPattern && part.spread[i].bitPattern == whole.spread[row].bitPattern)
            }
        }
        #expect(foreign.model.predictions(features.selecting([]), classCount: foreign.classes.count).mean.isEmpty)
    }

    @Test func classesAndNamesAreRead() throws {
        let phases = try #require(ForeignReference.all.first { $0.file == "onnx_svc_three.onnx" }).read()
        #expect(phases.classes == ["amorphous", "bcc", "fcc"] && phases.format == "ONNX")
        let trees = try #require(ForeignReference.all.first { $0.file == "lightgbm_multiclass.txt" }).read()
        #expect(trees.classes == ["0", "1", "2"] && trees.featureNames[0] == "Column_0" && trees.notes == ["objective multiclass"])
        let early = try #require(ForeignReference.all.first { $0.file == "xgboost_early.ubj" }).read()
        #expect(early.notes.contains { $0.contains("best iteration") })
    }

    /// Seeded damage of every file: an error or a model that predicts, never a crash.
    @Test(arguments: ForeignReference.all) func damagedFilesAreRefused(_ reference: ForeignReference) throws {
        let whole = try reference.bytes()
        let features = try reference.features().selecting([0, 1, 2])
        var random = SplitMix64(seed: UInt64(whole.count))
        for _ in 0..<60 {
            var bytes = whole
            switch Int(random.nextUnit() * 4) {
            case 0: bytes.removeSubrange(Int(random.nextUnit() * Double(bytes.count))...)
            case 1: bytes.remove(at: Int(random.nextUnit() * Double(bytes.count)))
            default:
                for _ in 0..<1 + Int(random.nextUnit() * 4) {
                    bytes[Int(random.nextUnit() * Double(bytes.count))] = UInt8(random.nextUnit() * 256)
                }
            }
            do {
                let read = try ForeignModel.read(bytes, fileName: "damaged")
                guard read.featureCount == 8, read.classes.count < 100 else { continue }
                _ = read.model.predictions(features, classCount: read.classes.count)
            } catch is MatSieveError {}
        }
    }

    @Test func whatIsNoModelIsNamed() throws {
        for bytes in [
            [], Array("hello".utf8), [0xff, 0x00], Array("tree\nversion=v4\n".utf8), Array("{}".utf8), Array("{\"learner\": 3}".utf8),
        ] {
            #expect { try ForeignModel.read(bytes, fileName: "m.bin") } throws: {
                ($0 as? MatSieveError)?.kind == .input && "\($0)".hasPrefix("m.bin")
            }
        }
    }

    @Test func whatIsNotSupportedIsNamed() throws {
        func edited(_ file: String, _ old: String, _ new: String) throws -> [UInt8] {
            let text = String(decoding: try #require(ForeignReference.all.first { $0.file == file }).bytes(), as: UTF8.self)
            #expect(text.contains(old))
            return Array(text.replacing(old, with: new).utf8)
        }
        let cases = [
            (try edited("lightgbm_regression.txt", "is_linear=0", "is_linear=1"), "linear"),
            (try edited("lightgbm_regression.txt", "objective=regression", "objective=mystery"), "'mystery'"),
            (try edited("lightgbm_regression.txt", "end of trees", "end"), "cut short"),
            (try edited("xgboost_regression.json", "reg:squarederror", "reg:mystery"), "'reg:mystery'"),
            (try edited("xgboost_regression.json", "gbtree", "gblinear"), "'gblinear'"),
        ]
        for (bytes, word) in cases {
            #expect { try ForeignModel.read(bytes, fileName: "m") } throws: { "\($0)".contains(word) }
        }
        var graph = ONNXGraphBuilder()
        _ = graph.add("Mystery", ["X"], output: "prediction")
        graph.output("prediction", columns: 1)
        let bytes = graph.file(columns: 1, featureNames: ["a"])
        #expect { try ForeignModel.read(bytes, fileName: "m") } throws: { "\($0)".contains("'Mystery'") }
    }
}
