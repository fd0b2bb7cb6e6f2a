/// Points in a k-d tree, some of them marked with a rank: finds the highest rank among those that are nowhere greater than a point.
///
/// The shape comes from all points, the bounds only from marked ones. Answers are exact: nothing is computed, only compared.
///
/// - Cost: O(n log n) to build; a search looks into the cells that the border of the orthant below the point cuts.
struct OrthantTree: Sendable {
    private static let leafSize = 8

    private let width: Int
    private let count: Int
    /// The lowest level has 2^depth leaves.
    private let depth: Int
    /// Coordinates in the order of the leaves.
    private var coordinates: [Double]
    /// Rank of each point in the order of the leaves; 0 where it is not marked.
    private var ranks: [Int32]
    /// Place of each given point in the order of the leaves.
    private var places: [Int32]
    /// Number of the point at each place.
    private let order: [Int32]
    /// Node k has the children 2k and 2k + 1; the root is 1. Highest rank marked in it, and corners of the box around what is marked.
    private var highest: [Int32]
    /// How many are marked below each node.
    private var marked: [Int32]
    private var lower: [Double]
    private var upper: [Double]

    /// A tree of points of `stride` coordinates that lie one after the other, of which the last `width` count; none is marked.
    init(_ points: [Double], stride: Int, width: Int) {
        let count = points.count / stride
        var depth = 0
        while (count >> depth) > Self.leafSize { depth += 1 }
        (self.width, self.count, self.depth) = (width, count, depth)
        var sorter = MedianSorter(points, stride: stride, width: width)
        sorter.sort(count: count, depth: depth)
        coordinates = []
        coordinates.reserveCapacity(count * width)
        places = [Int32](repeating: 0, count: count)
        for (place, point) in sorter.order.enumerated() {
            let end = (Int(point) + 1) * stride
            coordinates += points[end - width..<end]
            places[Int(point)] = Int32(place)
        }
        order = sorter.order
        ranks = [Int32](repeating: 0, count: count)
        highest = [Int32](repeating: 0, count: 2 << depth)
        marked = highest
        lower = [Double](repeating: .infinity, count: (2 << depth) * width)
        upper = [Double](repeating: -.infinity, count: (2 << depth) * width)
    }

    /// Marks a point that is not marked yet, by its number among those given.
    mutating func mark(_ point: Int, rank: Int) {
        let place = Int(places[point])
        ranks[place] = Int32(rank)
        var node = leaf(of: place)
        while node > 0 {
            highest[node] = max(highest[node], Int32(rank))
            marked[node] += 1
            for k in 0..<width {
                let x = coordinates[place * width + k]
                if x < lower[node * width + k] { lower[node * width + k] = x }
                if x > upper[node * width + k] { upper[node * width + k] = x }
            }
            node >>= 1
        }
    }

    /// Highest rank among the marked that are nowhere greater than the point that starts at `start`; 0 where there is none.
    func highestRank(below points: Span<Double>, at start: Int) -> Int {
        var found = Found(isStrict: false)
        search(1, points, start, &found)
        return Int(found.rank)
    }

    /// Coordinates of a marked point that is nowhere greater than the point that starts at `start`, and somewhere less.
    func dominator(of points: Span<Double>, at start: Int) -> ArraySlice<Double>? {
        var found = Found(isStrict: true)
        search(1, points, start, &found)
        return found.place < 0 ? nil : coordinates[found.place * width..<(found.place + 1) * width]
    }

    private struct Found {
        /// True: a point that is equal everywhere does not count, and any one will do.
        let isStrict: Bool
        var rank: Int32 = 0
        var place = -1
    }

    private func search(_ node: Int, _ points: Span<Double>, _ start: Int, _ found: inout Found) {
        if highest[node] <= found.rank || !isNowhereGreater(lower.span, node, points, start) { return }
        if node >= (1 << depth) { return searchLeaf(node, points, start, &found) }
        // All of it lies below the point, so its highest rank counts.
        if !found.isStrict, isNowhereGreater(upper.span, node, points, start) {
            found.rank = highest[node]
            return
        }
        let (a, b) = (2 * node, 2 * node + 1)
        let isSecondFirst = highest[b] > highest[a]
        search(isSecondFirst ? b : a, points, start, &found)
        search(isSecondFirst ? a : b, points, start, &found)
    }

    private func searchLeaf(_ node: Int, _ points: Span<Double>, _ start: Int, _ found: inout Found) {
        let number = node - (1 << depth)
        for place in MedianSorter.start(number, count, depth)..<MedianSorter.start(number + 1, count, depth)
        where ranks[place] > found.rank && isNowhereGreater(coordinates.span, place, points, start) {
            if found.isStrict, isEqual(place, points, start) { continue }
            (found.rank, found.place) = (ranks[place], place)
        }
    }

