import MaterialsCore
import Testing

private func sum(_ values: [Double]) -> ExactSum {
    var s = ExactSum()
    for v in values { s.add(v) }
    return s
}

private func bytes(_ s: ExactSum) -> [UInt8] {
    var w = ByteWriter()
    s.encode(to: &w)
    return w.bytes
}

/// Doubles of all magnitudes, or of like ones that cancel.
private func values(_ count: Int, _ random: inout SplitMix64, wide: Bool) -> [Double] {
    (0..<count).map { _ in
        let bits = random.next()
        return wide ? Double(bitPattern: bits & 0xbfff_ffff_ffff_ffff) : (random.nextUnit() - 0.5) * Double(1 << (bits & 31))
    }
}

@Suite struct ExactSumTests {
    @Test func knownSums() {
        #expect(sum([]).value == 0)
        #expect(sum([1e308, 1e308, -1e308, -1e308, 1]).value == 1)
        #expect(sum([1, 1e100, 1, -1e100]).value == 2)
        #expect(sum([Double](repeating: 0.1, count: 10)).value == 1)
        #expect(sum([0.1, 0.2, -0.3]).value == 0x1p-55)
        #expect(sum([1, 0x1p-53]).value == 1)
        #expect(sum([1, 0x1p-53, 0x1p-106]).value == 1 + 0x1p-52)
        #expect(sum([1 + 0x1p-52, 0x1p-53]).value == 1 + 0x1p-51)
        #expect(sum([.leastNonzeroMagnitude, .leastNonzeroMagnitude]).value == 2 * .leastNonzeroMagnitude)
        #expect(sum([.leastNormalMagnitude, -.leastNonzeroMagnitude]).value == Double.leastNormalMagnitude.nextDown)
        #expect(sum([.greatestFiniteMagnitude, .greatestFiniteMagnitude]).value == .infinity)
        #expect(sum([.greatestFiniteMagnitude, Double.greatestFiniteMagnitude.ulp / 4]).value == .greatestFiniteMagnitude)
        #expect(sum([.greatestFiniteMagnitude, Double.greatestFiniteMagnitude.ulp / 2]).value == .infinity)
        #expect(sum([-1.5, -2.25]).value == -3.75)
        #expect(sum([-0.0]).value == 0)
    }

    @Test func infinityAndNaNFollowIEEE() {
        #expect(sum([1, .infinity, 5]).value == .infinity)
        #expect(sum([1, -.infinity, 5]).value == -.infinity)
        #expect(sum([.infinity, -.infinity]).value.isNaN)
        #expect(sum([1, .nan]).value.isNaN)
    }

    /// Two doubles added by the machine are correctly rounded, so they must agree to the bit.
    @Test func twoValuesAgreeWithTheMachine() {
        var random = SplitMix64(seed: 21)
        for i in 0..<100_000 {
            let pair = values(2, &random, wide: i % 2 == 0)
            #expect(sum(pair).value == pair[0] + pair[1], "\(pair)")
        }
    }

    /// Multiples of 2^-20 below 2^40 sum exactly in integers.
    @Test func agreesWithIntegers() {
        var random = SplitMix64(seed: 22)
        for _ in 0..<200 {
            let whole = (0..<1000).map { _ in Int64(truncatingIfNeeded: random.next() >> 4) - 1 << 59 }
            let total = whole.reduce(Int128(0)) { $0 + Int128(($1 >> 8) << 8) }
            let s = sum(whole.map { Double(($0 >> 8) << 8) * 0x1p-20 })
            #expect(s.value == Double(total) * 0x1p-20)
        }
    }

    @Test func orderAndGroupingNeverMatter() {
        var random = SplitMix64(seed: 23)
        for round in 0..<200 {
            let all = values(1 + random.nextInt(below: 300), &random, wide: round % 2 == 0)
            let reference = sum(all)
            let shuffled = random.permutation(all.count).map { all[$0] }
            let cut = random.nextInt(below: all.count + 1)
            var merged = sum(Array(shuffled[cut...]))
            merged.merge(sum(Array(shuffled[..<cut])))
            #expect(merged == reference)
            #expect(bytes(merged) == bytes(reference))
            #expect(merged.value.bitPattern == reference.value.bitPattern)
            let cancelled = sum(all + shuffled.map { -$0 })
            #expect(cancelled.value == 0 && cancelled == ExactSum())
        }
    }

    @Test func survivesBytesAndRefusesDamage() throws {
        var random = SplitMix64(seed: 24)
        for special in [[], [Double.infinity], [-.infinity], [.nan]] {
            let s = sum(values(100, &random, wide: true) + special)
            var reader = ByteReader(bytes(s), subject: "test")
            #expect(try ExactSum(from: &reader) == s)
            #expect(reader.isAtEnd)
        }
        for damaged in [[], [9, 0, 0], [0, 60, 30], [0, 0, 1, 1], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x80]] as [[UInt8]] {
            var reader = ByteReader(damaged, subject: "test")
            #expect(throws: MatSieveError.self) { try ExactSum(from: &reader) }
        }
    }

    /// Bytes that happen to be read must still make a sum that can be used.
    @Test func noBytesCrashIt() {
        var random = SplitMix64(seed: 25)
        let good = bytes(sum([1e300, -1, 1e-300]))
        var readable = 0
        for _ in 0..<2000 {
            var damaged = good
            for _ in 0...random.nextInt(below: 4) {
                damaged[random.nextInt(below: damaged.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            var reader = ByteReader(damaged, subject: "test")
            guard var s = try? ExactSum(from: &reader) else { continue }
            readable += 1
            s.merge(s)
            s.add(-1)
            _ = s.value
        }
        #expect(readable > 100)
    }
}
