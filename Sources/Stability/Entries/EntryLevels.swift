import MaterialsCore

/// How the energy of an entry was calculated: what has to agree before two energies may be compared.
public struct EntryLevel: Hashable, Sendable {
    /// As the entry says it: `GGA`, `GGA+U`, `R2SCAN`; empty where it says nothing.
    public var runType: String
    /// Names of the schemes that its corrections come from.
    public var schemes: [String]
    /// True where its energy was corrected.
    public var isCorrected: Bool

    /// The level of an entry.
    public init(runType: String, schemes: [String] = [], isCorrected: Bool = false) {
        (self.runType, self.schemes, self.isCorrected) = (runType, schemes, isCorrected)
    }

    /// The functional without U; PBE and GGA are one.
    var functional: String {
        var name = runType.uppercased()
        for ending in ["+U", "_U", "-U"] where name.hasSuffix(ending) { name.removeLast(2) }
        return ["PBE", "GGA_PBE", "GGA-PBE"].contains(name) ? "GGA" : name
    }

    var hasHubbardU: Bool { runType.uppercased() != functional && ["+U", "_U", "-U"].contains { runType.uppercased().hasSuffix($0) } }
}

/// Checks that energies may stand beside each other.
///
/// Entries with and without U are compared where corrections bring them to one scale, as the Materials Project does; that is said.
/// Different functionals are compared only where a scheme for that made their corrections (`MaterialsProjectDFTMixingScheme`).
///
/// - Parameter allowsMixing: says what would be refused
/// - Returns: what people should know, one line each
/// - Errors: `.input` for different functionals, and for corrections of different schemes
/// - Source: A. Jain et al., Phys. Rev. B 84, 045115 (2011), doi:10.1103/PhysRevB.84.045115 (GGA with GGA+U);
///           R. Kingsbury et al., npj Comput. Mater. 8, 195 (2022), doi:10.1038/s41524-022-00881-w (GGA with r2SCAN).
public func checkComparable(_ levels: [EntryLevel], allowsMixing: Bool) throws -> [String] {
    var notes: [String] = []
    func refuse(_ what: String) throws {
        guard allowsMixing else {
            throw MatSieveError.input(
                "the entries mix \(what): their energies can't be compared; keep one of them, or say --allow-mixed where you know that they can"
            )
        }
        notes.append("the entries mix \(what), and are compared as they are")
    }
    let functionals = counts(levels.map(\.functional).filter { !$0.isEmpty })
    let schemes = counts(levels.flatMap(\.schemes))
    let isMixingScheme = schemes.contains { $0.name == "MaterialsProjectDFTMixingScheme" }
    if functionals.count > 1 {
        if isMixingScheme {
            notes.append("the entries mix functionals (\(text(functionals))), brought together by MaterialsProjectDFTMixingScheme")
        } else {
            try refuse("functionals (\(text(functionals)))")
        }
    }
    if schemes.count > 1, !isMixingScheme { try refuse("correction schemes (\(text(schemes)))") }
    let withU = levels.count { $0.hasHubbardU }
    if withU > 0, withU < levels.count {
        let isCorrected = levels.contains { $0.hasHubbardU && $0.isCorrected }
        notes.append(
            "\(withU) of \(levels.count) entries are calculated with U"
                + (isCorrected
                    ? "; their corrections are taken to bring both kinds together"
                    : " and none is corrected: they can't be compared with the rest"))
    }
    let unnamed = levels.count { $0.isCorrected && $0.schemes.isEmpty }
    if unnamed > 0, !schemes.isEmpty {
        notes.append("\(unnamed) entries are corrected by a scheme that they do not name, others by \(text(schemes))")
    }
    return notes
}

private func counts(_ names: [String]) -> [(name: String, count: Int)] {
    Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
}

private func text(_ counts: [(name: String, count: Int)]) -> String { counts.map { "\($0.name): \($0.count)" }.joined(separator: ", ") }
