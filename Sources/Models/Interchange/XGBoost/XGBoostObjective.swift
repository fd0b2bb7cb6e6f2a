import MaterialsCore

/// What XGBoost trained for, and so what its output is.
struct XGBoostObjective {
    let name: String
    let task: LearningTask
    /// 0 in a regression.
    let classCount: Int
    let transform: OutputTransform

    init(_ place: DocumentPlace, classes: Int) throws {
        name = try place.required("name").text()
        switch name {
        case "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:quantileerror",
            "rank:pairwise", "rank:ndcg", "rank:map":
            (task, classCount, transform) = (.regression, 0, .identity)
        case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft":
            (task, classCount, transform) = (.regression, 0, .exponential)
        case "reg:logistic": (task, classCount, transform) = (.regression, 0, .logistic)
        case "binary:logistic", "binary:logitraw": (task, classCount, transform) = (.classification, 2, .logistic)
        case "binary:hinge": (task, classCount, transform) = (.classification, 2, .step)
        case "multi:softprob", "multi:softmax": (task, classCount, transform) = (.classification, classes, .softmax)
        default: throw MatSieveError.input("\(place.fileName): objective '\(name)' of XGBoost is not supported")
        }
        guard task == .regression ? classes <= 1 : classes <= 1 || classes == classCount else {
            throw MatSieveError.input("\(place.fileName): \(classes) classes do not fit objective '\(name)'")
        }
    }

    /// The score that gives an output, as float32.
    func margin(_ output: Float) -> Float {
        switch name {
        case "reg:logistic", "binary:logistic": return -Float(PortableMath.log(Double(1 / output - 1)))
        case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft": return Float(PortableMath.log(Double(output)))
        default: return output
        }
    }
}
