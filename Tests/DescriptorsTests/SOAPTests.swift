import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

@Suite struct SOAPTests {
    static let reference = try! DScribeReference("references/dscribe_soap/soap.json.gz")

    static func soap(_ values: [String: Setting]) throws -> SOAPDescriptor {
        var own = try settings(values, of: "soap")
        return try SOAPDescriptor(settings: &own)
    }

    /// DScribe orthonormalises in double precision: up to 9 functions its error stays below this.
    static let tolerance = 1e-8

    @Test(arguments: 0..<reference.cases.count) func equalsDScribe(_ index: Int) throws {
        let one = Self.reference.cases[index]
        var values = one.settings
        let isPerSite = values["average"]?.source == "off"
        if isPerSite { values["average"] = nil }
        let soap = try Self.soap(values)
        #expect(Set(soap.featureNames).count == one.values[0].count, "\(one.name)")
        let sites = try soap.siteFeatures(of: one.crystal)
        let rows: [[Double]] = try isPerSite ? (one.rows ?? Array(0..<sites.rows)).map { Array(sites.row($0)) } : [row(soap, one.crystal)]
        #expect(rows.count == one.values.count)
        for (row, expected) in zip(rows, one.values) {
            let largest = expected.map(\.magnitude).max()!
            let worst = zip(row, expected).map { ($0 - $1).magnitude }.max()! / largest
            #expect(worst < Self.tolerance, "\(one.name): \(worst)")
        }
    }
}

/// One row of a structure.
func row(_ descriptor: some StructureDescriptor, _ crystal: CrystalStructure) throws -> [Double] {
    var matrix = FeatureMatrix(rows: 1, columns: descriptor.featureNames.count)
    try matrix.withRow(0, first: 0, width: matrix.columns) { (out: inout MutableSpan<Double>) throws(CandidateDefect) in
        try descriptor.describe(crystal, into: &out)
    }
    return matrix.values
}
