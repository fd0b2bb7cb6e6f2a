import Descriptors
import MaterialsCore

/// What `auto` stands for among descriptors: those that describe every candidate without settings, for a model to choose from.
extension TrainingPlan {
    /// The word.
    static let autoDescriptors = "auto"
    private static let ofCompositions = [
        "band-center", "cation-property", "cell-content", "electron-affinity", "electronegativity-difference", "element-fraction",
        "ion-property", "magpie", "meredig", "miedema", "oxidation-states", "stoichiometry", "transition-metal-fraction", "wen-alloys",
    ]
    private static let ofStructures = ["bond-angles", "bond-lengths", "coordination", "density", "sine-matrix", "structural-complexity"]
    private static let spaceGroupColumn = "space_group"

    /// The plan with `auto` replaced by names: those of compositions, of a column `space_group` where the table has one, and of
    /// structures where it has them.
    func expandingAutoDescriptors(path: String) throws -> TrainingPlan {
        guard let place = descriptors.firstIndex(where: { $0.name == Self.autoDescriptors }) else { return self }
        guard case .null = descriptors[place].settings.value else {
            throw Settings.error(descriptors[place].line, "descriptor 'auto' has no settings")
        }
        var names = Self.ofCompositions
        let columns = try CandidateInput.columnNames(path, format: format)
        let isTaken = (targets + self.columns.map(\.name)).contains(Self.spaceGroupColumn)
        if columns.contains(Self.spaceGroupColumn), !isTaken { names.append("space-group-column") }
        let source = try CandidateInput.open(path, format: format, request: keys.request([], structures: true))
        if source.schema.hasStructures { names += Self.ofStructures }
        let given = Set(descriptors.map(\.name))
        var result = self
        result.descriptors.replaceSubrange(place...place, with: names.filter { !given.contains($0) }.map { NamedSettings($0) })
        return result
    }
}
