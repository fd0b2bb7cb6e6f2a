import MaterialsCore
import Testing

private func histogram(_ values: some Sequence<Double>) -> FixedHistogram {
    var h = FixedHistogram()
    for v in values { h.add(v) }
    return h
}

@Suite struct FixedHistogramTests {
    private let edgeCases: [Double] = [
        0, -0.0, 1, -1, 1.0624, 1.0625, -1.0625, 1e-300, -1e-300, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude,
        .infinity, -.infinity, .nan,
    ]

    @Test func everyValueLiesInItsBin() {
        var random = SplitMix64(seed: 31)
        let many = (0..<10_000).map { _ in Double(bitPattern: random.next()) }
        for v in edgeCases + many where !v.isNaN {
            let h = histogram([v])
            #expect(h.bins.count == 1 && h.bins[0].count == 1)
            #expect(h.bins[0].lower <= v && v <= h.bins[0].upper, "\(v)")
            #expect(h.minimum == v && h.maximum == v)
        }
        #expect(histogram([1, 1.06]).bins.count == 1)
        #expect(histogram([1, 1.0625]).bins.count == 2)
    }

    @Test func countsAreKept() {
        let h = histogram(edgeCases)
        #expect(h.count == edgeCases.count - 1 && h.missingCount == 1)
        #expect(h.bins.reduce(0) { $0 + $1.count } == h.count)
        #expect(zip(h.bins, h.bins.dropFirst()).allSatisfy { $0.upper <= $1.lower })
    }

    @Test func orderAndGroupingNeverMatter() throws {
        var random = SplitMix64(seed: 32)
        for _ in 0..<20 {
            let values = (0..<200).map { _ in (random.nextUnit() - 0.5) * PortableMath.exp(40 * random.nextUnit() - 20) }
            let reference = histogram(values)
            let shuffled = random.permutation(values.count).map { values[$0] }
            let cut = random.nextInt(below: 201)
            var merged = histogram(shuffled[cut...])
            merged.merge(histogram(shuffled[..<cut]))
            #expect(merged == reference)
            var w = ByteWriter()
            merged.encode(to: &w)
            var reader = ByteReader(w.bytes, subject: "test")
            #expect(try FixedHistogram(from: &reader) == reference)
            #expect(reader.isAtEnd)
            var short = ByteReader(Array(w.bytes.dropLast()), subject: "test")
            #expect(throws: MatSieveError.self) { try FixedHistogram(from: &short) }
        }
    }

    @Test func quantilesAreWithinABin() {
        var random = SplitMix64(seed: 33)
        let values = (0..<20_001).map { _ in random.nextUnit() * 10 - 5 }.sorted()
        let h = histogram(values)
        for q in stride(from: 0.0, through: 1, by: 0.01) {
            let exact = values[Int(q * 20_000)]
            #expect(abs(h.quantile(q) - exact) <= 0.07 * abs(exact) + 0.005, "\(q)")
        }
        #expect(h.quantile(0) == values.first && h.quantile(1) == values.last)
        #expect(histogram([]).quantile(0.5).isNaN)
        #expect(histogram([3]).quantile(0.5) == 3)
    }

    private func expect(
        _ found: (below: Int, bins: [Int], above: Int), _ below: Int, _ bins: [Int], _ above: Int,
        at location: SourceLocation = #_sourceLocation
    ) { #expect(found.below == below && found.bins == bins && found.above == above, sourceLocation: location) }

    @Test func rebinningKeepsTheTotal() {
        var random = SplitMix64(seed: 34)
        let h = histogram((0..<5000).map { _ in random.nextUnit() * 3 - 1 })
        let bars = h.rebinned(30, from: -1, to: 2).bins
        #expect(bars.reduce(0, +) == 5000)
        // Uniform values give level bars; 5000/30 = 167 ± 13 each, ± 4 sigma and a bin's sharing.
        #expect(bars.allSatisfy { abs($0 - 167) < 70 })
        expect(h.rebinned(4, from: 5, to: 6), 5000, [0, 0, 0, 0], 0)
        expect(h.rebinned(4, from: -6, to: -5), 0, [0, 0, 0, 0], 5000)
        let middle = h.rebinned(7, from: -0.3, to: 1.1)
        #expect(middle.bins.reduce(middle.below + middle.above, +) == 5000 && middle.below > 1000 && middle.above > 1300)
        expect(histogram([2, 2]).rebinned(2, from: 2, to: 4), 0, [2, 0], 0)
        expect(histogram([4, 4]).rebinned(2, from: 2, to: 4), 0, [0, 2], 0)
        expect(histogram([-.infinity, 3, .infinity, .infinity]).rebinned(2, from: 2, to: 4), 1, [0, 1], 2)
        #expect(h.rebinned(0, from: 0, to: 1).bins.isEmpty)
    }

    @Test func extremeWidthsAreRebinned() {
        let tiny = Double.leastNonzeroMagnitude
        #expect(histogram([-1e308, -1e308, 1e308]).rebinned(4, from: -1e308, to: 1e308).bins == [2, 0, 0, 1])
        // All subnormal numbers share one bin, so they are shared out evenly.
        #expect(histogram([0, tiny, tiny]).rebinned(3, from: 0, to: tiny).bins == [1, 1, 1])
        #expect(histogram([0, 0x1p-1030, 1e300]).rebinned(2, from: 0, to: 0x1p-1026).bins == [1, 1])
        let largest = Double.greatestFiniteMagnitude
        #expect(histogram([-largest, 0, largest]).rebinned(3, from: -largest, to: largest).bins == [1, 1, 1])
    }

    @Test func noBytesCrashIt() {
        var random = SplitMix64(seed: 35)
        var w = ByteWriter()
        histogram([1, 2, -3]).encode(to: &w)
        for i in 0..<2000 {
            var damaged = i == 0 ? w.bytes : Array(w.bytes.prefix(64))
            for _ in 0...random.nextInt(below: 4) { damaged[random.nextInt(below: 64)] = UInt8(truncatingIfNeeded: random.next()) }
            if i % 2 == 0 { damaged.replaceSubrange(32..<40, with: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]) }
            var reader = ByteReader(damaged, subject: "test")
            guard var h = try? FixedHistogram(from: &reader) else { continue }
            h.add(1)
            h.merge(h)
            _ = (h.bins, h.quantile(0.5), h.rebinned(3, from: 0, to: 1))
        }
    }
}
