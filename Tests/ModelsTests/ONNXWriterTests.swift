import LinearAlgebra
import MaterialsCore
import Testing

@testable import Models

/// What is written reads back as the same model; that onnxruntime reads the same is in `scripts/model-interchange`.
@Suite struct ONNXWriterTests {
    private func data(_ task: LearningTask, classes: Int, categorical: Bool, rows: Int = 150) -> TrainingData {
        var random = SplitMix64(seed: 4)
        var features = FeatureMatrix(rows: rows, columns: 4)
        for row in 0..<rows {
            for column in 0..<3 { features[row, column] = random.nextUnit() < 0.08 ? .nan : random.nextUnit() * 8 - 4 }
            features[row, 3] = (random.nextUnit() * 9).rounded(.down)
        }
        let scores = (0..<rows).map { (features[$0, 0].isNaN ? 0 : features[$0, 0]) + Double(Int(features[$0, 3]) % 3) }
        let targets = task == .regression ? scores : scores.map { $0 < 0 ? 0 : classes == 2 || $0 < 2 ? 1 : 2 }
        return TrainingData(
            features: features, targets: targets, featureNames: ["a", "b", "c", "d"], categoricalColumns: categorical ? [3] : [],
            task: task,
            classCount: classes)
    }

    private func queries(_ training: FeatureMatrix) -> FeatureMatrix {
        var queries = training
        let odd: [Double] = [.infinity, -.infinity, 1e300, 0x1p128 - 0x1p103, (0x1p128 - 0x1p103).nextDown, -3.5e38, 0, -0.0]
        for i in queries.values.indices {
            if i % 5 == 1 { queries.values[i] = queries.values[i].nextUp }
            if i % 5 == 2 { queries.values[i] = Double(Float(queries.values[i])) }
            if i % 23 == 0 { queries.values[i] = odd[i / 23 % odd.count] }
        }
        return queries
    }

    @Test(arguments: ["boosted-trees", "extra-trees", "random-forest", "ridge"], [0, 2, 3]) func whatIsWrittenReadsBackTheSame(
        _ name: String, _ classes: Int
    ) throws {
        if name == "ridge", classes == 3 { return }
        for categorical in [false, true] {
            let data = data(classes == 0 ? .regression : .classification, classes: classes, categorical: categorical)
            var s = try settings(name == "ridge" ? [:] : name == "boosted-trees" ? ["trees": 12, "leaves": 7] : ["trees": 12])
            let model = try ModelRegistry.entry(named: name).fit(data, &s, TrainingContext(seed: 1))
            let labels = ["no", "yes", "maybe"].prefix(classes).map { $0 }
            let read = try ForeignModel.read(
                try ONNXWriter.write(model, featureNames: data.featureNames, classes: labels), fileName: "m.onnx")
            #expect(read.featureNames == data.featureNames && read.classes == labels && read.task == data.task)
            let queries = queries(data.features)
            let (ours, theirs) = (
                model.predictions(queries, classCount: classes), read.model.predictions(queries, classCount: classes)
            )
            #expect(theirs.mean.bits == ours.mean.bits)
            if classes > 0 { #expect(largestDifference(theirs.spread, ours.spread) < 1e-15) }
        }
    }

    @Test func everyDoubleGoesWhereItsFloatGoes() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<20_000 {
            let threshold = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            guard threshold.isFinite else { continue }
            let limit = TreeLists.largestDouble(roundingTo: threshold)
            #expect(Float(limit) <= threshold && Float(limit.nextUp) > threshold)
        }
        #expect(Float(TreeLists.largestDouble(roundingTo: .greatestFiniteMagnitude)) == .greatestFiniteMagnitude)
    }

    @Test func otherModelsAreRefused() throws {
        let foreign = try #require(ForeignReference.all.first).read()
        #expect { try ONNXWriter.write(foreign.model, featureNames: foreign.featureNames) } throws: {
            ($0 as? MatSieveError)?.kind == .usage && "\($0)".contains("imported-trees")
        }
    }
}
