import MaterialsCore
import Models
import Storage

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
        archive["spread_scale"] = .doubles([spreadScale], shape: [1])
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
            known = CompositionKeySet(try archive.integers("known").map { UInt64(bitPattern: $0) })
            spreadScale = try archive.double("spread_scale")
            elements = try archive.bytes("elements").map { $0 != 0 }
            guard elements.count == 119 else { throw MatSieveError.input("its list of elements is damaged") }
            model = try ModelRegistry.entry(named: try archive.string("model_name")).load(archive.group("parameters"))
        } catch let e as MatSieveError {
            throw MatSieveError.input("\(file): \(e.message)")
        } catch is DecodingError {
            throw MatSieveError.input("\(file): its model card can't be read; it is damaged or from another version, train it anew")
        }
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

    /// Reads a model file.
    static func load(_ path: String) throws -> (surrogate: Surrogate, hash: String) {
        let archive = try ModelFile(path: path).parameters
        return (try Surrogate(archive: archive, file: path), archive.contentHash)
    }

    /// Writes a model file, whole or not at all.
    func save(_ path: String) throws -> String {
        let archive = try archive()
        try ModelFile(parameters: archive, attributes: ["data_class": card.data.dataClass.rawValue]).write(to: path)
        return archive.contentHash
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
