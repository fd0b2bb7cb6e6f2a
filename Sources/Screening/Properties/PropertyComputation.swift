import MaterialsCore

/// Computes the columns of a property from batches of candidates.
///
/// A candidate's values depend on nothing but the candidate, so that batches, threads and shards do not show in them.
protocol PropertyComputation: Sendable {
    /// Its columns: the property's own, then the further ones; `inputs` are the properties that it computes with.
    /// - Errors: `.input` where those do not fit, as energies in the wrong unit
    func columns(inputs: [PropertyDefinition]) throws -> [PropertyColumn]
    /// One column of values for each of those; a value that is missing is NaN.
    ///
    /// `inputs` are in the order of the kind's `inputs`; `cache` shares features between computations of one batch.
    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns
}

/// What is known of a column beside its name.
struct PropertyColumn {
    /// Unit, where known.
    var unit: String?
    /// True where values come with standard deviations; further columns have none.
    var hasSpread = false
    /// Names of the classes that the values are codes of; none for numbers.
    var classes: [String] = []
}

/// Values of a property for the rows of a batch.
struct PropertyValues {
    /// One a row; missing is NaN.
    var values: [Double]
    /// Standard deviations beside them; nil where there are none.
    var spread: [Double]?
}

/// The columns of a property for a batch, and the rows that have none.
struct ComputedColumns {
    /// In the order of `PropertyComputation.columns`.
    var columns: [PropertyValues]
    /// Candidates that cannot be used.
    var defects: [(row: Int, defect: CandidateDefect)] = []
    /// What people should mind, with the number of candidates.
    var remarks: [(text: String, rows: Int)] = []

    /// A single column without standard deviations.
    init(_ values: [Double]) { columns = [PropertyValues(values: values)] }

    /// Columns, and the rows that have none.
    init(_ columns: [PropertyValues], defects: [(row: Int, defect: CandidateDefect)] = []) {
        (self.columns, self.defects) = (columns, defects)
    }
}

/// A property whose files are open.
struct OpenedProperty {
    /// What computes it.
    var computation: any PropertyComputation
    /// Files and tables that went in; they reach manifest and report, and their class the outputs.
    var files: [RunDescription.Input] = []
    /// What people should mind of them.
    var notes: [String] = []
    /// Surrogates that went in.
    var models: [RunDescription.Model] = []
    /// Time that went into training; nil where nothing was trained.
    var trainingSeconds: Double?
}

/// A numeric column of the candidates as a property.
struct InputColumn: PropertyComputation {
    /// Name of the column.
    let name: String
    /// Its unit, where a source tells it.
    let unit: String?

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] { [PropertyColumn(unit: unit)] }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        ComputedColumns(batch.numericColumn(name)!)
    }
}
