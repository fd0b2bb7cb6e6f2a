import Foundation
import Testing

/// Every `Tests/Scenarios/*.scenario` through the built command line.
@Suite(.serialized) struct ScenarioTests {
    @Test func thereAreScenarios() { #expect(Scenario.all.count >= 22) }

    @Test(arguments: Scenario.all)
    func passes(_ scenario: Scenario) throws {
        guard let failures = try ScenarioRun.run(scenario) else {
            print("\(scenario.name): passed over, this machine lacks what it needs")
            return
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
}
