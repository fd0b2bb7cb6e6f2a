import Foundation
import MaterialsCore
import Selection
import Testing

@testable import Screening

/// `list KIND NAME` for everything that is registered.
@Suite struct SettingsListingTests {
    private static let kinds: [(what: String, names: [String])] = [
        ("acquisitions", AcquisitionRegistry.entries.map(\.name)), ("filters", FilterRegistry.entries.map(\.name)),
        ("properties", PropertyKindRegistry.entries.map(\.name)), ("rankings", RankingRegistry.entries.map(\.name)),
        ("sources", CandidateSourceRegistry.entries.map(\.name)), ("formats", ["candidate-store", "csv", "poscar"]),
    ]

    @Test func everyPartTellsItsSettings() throws {
        for (what, names) in Self.kinds {
            for name in names {
                let text = try RegistryListing.describe(what, name: name, json: false)
                #expect(text.hasPrefix(name) && !text.contains("more may follow"), "\(what) \(text)")
                let json = try JSONSerialization.jsonObject(with: Data(RegistryListing.describe(what, name: name, json: true).utf8))
                #expect((json as? [[String: Any]])?.isEmpty == text.contains("has no settings"), "\(what) \(name)")
            }
            #expect(throws: MatSieveError.self) { try RegistryListing.describe(what, name: "nothing", json: false) }
        }
    }

    @Test func rankingsListTheirOwnAndCommonSettings() throws {
        let pareto = try RegistryListing.describe("rankings", name: "pareto", json: false)
        for key in ["fronts", "max_front", "keep", "uncertainty", "per", "quality"] { #expect(pareto.contains("\n  \(key) "), "\(pareto)") }
        #expect(pareto.contains("whole number from 1 to 50") && pareto.contains("in at_most"))
        #expect(try RegistryListing.describe("rankings", name: "weighted-sum", json: false).contains("clamp"))
        let json = try RegistryListing.describe("rankings", name: "hypervolume-contribution", json: true)
        #expect(json.contains(#""key":"reference""#))
    }

    @Test func nestedSettingsAreListedWithAnExample() throws {
        let substitute = try RegistryListing.describe("sources", name: "substitute", json: false)
        for key in ["columns", "prototypes", "sites", "most_sites", "symprec"] {
            #expect(substitute.contains("\n  \(key) "), "\(substitute)")
        }
        #expect(substitute.contains("example: - substitute: {prototypes:"))
        #expect(try RegistryListing.describe("properties", name: "smact_validity", json: false).contains("use_pauling_test"))
        #expect(try RegistryListing.describe("acquisitions", name: "ucb", json: false).contains("kappa"))
        let error = #expect(throws: MatSieveError.self) { try RegistryListing.describe("rankings", name: "paretto", json: false) }
        #expect(error?.message.contains("did you mean 'pareto'?") == true)
    }
}
