import MaterialsCore

/// Count, smallest, largest, exact sum and a histogram of fixed edges: what can be folded of a property without loss.
struct PropertyDistribution: Sendable {
    private(set) var count: UInt64 = 0
    private(set) var missing: UInt64 = 0
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    private(set) var sum = ExactSum()
    private(set) var histogram = FixedHistogram()

    mutating func insert(_ values: [Double]) {
        for v in values {
            if v.isNaN {
                missing += 1
                continue
            }
            count += 1
            minimum = min(minimum, v)
            maximum = max(maximum, v)
            sum.add(v)
            histogram.add(v)
        }
    }

    mutating func merge(_ other: PropertyDistribution) {
        count += other.count
        missing += other.missing
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        sum.merge(other.sum)
        histogram.merge(other.histogram)
    }

    /// Mean, rounded once; nil where there is no value.
    var mean: Double? { count == 0 ? nil : sum.value / Double(count) }

    func encode(to writer: inout ByteWriter) {
        writer.write(count)
        writer.write(missing)
        writer.write(minimum)
        writer.write(maximum)
        sum.encode(to: &writer)
        histogram.encode(to: &writer)
    }

    init() {}

    init(from reader: inout ByteReader) throws {
        count = try reader.read()
        missing = try reader.read()
        minimum = try reader.readDouble()
        maximum = try reader.readDouble()
        sum = try ExactSum(from: &reader)
        histogram = try FixedHistogram(from: &reader)
    }
}
