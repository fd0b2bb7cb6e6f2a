import BenchmarkHarness
import MaterialsCore

extension Benchmark {
    /// Inputs are hashed for the manifest: bytes through `SHA256`.
    static let sha256 = Benchmark(name: "sha256", unit: "bytes", summary: "hashes random bytes, as inputs are for the manifest") {
        context in
        var random = SplitMix64(seed: 1)
        let bytes = (0..<(context.tiny ? 1 << 12 : 1 << 25)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var digest = ""
        return BenchmarkWork(rows: bytes.count) {
            digest = SHA256.hash(bytes)
        } checksum: {
            digest.utf8.reduce(0) { $0 + Double($1) }
        }
    }
}
