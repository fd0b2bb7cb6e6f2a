import Formats
import Foundation
import MaterialsCore
import TestSupport
import Testing

@Suite struct CSVMutationTests {
    private let seedText = """
        m-1,Ba0.5Sr0.5TiO3,3.25,"a, ""b"" c"\nm-2,CuSO4·5H2O,nan,"two
        lines"\nm-3,K4[Fe(CN)6],-1.5e-3,plain\nm-4,Si,,\nm-5,Ca3(PO4)2,12345678901234567890,ünï\n
        """

    /// The first 4 kB are read before anything is cut, so the rows that are mutated come after them.
    private let head = Array(("id,formula,gap,note\n" + String(repeating: "f,Au,0,g\n", count: 460)).utf8)

    /// Whatever the bytes, nothing crashes and every position is a candidate or a rejection, however the stream is cut.
    @Test func everyPositionIsACandidateOrARejection() throws {
        var random = SplitMix64(seed: 41)
        let spice: [UInt8] = [10, 13, 34, 44, 59, 9, 0xff, 0xc3, 40, 41, 46, 48, 57, 65, 101, 32, 0]
        var readable = 0
        for _ in 0..<300 {
            var bytes = Array(seedText.utf8)
            for _ in 0...random.nextInt(below: 6) {
                let at = random.nextInt(below: bytes.count)
                switch random.nextInt(below: 4) {
                case 0: bytes[at] = spice[random.nextInt(below: spice.count)]
                case 1: bytes.insert(spice[random.nextInt(below: spice.count)], at: at)
                case 2: bytes.removeSubrange(at..<min(at + 1 + random.nextInt(below: 9), bytes.count))
                default: bytes.insert(contentsOf: bytes[at..<min(at + 12, bytes.count)], at: random.nextInt(below: bytes.count))
                }
                if bytes.isEmpty { bytes = [10] }
            }
            // Now and then the header is hit too.
            bytes = (random.nextInt(below: 8) == 0 ? Array(head.dropFirst(random.nextInt(below: 30))) : head) + bytes
            let whole = Result { try shape(inMemoryInput(bytes)) }
            let cut = Result { try shape(inMemoryInput(bytes, chunk: 1 + random.nextInt(below: 11))) }
            switch (whole, cut) {
            case (.success(let a), .success(let b)):
                #expect(a == b)
                readable += 1
            case (.failure(let a as MatSieveError), .failure(let b as MatSieveError)): #expect(a == b)
            default: Issue.record("\(String(decoding: bytes.suffix(200), as: UTF8.self)): \(whole), \(cut)")
            }
        }
        #expect(readable > 240)
    }

    private func shape(_ input: ByteInput) throws -> [String] {
        let source = try CSVFormat.open(input, request: TableRequest(columns: nil))
        let batches = try allBatches(source)
        let positions = batches.flatMap { $0.indices.map(\.position) + $0.rejections.map(\.index.position) }
        #expect(try positions.sorted() == Array(0..<source.positionCount()))
        return batches.flatMap { b in
            (0..<b.count).map { row in "\(b.ids[row]) \(b.composition(row).hillFormula) \(b.numericColumns.map { $0[row] })" }
                + b.rejections.map { "\($0.id) \($0.defect.reason) \($0.defect.detail)" }
        }
    }
}
