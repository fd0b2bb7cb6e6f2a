import MaterialsCore

/// How a node of an imported tree decides, in one byte.
struct NodeRule: Equatable, Sendable, BitwiseCopyable {
    /// What is asked of a value that is there; members are cut to whole numbers first, whole members are not.
    enum Question: UInt8 {
        case atMost = 0
        case member = 1
        case equal = 2
        case wholeMember = 3
    }
    /// What counts as missing: nothing (NaN is 0), zeros and NaN, NaN.
    enum Missing: UInt8 {
        case nothing = 0
        case zero = 1
        case nan = 2
    }

    var rawValue: UInt8

    init(_ question: Question, missing: Missing, missingLeft: Bool) {
        rawValue = question.rawValue | (missingLeft ? 4 : 0) | missing.rawValue << 3
    }

    init?(rawValue: UInt8) {
        guard rawValue >> 3 < 3 else { return nil }
        self.rawValue = rawValue
    }

    var question: Question { Question(rawValue: rawValue & 3)! }
    var missing: Missing { Missing(rawValue: rawValue >> 3)! }
    var missingLeft: Bool { rawValue & 4 != 0 }
    /// Asks for a set of categories.
    var hasSet: Bool { rawValue & 1 != 0 }
}

/// Trees of another program, in its own arithmetic.
///
///     score_k = start_k ⊕ tree ⊕ tree …, in tree order;   then ÷ divisor, ⊕ finish_k
///
/// Node and leaf numbers count within a tree. A child ≥ 0 is a node, always behind its parent; a child < 0 is leaf `~child`.
struct ImportedTrees: Equatable, Sendable {
    /// What features are rounded to before they are compared, and scores after every addition.
    enum Arithmetic: String { case double, single }

    var arithmetic: Arithmetic
    /// Values of at most 1e-35 count as 0.
    var tinyIsZero = false
    /// Columns of the feature matrix.
    var featureCount: Int
    /// Start of each score: as many as scores.
    var start: [Double]
    /// Added to each score in the end.
    var finish: [Double]
    /// What sums are divided by.
    var divisor = 1.0
    /// Values of a leaf: 1, added to the tree's own score, or one a score.
    var leafWidth = 1
    /// Score that a tree adds to, where leaves have one value.
    var treeOutput: [Int32] = []
    /// Nodes of tree t: `nodeOffset[t]..<nodeOffset[t + 1]`.
    var nodeOffset: [Int] = [0]
    /// Leaves of tree t: `leafOffset[t]..<leafOffset[t + 1]`.
    var leafOffset: [Int] = [0]
    var feature: [Int32] = []
    var threshold: [Double] = []
    var rule: [NodeRule] = []
    var left: [Int32] = []
    var right: [Int32] = []
    /// Set of categories that go left; -1 for a node that compares numbers.
    var categorySet: [Int32] = []
    /// `leafWidth` values a leaf.
    var leafValue: [Double] = []
    /// Words of set s: `setOffset[s]..<setOffset[s + 1]`; bit c of the words is category c.
    var setOffset: [Int] = [0]
    var setWords: [UInt64] = []

    init(arithmetic: Arithmetic, featureCount: Int, outputCount: Int) {
        (self.arithmetic, self.featureCount) = (arithmetic, featureCount)
        start = [Double](repeating: 0, count: outputCount)
        finish = start
    }

    var outputCount: Int { start.count }
    var treeCount: Int { nodeOffset.count - 1 }
    var largestLeafCount: Int { (0..<treeCount).map { leafOffset[$0 + 1] - leafOffset[$0] }.max() ?? 0 }

    /// A value as the other program compares it.
    @inline(__always)
    func compared(_ value: Double) -> Double {
        if arithmetic == .single { return Double(Float(value)) }
        return tinyIsZero && value.magnitude <= Self.tiny ? 0 : value
    }

    /// LightGBM's bound of what is zero: 1e-35 as float32.
    static let tiny = Double(Float(1e-35))

    /// A score as it is kept.
    @inline(__always)
    func rounded(_ value: Double) -> Double { arithmetic == .single ? Double(Float(value)) : value }

