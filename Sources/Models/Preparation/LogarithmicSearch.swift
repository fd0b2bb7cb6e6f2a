import MaterialsCore

/// The positive number that minimises a criterion: a logarithmic grid, then three finer ones around the best point.
///
/// - Parameters:
///   - range: ends of the grid, both positive
///   - points: of the first grid
///   - criterion: NaN and infinity count as worst; of equal points the larger one wins
func logarithmicSearch(in range: ClosedRange<Double>, points: Int, refinements: Int = 3, _ criterion: (Double) throws -> Double) rethrows
    -> Double
{
    var (low, high) = (PortableMath.log(range.lowerBound), PortableMath.log(range.upperBound))
    var best = (value: Double.infinity, logarithm: high)
    for round in 0...refinements {
        let count = round == 0 ? points : 9
        let step = (high - low) / Double(count - 1)
        for i in (0..<count).reversed() {
            let logarithm = low + Double(i) * step
            let value = try criterion(PortableMath.exp(logarithm))
            if value < best.value { best = (value, logarithm) }
        }
        (low, high) = (max(low, best.logarithm - step), min(high, best.logarithm + step))
    }
    return PortableMath.exp(best.logarithm)
}
