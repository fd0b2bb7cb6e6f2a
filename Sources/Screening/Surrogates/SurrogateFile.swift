import MaterialsCore
import Models
import Storage

/// A model file: one surrogate, or several that were trained on one table.
struct SurrogateFile: Sendable {
    /// In the order in which their targets were named.
    let surrogates: [Surrogate]
    /// SHA-256 over names and values of all that the file holds.
    let hash: String

    /// Reads a model file.
    init(_ path: String) throws {
        let archive = try ModelFile(path: path).parameters
        hash = archive.contentHash
        guard archive["targets"] != nil else {
            surrogates = [try Surrogate(archive: archive, file: path)]
            return
        }
        let count = try archive.strings("targets").count
        surrogates = try (0..<count).map { try Surrogate(archive: archive.group("surrogates/\($0)"), file: path) }
        guard count > 0 else { throw MatSieveError.input("\(path): holds no model; it is damaged, train it anew") }
    }

    /// The surrogate of a target; the only one where none is named.
    func surrogate(of target: String?, path: String) throws -> Surrogate {
        let targets = surrogates.map(\.card.target)
        guard let target else {
            guard surrogates.count == 1 else {
                throw MatSieveError.usage(
                    "\(path): holds models of \(targets.map { "'\($0)'" }.joined(separator: ", ")); say which one with 'target'")
            }
            return surrogates[0]
        }
        guard let found = targets.firstIndex(of: target) else {
            throw MatSieveError.usage("\(path): holds no model of '\(target)'" + suggestion(for: target, among: targets))
        }
        return surrogates[found]
    }

    /// Writes surrogates as one file, whole or not at all.
    /// - Returns: the hash of its content
    @discardableResult
    static func save(_ surrogates: [Surrogate], to path: String) throws -> String {
        var archive = try surrogates[0].archive()
        if surrogates.count > 1 {
            archive = ParameterArchive(["targets": .strings(surrogates.map(\.card.target))])
            for (i, s) in surrogates.enumerated() { archive.merge(try s.archive(), under: "surrogates/\(i)") }
        }
        let rights = surrogates.map(\.card.data.dataClass).max()!
        try ModelFile(parameters: archive, attributes: ["data_class": rights.rawValue]).write(to: path)
        return archive.contentHash
    }
}

extension Surrogate {
    /// The surrogate as an archive, for its file.
    func archive() throws -> ParameterArchive {
        var archive = ParameterArchive()
        archive["card"] = .string(try JSONText.line(card))
        archive["descriptors/names"] = .strings(features.descriptors.map(\.name))
        archive["descriptors/settings"] = .strings(features.descriptors.map(\.settings.canonicalText))
        archive["columns/names"] = .strings(features.columns.map(\.name))
        archive["columns/category_counts"] = .integers(
            features.columns.map { Int64($0.categories?.count ?? -1) }, shape: [features.columns.count])
        archive["columns/categories"] = .strings(features.columns.flatMap { $0.categories ?? [] })
        archive["feature_names"] = .strings(features.featureNames)
        archive["known"] = .integers(known.sorted.map { Int64(bitPattern: $0) }, shape: [known.count])
        archive["elements"] = .bytes(elements.map { $0 ? 1 : 0 })
        archive.merge(calibration.parameters, under: "calibration")
        if let domain { archive.merge(domain.parameters, under: "domain") }
        if let featureOrder { archive["feature_order"] = .integers(featureOrder.map(Int64.init), shape: [featureOrder.count]) }
        if let errorModel { archive.merge(errorModel.parameters, under: "error_model") }
        archive["model_name"] = .string(card.model)
        archive.merge(model.parameters, under: "parameters")
        return archive
    }

    /// A surrogate from its archive; refuses one whose descriptors give other features today than when it was trained.
    init(archive: ParameterArchive, file: String) throws {
        do {
            let names = try archive.strings("descriptors/names")
            let settings = try archive.strings("descriptors/settings")
            guard names.count == settings.count else { throw MatSieveError.input("descriptors and their settings differ in number") }
            let descriptors = try zip(names, settings).map {
                NamedSettings($0, try YAMLSettings.decode($1, subject: "settings of '\($0)'"))
            }
            features = try FeaturePipeline(descriptors: descriptors, columns: try Self.columns(archive))
            guard try archive.strings("feature_names") == features.featureNames else {
                throw MatSieveError.input(
                    "it was trained on features that '\(names.joined(separator: ", "))' does not give in this version; train it anew")
            }
            card = try JSONText.decode(ModelCard.self, from: try archive.string("card"))
            guard card.task == .regression || card.classes.count >= 2 else {
                throw MatSieveError.input("its classes are damaged; train it anew")
            }
            known = CompositionKeySet(try archive.integers("known").map { UInt64(bitPattern: $0) })
            calibration = try Calibration(parameters: archive.group("calibration"))
            let place = archive.group("domain")
            domain = place.entries.isEmpty ? nil : try ApplicabilityDomain(parameters: place)
            featureOrder = try Self.featureOrder(archive, of: features.featureNames.count)
            let errors = archive.group("error_model")
            errorModel = errors.entries.isEmpty ? nil : try ErrorModel(parameters: errors)
            guard domain?.featureCount ?? features.featureNames.count == features.featureNames.count, calibration.task == card.task else {
                throw MatSieveError.input("its domain or calibration belongs to another model; it is damaged, train it anew")
            }
            elements = try archive.bytes("elements").map { $0 != 0 }
            guard elements.count == 119 else { throw MatSieveError.input("its list of elements is damaged") }
            model = try ModelRegistry.entry(named: try archive.string("model_name")).load(archive.group("parameters"))
            try model.requireFeatures(featureOrder?.count ?? features.featureNames.count)
        } catch let e as MatSieveError {
            throw MatSieveError.input("\(file): \(e.message)")
        } catch is DecodingError {
            throw MatSieveError.input("\(file): its model card can't be read; it is damaged or from another version, train it anew")
        }
    }

    private static func featureOrder(_ archive: ParameterArchive, of count: Int) throws -> [Int]? {
        guard archive["feature_order"] != nil else { return nil }
        let order = try archive.integers("feature_order")
        guard order.allSatisfy({ $0 >= 0 && $0 < count }) else {
            throw MatSieveError.input("its order of features is damaged; convert it anew")
        }
        return order.map { Int($0) }
    }

    private static func columns(_ archive: ParameterArchive) throws -> [FeaturePipeline.Column] {
        var categories = try archive.strings("columns/categories")[...]
        let names = try archive.strings("columns/names")
        let counts = try archive.integers("columns/category_counts", count: names.count)
        return try zip(names, counts).map { name, count in
            if count < 0 { return FeaturePipeline.Column(name: name) }
            guard count <= categories.count else { throw MatSieveError.input("its categories are damaged") }
            defer { categories = categories.dropFirst(Int(count)) }
            return FeaturePipeline.Column(name: name, categories: Array(categories.prefix(Int(count))))
        }
    }
}

extension ParameterArchive {
    /// SHA-256 over names and values, whatever the file's layout.
    var contentHash: String {
        var hash = SHA256()
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            hash.update(name)
            switch entry {
            case .doubles(let v, let shape):
                hash.update(v)
                hash.update(shape.map(Double.init))
            case .integers(let v, let shape):
                var w = ByteWriter()
                for x in v { w.write(x) }
                hash.update(w.bytes)
                hash.update(shape.map(Double.init))
            case .bytes(let v): hash.update(v)
            case .strings(let v): for s in v { hash.update(s) }
            case .string(let s): hash.update(s)
            }
        }
        return hash.finalize()
    }
}
