import MaterialsCore

/// Precomputed features, and targets where there are any: what `describe -o OUT.h5` leaves and `train` or a benchmark reads.
///
/// HDF5: `/features` (rows × features, any float or integer type), `/feature_names` (strings; without it `f0`, `f1`, …) and
/// `/target` (one number a row), as any h5py script can write them.
public struct FeatureTable: Equatable, Sendable {
    /// Rows × features.
    public var features: FeatureMatrix
    /// Labels of the columns.
    public var featureNames: [String]
    /// One a row, or nil.
    public var targets: [Double]?

    /// A table of the given features; counts must agree.
    public init(features: FeatureMatrix, featureNames: [String], targets: [Double]? = nil) {
        precondition(features.columns == featureNames.count && targets.map { $0.count == features.rows } ?? true)
        (self.features, self.featureNames, self.targets) = (features, featureNames, targets)
    }

    /// Reads a table.
    ///
    /// - Errors: `.input`, one line, where the file is missing, not HDF5, has no such matrix, or is damaged.
    public init(path: String) throws {
        let root = try HDF5File.open(path).root
        let matrix = try root.dataset("features")
        guard matrix.shape.count == 2 else { throw matrix.damaged("is not a matrix of rows × features") }
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        let names = try root.contains("feature_names") ? root.dataset("feature_names").readStrings() : (0..<columns).map { "f\($0)" }
        guard names.count == columns else {
            throw MatSieveError.input("\(path): has \(columns) features and \(names.count) feature names; make it again")
        }
        let targets: [Double]? = try root.contains("target") ? root.dataset("target").read() : nil
        if let targets, targets.count != rows {
            throw MatSieveError.input("\(path): has \(rows) rows of features and \(targets.count) targets; make it again")
        }
        self.init(features: FeatureMatrix(rows: rows, columns: columns, values: try matrix.read()), featureNames: names, targets: targets)
    }

    /// Writes the table with row numbers (from 1) as ids and empty formulas.
    ///
    /// - Errors: as `TableFileWriter`.
    public func write(to path: String) throws {
        let layout = TableLayout(featureNames: featureNames, hasTarget: targets != nil)
        let writer = try TableFileWriter(path: path, layout: layout)
        try writer.append(
            TableRows(
                ids: TextColumn((0..<features.rows).map { "\($0 + 1)" }), formulas: TextColumn(repeatElement("", count: features.rows)),
                features: features, targets: targets ?? []))
        try writer.finish()
    }
}
