import MaterialsCore

/// Walks all ways through a tree and keeps the weights of feature subsets of every size along each.
///
/// A way is a list of the features met, each with the share of training rows that took it (`zero`) and whether the row at hand
/// does (`one`); `weight[i]` is the weight of the subsets of size i.
final class TreeShapWalk {
    private struct Step: BitwiseCopyable {
        var feature: Int32
        var zero: Double
        var one: Double
        var weight: Double
    }

    private let ensemble: TreeEnsemble
    private let steps: SharedBuffer<Step>
    private var firstNode = 0
    private var firstLeaf = 0

    init(_ ensemble: TreeEnsemble, deepest: Int) {
        self.ensemble = ensemble
        let length = deepest + 2
        steps = SharedBuffer(count: length * (length + 1), repeating: Step(feature: -1, zero: 0, one: 0, weight: 0))
    }

    /// Adds the contributions of one tree to a row: outputs × features.
    func run(_ tree: CoveredTree, _ row: Span<Double>, into sums: UnsafeMutablePointer<Double>) {
        (firstNode, firstLeaf) = (ensemble.nodeOffset[tree.tree], ensemble.leafOffset[tree.tree])
        guard tree.depth > 0 else { return }
        let root = Step(feature: -1, zero: 1, one: 1, weight: 0)
        visit(0, tree, row, way: steps.pointer, length: 0, adding: root, sums)
    }

    private func visit(
        _ child: Int32, _ tree: CoveredTree, _ row: Span<Double>, way parent: UnsafeMutablePointer<Step>, length parentLength: Int,
        adding step: Step, _ sums: UnsafeMutablePointer<Double>
    ) {
        // Ways of a share that neither training rows nor this row took weigh nothing.
        if step.zero == 0 && step.one == 0 { return }
        let way = parent + parentLength
        way.update(from: parent, count: parentLength)
        var length = extend(way, parentLength, step)
        guard child >= 0 else { return addLeaf(Int(~child), way, length, sums) }
        let n = firstNode + Int(child)
        let feature = ensemble.feature[n]
        let isLeft = ensemble.goesLeft(row[Int(feature)], node: n)
        var incoming = (zero: 1.0, one: 1.0)
        if let met = (1..<length).first(where: { way[$0].feature == feature }) {
            incoming = (way[met].zero, way[met].one)
            length = unwind(way, length, met)
        }
        for (next, share, isTaken) in [
            (ensemble.left[n], tree.leftShare[Int(child)], isLeft), (ensemble.right[n], tree.rightShare[Int(child)], !isLeft),
        ] {
            let step = Step(feature: feature, zero: incoming.zero * share, one: isTaken ? incoming.one : 0, weight: 0)
            visit(next, tree, row, way: way, length: length, adding: step, sums)
        }
    }

    /// Adds a step to the subsets and returns the new length.
    private func extend(_ way: UnsafeMutablePointer<Step>, _ length: Int, _ step: Step) -> Int {
        way[length] = step
        way[length].weight = length == 0 ? 1 : 0
        let whole = Double(length + 1)
        for i in stride(from: length - 1, through: 0, by: -1) {
            way[i + 1].weight += step.one * way[i].weight * Double(i + 1) / whole
            way[i].weight = step.zero * way[i].weight * Double(length - i) / whole
        }
        return length + 1
    }

    /// Takes a step out again and returns the new length.
    private func unwind(_ way: UnsafeMutablePointer<Step>, _ length: Int, _ index: Int) -> Int {
        let last = length - 1
        let (zero, one) = (way[index].zero, way[index].one)
        var next = way[last].weight
        for i in stride(from: last - 1, through: 0, by: -1) {
            if one != 0 {
                let old = way[i].weight
                way[i].weight = next * Double(length) / (Double(i + 1) * one)
                next = old - way[i].weight * zero * Double(last - i) / Double(length)
            } else {
                way[i].weight = way[i].weight * Double(length) / (zero * Double(last - i))
            }
        }
        for i in index..<last { (way[i].feature, way[i].zero, way[i].one) = (way[i + 1].feature, way[i + 1].zero, way[i + 1].one) }
        return last
    }

    /// Sum of the weights that `unwind` would leave.
    private func unwoundSum(_ way: UnsafeMutablePointer<Step>, _ length: Int, _ index: Int) -> Double {
        let last = length - 1
        let (zero, one) = (way[index].zero, way[index].one)
        var (next, total) = (way[last].weight, 0.0)
        for i in stride(from: last - 1, through: 0, by: -1) {
            if one != 0 {
                let weight = next / (Double(i + 1) * one)
                total += weight
                next = way[i].weight - weight * zero * Double(last - i)
            } else {
                total += way[i].weight / (zero * Double(last - i))
            }
        }
        return total * Double(length)
    }

    private func addLeaf(_ leaf: Int, _ way: UnsafeMutablePointer<Step>, _ length: Int, _ sums: UnsafeMutablePointer<Double>) {
        let outputs = ensemble.outputCount
        let first = (firstLeaf + leaf) * outputs
        for index in 1..<length {
            let weight = unwoundSum(way, length, index) * (way[index].one - way[index].zero)
            for output in 0..<outputs {
                sums[output * ensemble.featureCount + Int(way[index].feature)] += weight * ensemble.leafValue[first + output]
            }
        }
    }
}
