import MaterialsCore

extension TrainingData {
    /// Squares and their sums stay finite.
    private static let largestTarget = 1e150

    /// Refuses what no model can learn from: no rows, no features, targets that are not numbers or classes, weights that weigh nothing.
    func check(for model: String) throws {
        guard features.rows > 0 else { throw MatSieveError.input("\(model): no rows to learn from; check filters and targets") }
        guard features.columns > 0 else { throw MatSieveError.input("\(model): no features to learn from; name at least one descriptor") }
        if let row = targets.firstIndex(where: { !$0.isFinite }) {
            throw MatSieveError.input(
                "\(model): the target of training row \(row + 1) is \(targets[row]); remove rows without a finite target")
        }
        if let row = targets.firstIndex(where: { $0.magnitude > Self.largestTarget }) {
            throw MatSieveError.input(
                "\(model): the target of training row \(row + 1) is \(targets[row]), too large to be squared; rescale the targets")
        }
        if let row = weights?.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw MatSieveError.input("\(model): the weight of training row \(row + 1) is \(weights![row]); weights are positive numbers")
        }
        if task == .classification { try checkClasses(for: model) }
    }

    private func checkClasses(for model: String) throws {
        let codes = 0..<Double(classCount)
        if let row = targets.firstIndex(where: { !codes.contains($0) || $0 != $0.rounded(.towardZero) }) {
            throw MatSieveError.input(
                "\(model): the target of training row \(row + 1) is \(targets[row]); classes are \(classCount == 2 ? "0 and 1" : "0 to \(classCount - 1)")"
            )
        }
        guard targets.contains(where: { $0 != targets[0] }) else {
            throw MatSieveError.input(
                "\(model): all \(targets.count) training rows are of class \(Int(targets[0])); two classes are needed")
        }
    }
}
