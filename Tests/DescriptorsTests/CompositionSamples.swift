import Descriptors
import MaterialsCore

/// A batch of the given compositions.
func batch(_ compositions: [Composition]) -> CandidateBatch {
    var batch = CandidateBatch(schema: CandidateSchema())
    for (row, composition) in compositions.enumerated() {
        batch.append(index: CandidateIndex(source: 0, position: row), id: "\(row)".utf8, composition: composition)
    }
    return batch
}

/// A composition such as `"Fe 2 O 3"`.
func composition(_ text: String) -> Composition {
    let words = text.split(separator: " ")
    return Composition(
        stride(from: 0, to: words.count, by: 2).map { (element: Element(symbol: String(words[$0]))!, amount: Double(words[$0 + 1])!) })
}

/// Compositions of 1 to 9 elements up to `lastElement`, with whole, decimal and very unequal amounts.
func randomCompositions(_ count: Int, seed: UInt64, lastElement: Int = 112) -> [Composition] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { row in
        let parts = (0..<(1 + random.nextInt(below: 9))).map { _ in
            let amount: Double
            switch row % 3 {
            case 0: amount = Double(1 + random.nextInt(below: 12))
            case 1: amount = 0.001 + random.nextUnit()
            default: amount = Double(1 + random.nextInt(below: 3)) * (random.nextInt(below: 4) == 0 ? 0.01 : 1)
            }
            return (element: Element(atomicNumber: 1 + random.nextInt(below: lastElement))!, amount: amount)
        }
        return Composition(parts)
    }
}

/// Values and defects of a descriptor.
struct Described {
    var matrix: FeatureMatrix
    var defects: [(row: Int, defect: CandidateDefect)]
    /// Bits of a row; all NaN alike.
    func bits(_ row: Int) -> [UInt64] { matrix.row(row).map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
}

/// Describes a batch between two columns that must stay as they are.
func describe(_ descriptor: any Descriptor, _ batch: CandidateBatch) -> Described {
    let width = descriptor.featureNames.count
    var wide = FeatureMatrix(rows: batch.count, columns: width + 2, values: [Double](repeating: -77, count: batch.count * (width + 2)))
    let defects = descriptor.compute(batch, into: &wide, firstColumn: 1)
    precondition((0..<batch.count).allSatisfy { wide[$0, 0] == -77 && wide[$0, width + 1] == -77 }, "wrote outside its columns")
    var values: [Double] = []
    for row in 0..<batch.count { values.append(contentsOf: wide.row(row).dropFirst().prefix(width)) }
    return Described(matrix: FeatureMatrix(rows: batch.count, columns: width, values: values), defects: defects)
}

/// A descriptor of the registry with settings given as texts.
func make(_ name: String, _ settings: [(String, String)] = []) throws -> any Descriptor {
    let mapping = settings.map { (key: $0.0, line: 1, value: Setting(.text($0.1), line: 1, source: $0.1)) }
    return try DescriptorRegistry.make(name, settings: Settings(Setting(.mapping(mapping), line: 1), subject: "descriptor '\(name)'"))
}
