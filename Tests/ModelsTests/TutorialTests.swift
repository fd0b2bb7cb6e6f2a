import MaterialsCore
import Testing

@Suite struct MeanModelTests {
    private let data = TrainingData(features: FeatureMatrix(rows: 4, columns: 1), targets: [1, 2, 3, 6], featureNames: ["x"])

    @Test func predictsTheMeanAndReadsBack() throws {
        var settings = Settings()
        let entry = ModelEntry(MeanModel.self)
        let model = try entry.load(try entry.fit(data, &settings, TrainingContext()).parameters)
        var prediction = Prediction(rows: 2)
        model.predict(FeatureMatrix(rows: 2, columns: 1), into: &prediction)
        #expect(prediction.mean == [3, 3] && prediction.spread == [Double](repeating: 3.5, count: 2).map { $0.squareRoot() })
    }

    @Test func damagedParametersAndNoRowsAreErrors() {
        #expect(throws: MatSieveError.self) { try MeanModel(parameters: ParameterArchive(["mean": .doubles([1], shape: [1])])) }
        var settings = Settings()
        #expect(throws: MatSieveError.self) { try MeanModel.fit(data.selecting([]), settings: &settings, context: TrainingContext()) }
    }
}