    /// Scores of one row: the meaning that faster scorers must match bit for bit.
    func scores(_ row: [Double]) -> [Double] {
        let x = row.map(compared)
        var scores = start
        for tree in 0..<treeCount {
            let leaf = (leafOffset[tree] + leaf(of: x, tree: tree)) * leafWidth
            if leafWidth == 1 {
                let output = Int(treeOutput[tree])
                scores[output] = rounded(scores[output] + leafValue[leaf])
            } else {
                for output in scores.indices { scores[output] = rounded(scores[output] + leafValue[leaf + output]) }
            }
        }
        return finished(scores)
    }

    /// Sums divided and moved.
    func finished(_ sums: [Double]) -> [Double] { zip(sums, finish).map { rounded(rounded($0 / divisor) + $1) } }

    private func leaf(of row: [Double], tree: Int) -> Int {
        let first = nodeOffset[tree]
        guard nodeOffset[tree + 1] > first else { return 0 }
        var next: Int32 = 0
        repeat {
            let node = first + Int(next)
            next = goesLeft(row[Int(feature[node])], node) ? left[node] : right[node]
        } while next >= 0
        return Int(~next)
    }

    private func goesLeft(_ value: Double, _ node: Int) -> Bool {
        let rule = rule[node]
        if rule.hasSet {
            return value.isNaN ? rule.missingLeft : isMember(value, of: Int(categorySet[node]), whole: rule.question == .wholeMember)
        }
        let x = value.isNaN && rule.missing != .nan ? 0 : value
        if rule.missing == .zero && x == 0 || x.isNaN { return rule.missingLeft }
        return rule.question == .atMost ? x <= threshold[node] : x == threshold[node]
    }

    /// Whether a category, cut to a whole number unless it must be `whole`, is in a set; NaN is in none.
    func isMember(_ code: Double, of set: Int, whole: Bool) -> Bool {
        let words = setOffset[set + 1] - setOffset[set]
        guard code > -1, code < Double(words * 64) else { return false }
        let c = Int(code)
        if whole, code < 0 || Double(c) != code { return false }
        return setWords[setOffset[set] + c >> 6] >> UInt64(c & 63) & 1 == 1
    }
}

/// A node of a tree as files list it: children by number in any order, a leaf without children.
struct ListedNode {
    var feature = 0
    var threshold = 0.0
    var rule = NodeRule(.atMost, missing: .nan, missingLeft: false)
    /// Categories that go left, as bits.
    var categories: [UInt64] = []
    /// Children; -1 for none.
    var left = -1
    var right = -1
    /// Values of a leaf.
    var values: [Double] = []
}

extension ImportedTrees {
    /// Adds a tree of listed nodes, numbered anew from the root down.
    /// - Throws: `MatSieveError.input` for what is no tree.
    mutating func append(_ nodes: [ListedNode], root: Int, output: Int, subject: String) throws {
        let firstNode = feature.count
        let firstLeaf = leafValue.count / leafWidth
        // Where the number of a child goes: a node and its side.
        var open: [(listed: Int, parent: Int, isLeft: Bool)] = [(root, -1, false)]
        var seen = [Bool](repeating: false, count: nodes.count)
        while let (listed, parent, isLeft) = open.popLast() {
            guard nodes.indices.contains(listed), !seen[listed] else {
                throw MatSieveError.input("\(subject): a tree's nodes do not form a tree; the file is damaged, write it again")
            }
            seen[listed] = true
            let node = nodes[listed]
            let isLeaf = node.left < 0 && node.right < 0
            let number = isLeaf ? ~Int32(leafValue.count / leafWidth - firstLeaf) : Int32(feature.count - firstNode)
            if parent >= 0 { if isLeft { left[parent] = number } else { right[parent] = number } }
            if isLeaf {
                leafValue += node.values
            } else {
                appendNode(node)
                open.append((node.right, feature.count - 1, false))
                open.append((node.left, feature.count - 1, true))
            }
        }
        nodeOffset.append(feature.count)
        leafOffset.append(leafValue.count / leafWidth)
        treeOutput.append(Int32(output))
    }

    /// Adds a node whose children are filled in later.
    mutating func appendNode(_ node: ListedNode) {
        feature.append(Int32(clamping: node.feature))
        threshold.append(node.threshold)
        rule.append(node.rule)
        left.append(0)
        right.append(0)
        categorySet.append(node.rule.hasSet ? appendSet(node.categories) : -1)
    }

    /// Adds a set of categories.
    mutating func appendSet(_ words: [UInt64]) -> Int32 {
        setWords += words
        setOffset.append(setWords.count)
        return Int32(setOffset.count - 2)
    }
}
