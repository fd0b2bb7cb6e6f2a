/// Fills a short list from the best on: so many lines, so many of one group.
struct GroupTally {
    private let lines: Int
    private let perGroup: Int?
    private var counts: [String: Int] = [:]
    /// Lines taken.
    private(set) var count = 0

    init(lines: Int, perGroup: Int?) { (self.lines, self.perGroup) = (lines, perGroup) }

    /// True where there is no more room for anything.
    var isFull: Bool { count >= lines }

    /// Takes a line of a group if there is room for it.
    mutating func admit(_ group: String) -> Bool {
        if isFull { return false }
        if let perGroup {
            if counts[group, default: 0] >= perGroup { return false }
            counts[group, default: 0] += 1
        }
        count += 1
        return true
    }
}
