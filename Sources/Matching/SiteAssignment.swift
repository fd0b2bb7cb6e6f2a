/// The cheapest one-to-one assignment of rows to columns.
///
/// - Input:  `size × size` costs, row-major; infinity forbids a pair
/// - Output: the column of each row, or nil where every assignment needs a forbidden pair
/// - Cost:   O(size³)
/// - Source: H. W. Kuhn, Naval Res. Logist. Q. 2, 83 (1955), by shortest augmenting paths; R. Jonker, A. Volgenant, Computing 38, 325
///   (1987), doi:10.1007/BF02278710
func cheapestAssignment(_ costs: [Double], size n: Int) -> [Int]? {
    var (rowPrices, columnPrices) = ([Double](repeating: 0, count: n + 1), [Double](repeating: 0, count: n + 1))
    // Row of each column, from 1; column 0 holds the row in hand.
    var rowOfColumn = [Int](repeating: 0, count: n + 1)
    var way = [Int](repeating: 0, count: n + 1)
    for row in 1...max(n, 1) where n > 0 {
        rowOfColumn[0] = row
        var column = 0
        var shortest = [Double](repeating: .infinity, count: n + 1)
        var isUsed = [Bool](repeating: false, count: n + 1)
        repeat {
            isUsed[column] = true
            let i = rowOfColumn[column]
            var (delta, next) = (Double.infinity, 0)
            for j in 1...n where !isUsed[j] {
                let reduced = costs[(i - 1) * n + j - 1] - rowPrices[i] - columnPrices[j]
                if reduced < shortest[j] { (shortest[j], way[j]) = (reduced, column) }
                if shortest[j] < delta { (delta, next) = (shortest[j], j) }
            }
            guard delta < .infinity else { return nil }
            for j in 0...n {
                if isUsed[j] {
                    rowPrices[rowOfColumn[j]] += delta
                    columnPrices[j] -= delta
                } else {
                    shortest[j] -= delta
                }
            }
            column = next
        } while rowOfColumn[column] != 0
        repeat {
            let previous = way[column]
            rowOfColumn[column] = rowOfColumn[previous]
            column = previous
        } while column != 0
    }
    var columnOfRow = [Int](repeating: 0, count: n)
    for j in 1...max(n, 1) where n > 0 { columnOfRow[rowOfColumn[j] - 1] = j - 1 }
    return columnOfRow
}
