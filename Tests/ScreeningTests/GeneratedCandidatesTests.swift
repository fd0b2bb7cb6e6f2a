import Foundation
import MaterialsCore
import Testing

@testable import Screening

/// Enumerations, substitutions and known materials in plans: runs of their own in a temporary folder.
@Suite struct GeneratedCandidatesTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    private func plan(_ candidates: String, _ rest: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/p.yaml"
        let text = "candidates:\n\(candidates)\n\(rest)\nranking: {method: weighted-sum, keep: 50}\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func run(_ path: String, _ output: String, shard: Shard? = nil, threads: Int = 2) throws -> ScreeningRun.Outcome {
        var options = RunOptions(planPath: path, output: folder + "/" + output)
        (options.shard, options.threads) = (shard, threads)
        return try ScreeningRun(options: options).execute()
    }

    private func text(_ file: String) throws -> String { try String(contentsOfFile: folder + "/" + file, encoding: .utf8) }

    private static let mean = "{descriptor: magpie, feature: MagpieData mean Number}"

    @Test func shardsOfAnEnumerationAreTheWhole() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try plan(
            "  - enumerate: {elements: [Cu, Zn, Sn, S], components: 2-4, max_coefficient: 8}\n    columns: [oxidation_states]",
            "properties: {weight: \(Self.mean)}\nobjectives: [{minimize: weight}]")
        let whole = try run(path, "whole")
        #expect(whole.read > 2_499)
        #expect(try text("whole/ranking.csv").hasPrefix("rank,id,formula,score,weight,oxidation_states\n1,"))
        for i in 1...3 { _ = try run(path, "part\(i)", shard: Shard(number: i, count: 3), threads: i) }
        let merged = try ShardMerge.merge((1...3).map { folder + "/part\($0)" }, output: folder + "/merged")
        #expect(merged.read == whole.read)
        for file in ["ranking.csv", "rejections.csv"] { #expect(try text("merged/" + file) == text("whole/" + file)) }
    }

    @Test func knownCompositionsAreToldApart() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try plan(
            "  - enumerate: {elements: [Na, K, Cl], components: 2}",
            "properties:\n  weight: \(Self.mean)\n  old: {known_materials: known.csv, by: composition}\n"
                + "filters: [old == 0]\nobjectives: [{minimize: weight}]")
        try "formula\nNa2Cl2\nFeO\n".write(toFile: folder + "/known.csv", atomically: true, encoding: .utf8)
        let outcome = try run(path, "out")
        #expect(outcome.read == 2 && outcome.kept == 1)
        #expect(try text("out/ranking.csv").contains(",KCl,"))
        #expect(try text("out/manifest.json").contains("known materials of old"))
    }

    @Test func substitutionsAndKnownStructures() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try plan(
            "  - substitute: {prototypes: POSCAR, replace: {Sr: [Ba, Ca]}, volume: rescale}\n    columns: [replaced]",
            "properties:\n  weight: \(Self.mean)\n  old: {known_materials: known.poscar, by: structure}\n"
                + "filters: [volume_ratio > 0]\nobjectives: [{minimize: weight}]")
        func perovskite(_ a: String, _ edge: String) -> String {
            "\(a)TiO3\n\(edge)\n1 0 0\n0 1 0\n0 0 1\n\(a) Ti O\n1 1 3\nDirect\n0 0 0\n.5 .5 .5\n.5 .5 0\n.5 0 .5\n0 .5 .5\n"
        }
        try perovskite("Sr", "3.905").write(toFile: folder + "/POSCAR", atomically: true, encoding: .utf8)
        try perovskite("Ba", "4.01").write(toFile: folder + "/known.poscar", atomically: true, encoding: .utf8)
        let outcome = try run(path, "out")
        #expect(outcome.read == 2 && outcome.kept == 2)
        let lines = try text("out/ranking.csv").split(separator: "\n")
        #expect(lines[0] == "rank,id,formula,score,volume_ratio,weight,old,replaced")
        #expect(lines[1].contains("CaTiO3") && lines[1].hasSuffix(",0,Sr2+=Ca2+"))
        #expect(lines[2].contains("BaTiO3") && lines[2].hasSuffix(",1,Sr2+=Ba2+"))
    }

    @Test func sitesAreThoseOfTheSpaceGroup() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try plan(
            "  - substitute: {prototypes: POSCAR, replace: {O: [S]}, sites: inequivalent}\n    columns: [replaced]",
            "properties: {weight: \(Self.mean)}\nobjectives: [{minimize: weight}]")
        // V2O5, Pmmn: the oxygen of the vanadyl and of the chains on sites of one name (4e), the bridge on 2a.
        func orbit(_ x: Double, _ z: Double) -> [String] {
            [(x, 0.25, z), (0.5 - x, 0.25, z), (-x, 0.75, -z), (0.5 + x, 0.75, -z)].map { "\($0.0) \($0.1) \($0.2)" }
        }
        let atoms = orbit(0.1012, -0.1083) + orbit(0.1043, -0.469) + orbit(-0.0689, 0.003) + ["0.25 0.25 0.001", "0.75 0.75 -0.001"]
        let lattice = "11.512 0 0\n0 3.564 0\n0 0 4.368"
        try "V2O5\n1\n\(lattice)\nV O\n4 10\nDirect\n\(atoms.joined(separator: "\n"))\n"
            .write(toFile: folder + "/POSCAR", atomically: true, encoding: .utf8)
        #expect(try run(path, "out").read == 7)
        let replaced = try text("out/ranking.csv").split(separator: "\n").dropFirst().map { $0.split(separator: ",").last! }
        #expect(
            Set(replaced).count == 7 && replaced.contains("O2-(2a)=S2-") && replaced.contains("O2-(4e.1)=S2- O2-(4e.2)=S2- O2-(2a)=S2-"))
    }

    @Test(arguments: [
        ("enumerate: {elements: all, components: 2-6}", "line 2: enumerate: "),
        ("enumerate: {elements: all, components: 2-6}", "Narrow it"),
        ("enumerate: {elements: [Fe, O], component: 2}", "unknown key 'component' in 'enumerate'; did you mean 'components'?"),
        ("substitute: {replace: {Pb: [Sn]}}", "needs 'prototypes'"), ("substitute: {prototypes: a.cif}", "needs one of 'replace'"),
        ("substitute: {prototypes: a.cif, replace: {Pb2+: [Sn4+]}}", "an ion of another charge, Sn4+"),
        ("substitute: {prototypes: a.cif, similar: {radius: 2}}", "'radius'"),
        ("substitute: {prototypes: a.cif, replace: {Pb: [Sn]}, same_charge: false}", "volume: keep"),
        ("substitute: {prototypes: a.cif, replace: {Pb: [Sn]}, sites: some}", "'some' is not a sites"),
        ("substitute: {prototypes: a.cif, replace: {Pb: [Sn]}, most_sites: 2}", "goes with sites: inequivalent"),
    ])
    func misuseIsNamed(source: String, reason: String) {
        let error = #expect(throws: MatSieveError.self) {
            try ScreeningPlan(text: "candidates:\n  - \(source)\nobjectives: [{minimize: x}]", path: "p.yaml")
        }
        #expect(error?.kind == .usage && error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func theDryRunSaysHowMany() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try plan(
            "  - enumerate: {elements: [Cu, Zn, Sn, S], components: 4}", "properties: {w: \(Self.mean)}\nobjectives: [{minimize: w}]")
        var options = RunOptions(planPath: path, output: folder + "/none")
        options.dryRun = true
        let outcome = try ScreeningRun(options: options).execute()
        #expect(outcome.notes.first == "candidates: 1,179,648 stoichiometries of S-Cu-Zn-Sn")
    }
}