    /// How many marked points are nowhere greater than the point that starts at `start`; counts to `limit` or a little further.
    func count(below points: Span<Double>, at start: Int, limit: Int) -> Int {
        var found = 0
        count(1, points, start, limit, &found)
        return found
    }

    private func count(_ node: Int, _ points: Span<Double>, _ start: Int, _ limit: Int, _ found: inout Int) {
        if marked[node] == 0 || found >= limit || !isNowhereGreater(lower.span, node, points, start) { return }
        if isNowhereGreater(upper.span, node, points, start) {
            found += Int(marked[node])
            return
        }
        if node < (1 << depth) {
            count(2 * node, points, start, limit, &found)
            count(2 * node + 1, points, start, limit, &found)
            return
        }
        for place in places(of: node) where ranks[place] > 0 && isNowhereGreater(coordinates.span, place, points, start) { found += 1 }
    }

    /// Appends the numbers of all marked points that are nowhere greater than the point that starts at `start`.
    func appendAll(below points: Span<Double>, at start: Int, to found: inout [Int], node: Int = 1) {
        if marked[node] == 0 || !isNowhereGreater(lower.span, node, points, start) { return }
        if node < (1 << depth) {
            appendAll(below: points, at: start, to: &found, node: 2 * node)
            appendAll(below: points, at: start, to: &found, node: 2 * node + 1)
            return
        }
        for place in places(of: node) where ranks[place] > 0 && isNowhereGreater(coordinates.span, place, points, start) {
            found.append(Int(order[place]))
        }
    }

    /// Places in the leaves below a node.
    private func places(of node: Int) -> Range<Int> {
        let level = Int.bitWidth - 1 - node.leadingZeroBitCount
        let first = (node - (1 << level)) << (depth - level)
        return MedianSorter.start(first, count, depth)..<MedianSorter.start(first + (1 << (depth - level)), count, depth)
    }

    private func leaf(of place: Int) -> Int {
        // The last leaf that starts at or before it.
        var number = count == 0 ? 0 : min((place << depth) / count, (1 << depth) - 1)
        while number + 1 < (1 << depth), MedianSorter.start(number + 1, count, depth) <= place { number += 1 }
        while MedianSorter.start(number, count, depth) > place { number -= 1 }
        return (1 << depth) + number
    }

    @inline(__always)
    private func isNowhereGreater(_ corners: Span<Double>, _ i: Int, _ points: Span<Double>, _ start: Int) -> Bool {
        for k in 0..<width where corners[i * width + k] > points[start + k] { return false }
        return true
    }

    private func isEqual(_ place: Int, _ points: Span<Double>, _ start: Int) -> Bool {
        for k in 0..<width where coordinates[place * width + k] != points[start + k] { return false }
        return true
    }
}

/// Brings points into the order of a balanced k-d tree's leaves: halves at the median, one coordinate after the other.
private struct MedianSorter {
    private(set) var order: [Int32]
    private let points: [Double]
    private let stride: Int
    private let width: Int

    init(_ points: [Double], stride: Int, width: Int) {
        (self.points, self.stride, self.width) = (points, stride, width)
        order = (0..<Int32(points.count / stride)).map(\.self)
    }

    /// Where leaf `number` of 2^depth starts.
    static func start(_ number: Int, _ count: Int, _ depth: Int) -> Int { (number * count) >> depth }

    mutating func sort(count: Int, depth: Int) {
        for level in 0..<depth {
            let step = 1 << (depth - level)
            for node in 0..<(1 << level) {
                let first = Self.start(node * step, count, depth)
                let middle = Self.start(node * step + step / 2, count, depth)
                select(middle, first, Self.start((node + 1) * step, count, depth) - 1, axis: stride - width + level % width)
            }
        }
    }

    /// Puts at `middle` what would stand there if `first...last` were sorted; nothing before it is greater, nothing after it less.
    private mutating func select(_ middle: Int, _ first: Int, _ last: Int, axis: Int) {
        var (first, last) = (first, last)
        while first < last {
            let pivot = points[Int(order[(first + last) / 2]) * stride + axis]
            var (i, j) = (first, last)
            while i <= j {
                while points[Int(order[i]) * stride + axis] < pivot { i += 1 }
                while points[Int(order[j]) * stride + axis] > pivot { j -= 1 }
                if i <= j {
                    order.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if middle <= j { last = j } else if middle >= i { first = i } else { return }
        }
    }
}
