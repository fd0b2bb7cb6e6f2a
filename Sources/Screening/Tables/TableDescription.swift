import Foundation
import MaterialsCore
import Storage

/// `matsieve describe`: features of every candidate of a table.
public struct TableDescription {
    /// What came out.
    public struct Outcome: Sendable {
        /// Rows written.
        public var written: Int
        /// Candidates that could not be used.
        public var rejected: Int
        /// The first 100,000 of them.
        public var rejections: [Rejection]
        /// What people should mind of the input.
        public var notes: [String]

        init(_ tally: ReadTally, of source: any CandidateSource) {
            (written, rejected, rejections, notes) = (tally.usable, tally.rejected, tally.rejections, tally.notes + source.notes)
        }
    }

    /// Describes `input` and writes CSV or HDF5, by the ending of `output`.
    public static func describe(
        _ input: String, descriptors: [NamedSettings], output: String, format: String? = nil, keys: KeyColumns = KeyColumns(),
        workers: Workers
    ) throws -> Outcome {
        let pipeline = try FeaturePipeline(descriptors: descriptors, columns: [])
        let source = try CandidateInput.open(
            input, format: format, request: keys.request(pipeline.descriptorColumns, structures: pipeline.requiresStructures))
        try pipeline.requireStructures(source)
        let sink = try openTableSink(
            output, columns: pipeline.featureNames.map { .init(name: $0) }, asFeatures: true, provenance: source.provenance)
        var tally = ReadTally()
        try source.forEachBatch(
            workers,
            transform: { batch in
                var screened = ScreenedBatch(candidates: batch, propertyCount: 0)
                let (matrix, defects) = pipeline.features(of: batch)
                screened.reject(defects, stage: .describe)
                let bad = Set(defects.map(\.row))
                let rows = bad.isEmpty ? matrix : matrix.selecting((0..<matrix.rows).filter { !bad.contains($0) })
                return DescribedBatch(batch: screened.candidates, values: rows)
            },
            commit: { part in
                try sink.append(part.batch, part.values)
                tally.add(part.batch)
            })
        try tally.requireUsable(input)
        try sink.finish()
        return Outcome(tally, of: source)
    }
}

/// Rows of a batch with their values.
struct DescribedBatch: Sendable {
    var batch: CandidateBatch
    var values: FeatureMatrix
}
