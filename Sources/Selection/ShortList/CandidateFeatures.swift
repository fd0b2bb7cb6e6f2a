import MaterialsCore

/// Where the candidates of a short list stand in a space in which their differences are measured.
enum CandidateFeatures {
    /// Fractions of the elements that occur, rows one after the other.
    static func elementFractions(_ candidates: [KeptCandidate]) -> (values: [Double], columns: Int) {
        let elements = Array(Set(candidates.flatMap(\.composition.atomicNumbers))).sorted()
        var values: [Double] = []
        for c in candidates {
            let total = c.composition.atomCount
            var row = [Double](repeating: 0, count: elements.count)
            for (z, amount) in zip(c.composition.atomicNumbers, c.composition.amounts) { row[elements.firstIndex(of: z)!] = amount / total }
            values += row
        }
        return (values, elements.count)
    }

    /// Properties as multiples of their standard deviation from their mean over the candidates; a missing one counts as the mean.
    static func properties(_ candidates: [KeptCandidate], at places: [Int]) -> (values: [Double], columns: Int) {
        var values = [Double](repeating: 0, count: candidates.count * places.count)
        for (k, place) in places.enumerated() {
            let column = candidates.map { $0.values[place] }
            let present = column.filter(\.isFinite)
            if present.isEmpty { continue }
            let mean = present.reduce(0, +) / Double(present.count)
            let variance = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(present.count)
            guard variance > 0, variance.isFinite else { continue }
            for (i, x) in column.enumerated() where x.isFinite { values[i * places.count + k] = (x - mean) / variance.squareRoot() }
        }
        return (values, places.count)
    }
}
