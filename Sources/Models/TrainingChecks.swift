import MaterialsCore

extension TrainingData {
    /// Refuses what no model can learn from: no rows, no features, targets that are not numbers or not two classes.
    func check(for model: String) throws {
        guard features.rows > 0 else { throw MatSieveError.input("\(model): no rows to learn from; check filters and targets") }
        guard features.columns > 0 else { throw MatSieveError.input("\(model): no features to learn from; name at least one descriptor") }
        if let row = targets.firstIndex(where: { !$0.isFinite }) {
            throw MatSieveError.input(
                "\(model): the target of training row \(row + 1) is \(targets[row]); remove rows without a finite target")
        }
        if task == .classification { try checkClasses(for: model) }
    }

    private func checkClasses(for model: String) throws {
        if let row = targets.firstIndex(where: { $0 != 0 && $0 != 1 }) {
            throw MatSieveError.input("\(model): the target of training row \(row + 1) is \(targets[row]); classes are 0 and 1")
        }
        let ones = targets.count { $0 == 1 }
        guard ones > 0, ones < targets.count else {
            throw MatSieveError.input(
                "\(model): all \(targets.count) training rows are of class \(ones > 0 ? 1 : 0); two classes are needed")
        }
    }
}
