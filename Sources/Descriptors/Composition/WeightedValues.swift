import MaterialsCore

/// Values with weights of any scale and the statistics that composition features take of them; NaN spreads.
struct WeightedValues {
    private(set) var values: [Double] = []
    private(set) var weights: [Double] = []

    /// Room for as many values.
    init(capacity: Int) {
        values.reserveCapacity(capacity)
        weights.reserveCapacity(capacity)
    }

    mutating func append(_ value: Double, weight: Double) {
        values.append(value)
        weights.append(weight)
    }

    var minimum: Double { extreme { $0 < $1 } }
    var maximum: Double { extreme { $0 > $1 } }
    var range: Double { maximum - minimum }

    /// Σ w v / Σ w.
    var mean: Double { weightedMean { $0 } }

    /// Σ w |v| / Σ w.
    var meanMagnitude: Double { weightedMean { abs($0) } }

    /// `sqrt(Σ w (v − mean)² / (S − Σ w² / S))` with S = Σ w: the sample deviation for equal weights, 0 for one value.
    var standardDeviation: Double {
        if values.count == 1 { return 0 }
        let mean = mean
        var (sum, squares, deviation) = (0.0, 0.0, 0.0)
        for i in values.indices {
            sum += weights[i]
            squares += weights[i] * weights[i]
            deviation += weights[i] * ((values[i] - mean) * (values[i] - mean))
        }
        return (sum / (sum * sum - squares) * deviation).squareRoot()
    }

    /// `sqrt` of the weighted mean of (1 − v / mean)²; 0 for one value.
    var relativeDeviation: Double {
        if values.count == 1 { return 0 }
        let mean = mean
        return weightedMean { (1 - $0 / mean) * (1 - $0 / mean) }.squareRoot()
    }

    /// Σ over pairs of w w' |v − v'|, for weights that sum to 1.
    var localMismatch: Double {
        var sum = 0.0
        for i in values.indices {
            for j in values.indices where j > i { sum += weights[i] * weights[j] * abs(values[i] - values[j]) }
        }
        return sum
    }

    @inline(__always)
    private func weightedMean(_ term: (Double) -> Double) -> Double {
        var (sum, total) = (0.0, 0.0)
        for i in values.indices {
            sum += weights[i] * term(values[i])
            total += weights[i]
        }
        return sum / total
    }

    @inline(__always)
    private func extreme(_ isBetter: (Double, Double) -> Bool) -> Double {
        var best = values[0]
        for v in values {
            if v.isNaN { return v }
            if isBetter(v, best) { best = v }
        }
        return best
    }
}

extension Span<Double> {
    /// Sum in order.
    var sum: Double {
        var total = 0.0
        for i in indices { total += self[i] }
        return total
    }
}

/// Refuses a composition without elements, or with one beyond `last`.
func requireElements(_ atomicNumbers: Span<UInt8>, of descriptor: String, last: Int = 118) throws(CandidateDefect) {
    if atomicNumbers.isEmpty { throw CandidateDefect.emptyComposition }
    for i in atomicNumbers.indices where !(1...last).contains(Int(atomicNumbers[i])) {
        throw CandidateDefect.unsupportedElement(atomicNumbers[i], descriptor: descriptor, last: last)
    }
}

/// The last element that Magpie's tables and the others that go with them have.
let lastTabulatedElement = 112
