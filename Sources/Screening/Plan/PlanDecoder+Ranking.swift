import MaterialsCore
import Selection

extension PlanDecoder {
    static func objectives(_ plan: inout Settings) throws -> ([Objective], [Int]) {
        guard let list = plan.list("objectives"), !list.isEmpty else {
            throw Settings.error(plan.line(of: "objectives"), "the plan needs 'objectives': a list such as '- minimize: energy_above_hull'")
        }
        let objectives = try list.map(objective)
        for (i, o) in objectives.enumerated() where objectives[..<i].contains(where: { $0.property == o.property }) {
            throw Settings.error(list[i].line, "'\(o.property)' is an objective twice")
        }
        return (objectives, list.map(\.line))
    }

    private static func objective(_ item: Setting) throws -> Objective {
        var s = try Settings(item, subject: "an objective")
        let (low, high, near) = (try s.text("minimize"), try s.text("maximize"), try s.text("target"))
        let given = [low, high, near].compactMap(\.self)
        guard let property = given.first, given.count == 1 else {
            throw Settings.error(item.line, "an objective needs one of 'minimize', 'maximize' or 'target' and a property")
        }
        let value = try s.number("value")
        guard (near != nil) == (value != nil) else {
            throw Settings.error(
                item.line, near != nil ? "the target '\(property)' needs the 'value' to come close to" : "'value' belongs to 'target'")
        }
        var objective = Objective(property: property, maximize: high != nil, target: value)
        objective.weight = try s.number("weight", default: 1, in: 1e-12...1e12)
        objective.range = try worstAndBest(&s)
        objective.tolerance = try s.number("tolerance", default: 0, in: 0...1e300)
        objective.exponents = try exponents(&s)
        try s.finish()
        return objective
    }

    private static func worstAndBest(_ s: inout Settings) throws -> ClosedRange<Double>? {
        guard let list = s.list("range") else { return nil }
        guard list.count == 2, case .number(let a) = list[0].value, case .number(let b) = list[1].value, a < b else {
            throw Settings.error(s.line(of: "range"), "'range' of an objective must be two numbers, the smaller first, such as [0, 0.1]")
        }
        return a...b
    }

    private static func exponents(_ s: inout Settings) throws -> [Double] {
        try (s.list("exponent") ?? []).map { item in
            guard case .number(let n) = item.value else {
                throw Settings.error(item.line, "'exponent' of an objective must be a number, or two for below and above a target")
            }
            return n
        }
    }
}
